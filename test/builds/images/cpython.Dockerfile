# CPython from Debian's source, built for /usr/local: the images named python take it from here, so that it is compiled once.
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

FROM scratch
COPY --from=build /out/usr/local /usr/local
