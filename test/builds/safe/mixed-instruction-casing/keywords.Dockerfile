FROM debian:bookworm-slim
WORKDIR /srv
RUN echo one > words.txt
user nobody
cmd ["cat", "words.txt"]
