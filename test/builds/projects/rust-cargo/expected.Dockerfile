# syntax=docker/dockerfile:1
FROM rust:1 AS build

WORKDIR /usr/src/dice
COPY . .

# The binary is copied out because target/ is kept in a cache
RUN --mount=type=cache,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,target=/usr/src/dice/target,sharing=locked \
    cargo build --release --locked \
 && cp target/release/dice /usr/local/bin/dice

FROM gcr.io/distroless/cc-debian13:nonroot

COPY --from=build /usr/local/bin/dice /usr/local/bin/dice

# tiny_http listens here
ENV PORT=7000
EXPOSE 7000
CMD ["dice"]
