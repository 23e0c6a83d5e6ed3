# docker.io/library/node: the node binary and npm of the npm registry, in the places and with the user of the official image.
ARG BASE
FROM ${BASE}
COPY node/bin/node /usr/local/bin/node
COPY node/lib/node_modules /usr/local/lib/node_modules
COPY node/yarn /opt/yarn
COPY node/docker-entrypoint.sh /usr/local/bin/
RUN groupadd --gid 1000 node && useradd --uid 1000 --gid node --shell /bin/bash --create-home node \
 && ln -s node /usr/local/bin/nodejs \
 && ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \
 && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx \
 && ln -s ../lib/node_modules/corepack/dist/corepack.js /usr/local/bin/corepack \
 && ln -s /opt/yarn/bin/yarn.js /usr/local/bin/yarn && ln -s /opt/yarn/bin/yarn.js /usr/local/bin/yarnpkg \
 && chmod 755 /usr/local/bin/docker-entrypoint.sh /opt/yarn/bin/yarn.js
ARG NPM_REGISTRY
ENV NODE_EXTRA_CA_CERTS=/usr/local/share/extra-ca.pem COREPACK_NPM_REGISTRY=$NPM_REGISTRY
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["node"]
