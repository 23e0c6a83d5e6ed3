# docker.io/library/ubuntu from 23.04 on, as far as users go: uid 1000 is taken. Its packages are Debian's.
ARG BASE
FROM ${BASE}
RUN useradd --create-home --uid 1000 --shell /bin/bash ubuntu
