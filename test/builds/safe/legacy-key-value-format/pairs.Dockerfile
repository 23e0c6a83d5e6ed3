FROM debian:bookworm-slim
ENV GREETING good  morning
ENV GREETED "the whole \
    world"
LABEL version 1.2
CMD ["sh", "-c", "echo $GREETING $GREETED"]
