# gcr.io/distroless/static and its larger sisters: no shell, no package manager, users root, nobody and nonroot.
ARG PACKAGES
FROM docker.io/library/debian:trixie-slim AS files
ARG PACKAGES
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && mkdir -p /out /debs && cd /debs \
 && apt-get download base-files netbase tzdata ${PACKAGES} && for deb in *.deb; do dpkg -x $deb /out; done \
 && mkdir -p /out/etc/ssl/certs /out/tmp /out/root /out/home/nonroot /out/etc \
 && cp /etc/ssl/certs/ca-certificates.crt /out/etc/ssl/certs/ \
 && rm -rf /out/usr/share/doc /out/usr/share/man /out/usr/share/locale /out/usr/share/lintian \
 && printf 'root:x:0:0:root:/root:/sbin/nologin\nnobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n' > /out/etc/passwd \
 && printf 'root:x:0:\nnobody:x:65534:\ntty:x:5:\nstaff:x:50:\nnonroot:x:65532:\n' > /out/etc/group \
 && chmod 1777 /out/tmp && chmod 700 /out/root /out/home/nonroot && chown 65532:65532 /out/home/nonroot

FROM scratch
ARG RUN_AS
COPY --from=files /out /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
USER ${RUN_AS}
