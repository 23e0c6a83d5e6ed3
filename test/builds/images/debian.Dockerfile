# docker.io/library/debian: what debootstrap made, trimmed and configured as the official image is.
FROM scratch
ARG SUITE
ARG SLIM
ADD root-${SUITE}.tar /
# The machine's own certificate authorities, found by every later install of ca-certificates.
COPY certificates/ /usr/local/share/ca-certificates/
COPY extra-ca.pem /usr/local/share/extra-ca.pem
RUN set -eu; \
    printf 'Types: deb\nURIs: http://deb.debian.org/debian\nSuites: %s %s-updates\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n\nTypes: deb\nURIs: http://deb.debian.org/debian-security\nSuites: %s-security\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n' "$SUITE" "$SUITE" "$SUITE" > /etc/apt/sources.list.d/debian.sources; \
    rm -f /etc/apt/sources.list; \
    printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d; chmod 755 /usr/sbin/policy-rc.d; \
    echo 'DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true"; }; APT::Update::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true"; }; Dir::Cache::pkgcache ""; Dir::Cache::srcpkgcache "";' > /etc/apt/apt.conf.d/docker-clean; \
    echo 'Acquire::Languages "none";' > /etc/apt/apt.conf.d/docker-no-languages; \
    echo 'Acquire::GzipIndexes "true";' > /etc/apt/apt.conf.d/docker-gzip-indexes; \
    echo 'Apt::AutoRemove::SuggestsImportant "false";' > /etc/apt/apt.conf.d/docker-autoremove-suggests; \
    rm -rf /var/cache/apt/* /var/lib/apt/lists/* /var/log/* /var/cache/debconf/*-old /var/lib/dpkg/*-old; \
    mkdir -p /var/cache/apt/archives/partial /var/lib/apt/lists/partial; \
    if [ -n "$SLIM" ]; then \
      printf 'path-exclude /usr/share/doc/*\npath-include /usr/share/doc/*/copyright\npath-exclude /usr/share/groff/*\npath-exclude /usr/share/info/*\npath-exclude /usr/share/linda/*\npath-exclude /usr/share/lintian/*\npath-exclude /usr/share/locale/*\npath-exclude /usr/share/man/*\n' > /etc/dpkg/dpkg.cfg.d/docker; \
      find /usr/share/doc -depth -type f ! -name copyright -delete; \
      find /usr/share/doc -type d -empty -delete; \
      rm -rf /usr/share/groff/* /usr/share/info/* /usr/share/lintian/* /usr/share/locale/* /usr/share/man/*; \
    fi
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
CMD ["bash"]
