FROM debian:bookworm-slim
CMD ["cat", "/etc/issue"]
# The one that counts
CMD ["true"]
ENTRYPOINT ["env"]
ENTRYPOINT ["nice"]
