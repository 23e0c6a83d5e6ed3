FROM debian:bookworm-slim
# The pages belong to the web server.
ADD --chown=33:33 pages /srv/pages
ADD pages/one.txt pages/two.txt /srv/
CMD ["cat", "/srv/one.txt"]
