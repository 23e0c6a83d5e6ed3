FROM debian:bookworm-slim
EXPOSE 8080:80 443
CMD ["true"]
