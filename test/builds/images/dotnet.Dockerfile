# mcr.microsoft.com/dotnet: the SDK of the npm registry in the place of the official image, or the parts of it that run programs.
ARG BASE
FROM ${BASE}
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates libc6 libgcc1 libgssapi-krb5-2 libssl1.1 libstdc++6 zlib1g \
 && rm -rf /var/lib/apt/lists/*
ARG FOLDERS
RUN --mount=type=bind,source=dotnet,target=/dotnet \
    mkdir /usr/share/dotnet && cd /dotnet && cp -r $FOLDERS /usr/share/dotnet/ && chmod 755 /usr/share/dotnet/dotnet && ln -s /usr/share/dotnet/dotnet /usr/bin/dotnet
# Without ICU, as the Alpine variants of the official image run.
ENV ASPNETCORE_URLS=http://+:80 DOTNET_RUNNING_IN_CONTAINER=true DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=true \
    DOTNET_CLI_TELEMETRY_OPTOUT=true DOTNET_NOLOGO=true NUGET_XMLDOC_MODE=skip
