FROM debian:bookworm-slim as words
RUN echo one > /words.txt

FROM debian:bookworm-slim
COPY --from=words /words.txt /words.txt
CMD ["cat", "/words.txt"]
