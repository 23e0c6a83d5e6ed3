FROM gcc:14 AS build

RUN apt-get update && apt-get install -y --no-install-recommends cmake libfmt-dev \
 && rm -rf /var/lib/apt/lists/*

WORKDIR /src
COPY . /src

# Out-of-tree build
RUN cmake -S . -B build -DCMAKE_BUILD_TYPE=Release
RUN cmake --build build
RUN cmake --install build

FROM debian:trixie-slim

# The libraries that the program is linked to
RUN apt-get update && apt-get install -y --no-install-recommends libfmt10 libstdc++6 \
 && rm -rf /var/lib/apt/lists/*

RUN useradd --system --uid 10001 app

WORKDIR /src
COPY --from=build /usr/local/bin/table /usr/local/bin/table

USER app
ENTRYPOINT ["table"]
CMD ["5"]
