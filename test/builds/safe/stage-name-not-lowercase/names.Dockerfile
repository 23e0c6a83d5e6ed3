FROM debian:bookworm-slim AS Words
RUN echo one > /words.txt

FROM debian:bookworm-slim
COPY --from=Words /words.txt /words.txt
CMD ["cat", "/words.txt"]
