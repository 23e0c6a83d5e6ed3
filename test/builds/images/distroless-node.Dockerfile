# gcr.io/distroless/nodejs22: the node binary of the npm registry where distroless has it, and no shell.
ARG BASE
FROM ${BASE}
COPY node/bin/node /nodejs/bin/node
ARG RUN_AS=0
USER ${RUN_AS}
ENTRYPOINT ["/nodejs/bin/node"]
