FROM debian:bookworm-slim
RUN echo one > /words.txt && \

    # The second word
    echo two >> /words.txt
CMD ["cat", "/words.txt"]
