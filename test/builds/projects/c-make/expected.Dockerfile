FROM debian:trixie AS build

# Compiler and libraries
RUN apt-get update && apt-get install -y --no-install-recommends \
    build-essential \
    libmicrohttpd-dev \
    # the database
    libsqlite3-dev \
 && rm -rf /var/lib/apt/lists/*

WORKDIR /usr/src/counter
COPY . .
RUN make && make install

FROM debian:trixie-slim

# The libraries that the program is linked to
RUN apt-get update && apt-get install -y --no-install-recommends \
    libmicrohttpd12t64 \
    # the database
    libsqlite3-0 \
 && rm -rf /var/lib/apt/lists/*

RUN useradd --system --uid 10001 app

WORKDIR /usr/src/counter
COPY --from=build /usr/local/bin/counter /usr/local/bin/counter

USER app
EXPOSE 9090
CMD ["counter"]
