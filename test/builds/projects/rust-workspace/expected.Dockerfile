# syntax=docker/dockerfile:1
FROM rust:1 AS build
WORKDIR /build
# The whole workspace
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,target=/build/target,sharing=locked \
    cargo build --release --locked -p greeter \
 && cp target/release/greeter /usr/local/bin/greeter

FROM gcr.io/distroless/cc-debian13:nonroot
WORKDIR /build
COPY --from=build /usr/local/bin/greeter /usr/local/bin/greeter
COPY --from=build /build/templates ./templates
EXPOSE 7070
ENTRYPOINT ["greeter"]
