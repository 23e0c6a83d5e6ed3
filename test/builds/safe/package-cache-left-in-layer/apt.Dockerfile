FROM debian:bookworm-slim
RUN apt-get update && \
    # The tool that draws trees
    apt-get install -y --no-install-recommends tree
CMD ["tree", "--version"]
