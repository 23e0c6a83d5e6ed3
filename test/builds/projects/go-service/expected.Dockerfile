# syntax=docker/dockerfile:1
FROM golang:1.24 AS build

WORKDIR /src

COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod \
    go mod download

COPY . .

# Version shown in the logs
ARG VERSION=dev
RUN --mount=type=cache,target=/go/pkg/mod \
    --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /usr/local/bin/pages .

FROM gcr.io/distroless/static-debian13:nonroot

COPY --from=build /usr/local/bin/pages /usr/local/bin/pages

EXPOSE 8080
CMD ["pages"]
