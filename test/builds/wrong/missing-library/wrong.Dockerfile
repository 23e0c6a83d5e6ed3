FROM debian:trixie-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends sqlite3

FROM debian:trixie-slim
COPY --from=build /usr/bin/sqlite3 /usr/bin/sqlite3
COPY question.sql /question.sql
CMD ["sqlite3", ":memory:", ".read /question.sql"]
