# ghcr.io/astral-sh/uv: the programs uv and uvx, from PyPI, at the root of an image that has nothing else.
FROM docker.io/library/python:3.13-slim AS files
RUN pip install --no-cache-dir --target /files uv

FROM scratch
COPY --from=files /files/bin/uv /files/bin/uvx /
ENTRYPOINT ["/uv"]
