# docker.io/library/nginx and nginxinc/nginx-unprivileged: Debian's nginx with the user, paths and log links of those
# images, and with the probe tools of both the Debian (curl) and the Alpine variant (busybox wget).
FROM docker.io/library/debian:trixie-slim
ARG PORT
ARG RUN_AS
RUN groupadd --system --gid 101 nginx && useradd --system --gid nginx --no-create-home --home-dir /nonexistent --shell /bin/false --uid 101 nginx \
 && apt-get update && apt-get install -y --no-install-recommends nginx ca-certificates curl busybox-static && ln -s /bin/busybox /usr/bin/wget && rm -rf /var/lib/apt/lists/* \
 && rm -rf /etc/nginx/sites-enabled /etc/nginx/modules-enabled /etc/nginx/conf.d && mkdir -p /etc/nginx/conf.d /usr/share/nginx/html \
 && if [ "$RUN_AS" = root ]; then echo 'user nginx;'; fi > /etc/nginx/nginx.conf \
 && printf 'worker_processes auto;\npid /tmp/nginx.pid;\nevents { worker_connections 1024; }\nhttp {\n  client_body_temp_path /tmp/client_temp;\n  proxy_temp_path /tmp/proxy_temp;\n  fastcgi_temp_path /tmp/fastcgi_temp;\n  uwsgi_temp_path /tmp/uwsgi_temp;\n  scgi_temp_path /tmp/scgi_temp;\n  include mime.types;\n  include /etc/nginx/conf.d/*.conf;\n}\n' >> /etc/nginx/nginx.conf \
 && printf 'server {\n  listen %s;\n  location / {\n    root /usr/share/nginx/html;\n    index index.html;\n  }\n}\n' "$PORT" > /etc/nginx/conf.d/default.conf \
 && mkdir -p /var/log/nginx && ln -sf /dev/stdout /var/log/nginx/access.log && ln -sf /dev/stderr /var/log/nginx/error.log && chown -R nginx:nginx /etc/nginx /var/cache \
 && mv /var/www/html/index.nginx-debian.html /usr/share/nginx/html/index.html
EXPOSE ${PORT}
STOPSIGNAL SIGQUIT
USER ${RUN_AS}
CMD ["nginx", "-g", "daemon off;"]
