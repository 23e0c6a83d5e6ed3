# docker.io/library/python: Debian's source of CPython, built into /usr/local as the official image does it.
ARG BASE
FROM docker.io/library/buildpack-deps:trixie AS build
RUN apt-get update && apt-get install -y --no-install-recommends uuid-dev libnss3-dev tk-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /usr/src
RUN sed -i 's/^Types: deb$/Types: deb deb-src/' /etc/apt/sources.list.d/debian.sources && apt-get update \
 && apt-get source --download-only python3.13 && mkdir python && tar -xf python3.13_*.orig.tar.xz -C python --strip-components=1
RUN cd python && ./configure --quiet --enable-shared --with-ensurepip --without-static-libpython LDFLAGS=-Wl,-rpath,/usr/local/lib \
 && make -s -j2 && make -s install DESTDIR=/out \
 && rm -rf /out/usr/local/lib/python3.13/test /out/usr/local/share/man \
 && find /out -depth -type d -name __pycache__ -exec rm -rf {} + \
 && find /out -type f -name '*.so*' -exec strip --strip-unneeded {} + && strip /out/usr/local/bin/python3.13 \
 && for name in idle3 pip3 pydoc3 python3 python3-config; do ln -s $name /out/usr/local/bin/$(echo $name | tr -d 3); done

FROM ${BASE}
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates netbase tzdata \
      libbz2-1.0 libffi8 libgdbm6t64 liblzma5 libncursesw6 libreadline8t64 libsqlite3-0 libssl3t64 libuuid1 zlib1g \
 && rm -rf /var/lib/apt/lists/*
COPY --from=build /out/usr/local /usr/local
RUN ldconfig && ln -sf pip3 /usr/local/bin/pip && printf '[global]\ncert = /etc/ssl/certs/ca-certificates.crt\n' > /etc/pip.conf
# Python programs that bring their own list of authorities are told to use the system's.
ENV LANG=C.UTF-8 SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt REQUESTS_CA_BUNDLE=/etc/ssl/certs/ca-certificates.crt
CMD ["python3"]
