# docker.io/oven/bun: the bun binary of the npm registry, in the place and with the user of the official image.
ARG BASE
FROM ${BASE}
RUN groupadd --gid 1000 bun && useradd --uid 1000 --gid bun --shell /bin/sh --create-home bun
COPY --chmod=755 bun/bun /usr/local/bin/bun
RUN ln -s bun /usr/local/bin/bunx && mkdir /usr/local/bun-node-fallback-bin && ln -s ../bin/bun /usr/local/bun-node-fallback-bin/node
ENV BUN_RUNTIME_TRANSPILER_CACHE_PATH=0 BUN_INSTALL_BIN=/usr/local/bin \
    NODE_EXTRA_CA_CERTS=/usr/local/share/extra-ca.pem \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bun-node-fallback-bin
WORKDIR /home/bun/app
CMD ["/usr/local/bin/bun"]
