# syntax=docker/dockerfile:1
FROM mcr.microsoft.com/dotnet/sdk:3.1 AS build

WORKDIR /src

COPY Tides/Tides.csproj Tides/
RUN --mount=type=cache,target=/root/.nuget/packages \
    dotnet restore Tides/Tides.csproj

COPY . .

# Everything in one folder
RUN --mount=type=cache,target=/root/.nuget/packages \
    dotnet publish Tides/Tides.csproj -c Release -o /app

FROM mcr.microsoft.com/dotnet/aspnet:3.1

RUN useradd --system --uid 10001 app

WORKDIR /app
COPY --from=build /app ./

ENV ASPNETCORE_URLS=http://+:5000
EXPOSE 5000

USER app
HEALTHCHECK CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/5000 && printf 'GET /health HTTP/1.0\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ \"$status\" = 200 ]"]
ENTRYPOINT ["dotnet", "Tides.dll"]
