# docker.io/library/rust: Debian's Rust with the cargo home of the official image.
ARG BASE
FROM ${BASE}
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates gcc libc6-dev cargo rustc \
 && rm -rf /var/lib/apt/lists/* && mkdir -p /usr/local/cargo/bin && chmod -R a+w /usr/local/cargo
ENV CARGO_HOME=/usr/local/cargo PATH=/usr/local/cargo/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
