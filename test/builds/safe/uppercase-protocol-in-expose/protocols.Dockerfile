FROM debian:bookworm-slim
EXPOSE 53/UDP 80 443/Tcp
CMD ["true"]
