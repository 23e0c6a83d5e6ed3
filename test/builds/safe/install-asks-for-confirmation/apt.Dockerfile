FROM debian:bookworm-slim
# Asks nothing by itself, as nothing else has to be installed
RUN apt-get update && apt-get install --no-install-recommends tree && rm -rf /var/lib/apt/lists/*
CMD ["tree", "--version"]
