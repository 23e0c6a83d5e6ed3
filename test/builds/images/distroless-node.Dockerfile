# gcr.io/distroless/nodejs22: the node binary of the npm registry where distroless has it, and no shell.
ARG BASE
FROM ${BASE}
COPY node/bin/node /nodejs/bin/node
USER 0
ENTRYPOINT ["/nodejs/bin/node"]
