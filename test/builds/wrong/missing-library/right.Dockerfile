FROM debian:trixie-slim
RUN apt-get update && apt-get install -y --no-install-recommends sqlite3 \
 && rm -rf /var/lib/apt/lists/*
COPY question.sql /question.sql
USER nobody
CMD ["sqlite3", ":memory:", ".read /question.sql"]
