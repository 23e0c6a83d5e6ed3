# docker.io/library/golang: Debian's Go in the places of the official image.
FROM docker.io/library/buildpack-deps:trixie
RUN apt-get update && apt-get install -y --no-install-recommends golang-1.24-go && rm -rf /var/lib/apt/lists/* \
 && cp -aL /usr/lib/go-1.24 /usr/local/go && mkdir -p /go/src /go/bin && chmod -R 1777 /go \
 && apt-get purge -y --auto-remove golang-1.24-go >/dev/null
ENV GOTOOLCHAIN=local GOPATH=/go PATH=/go/bin:/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
WORKDIR /go
