# syntax=docker/dockerfile:1
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build

WORKDIR /app

COPY Weather/Weather.csproj Weather/
RUN --mount=type=cache,target=/root/.nuget/packages \
    dotnet restore Weather

COPY . .

RUN --mount=type=cache,target=/root/.nuget/packages \
    dotnet publish Weather -c Release -o out --no-restore

FROM mcr.microsoft.com/dotnet/aspnet:10.0

WORKDIR /app

COPY --from=build /app/out ./out

ENV ASPNETCORE_HTTP_PORTS=8080
EXPOSE 8080

# The image's own user, app
USER $APP_UID
ENTRYPOINT ["dotnet", "out/Weather.dll"]
