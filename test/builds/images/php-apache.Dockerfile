# docker.io/library/php, Apache variant: Debian's PHP with the document root, logs and start script of the official image.
FROM docker.io/library/debian:trixie-slim
RUN apt-get update && apt-get install -y --no-install-recommends \
      autoconf ca-certificates curl dpkg-dev file g++ gcc libc-dev make pkg-config re2c xz-utils \
      apache2 libapache2-mod-php8.4 php8.4-cli php8.4-intl php8.4-mbstring php8.4-xml php8.4-curl \
 && rm -rf /var/lib/apt/lists/* \
 && ln -s /usr/bin/php /usr/local/bin/php \
 && a2dismod -q mpm_event && a2enmod -q mpm_prefork php8.4 \
 && rm -rf /var/www/html/* && chown -R www-data:www-data /var/www /var/lock /var/run/apache2 /var/log/apache2 && chmod 1777 /var/www/html /run/lock /var/run/apache2 /var/log/apache2 \
 && ln -sf /dev/stderr /var/log/apache2/error.log && ln -sf /dev/stdout /var/log/apache2/access.log && ln -sf /dev/stdout /var/log/apache2/other_vhosts_access.log \
 && printf 'ServerName localhost\n' > /etc/apache2/conf-enabled/name.conf \
 && printf '#!/bin/bash\nset -e\nsource /etc/apache2/envvars\nmkdir -p "$APACHE_RUN_DIR" "$APACHE_LOCK_DIR" "$APACHE_LOG_DIR"\nrm -f "$APACHE_PID_FILE"\nexec apache2 -DFOREGROUND "$@"\n' > /usr/local/bin/apache2-foreground \
 && printf '#!/bin/sh\nset -e\nif [ "${1#-}" != "$1" ]; then set -- apache2-foreground "$@"; fi\nexec "$@"\n' > /usr/local/bin/docker-php-entrypoint \
 && chmod 755 /usr/local/bin/apache2-foreground /usr/local/bin/docker-php-entrypoint \
 && mkdir -p /usr/local/etc/php/conf.d && cp /usr/lib/php/8.4/php.ini-development /usr/lib/php/8.4/php.ini-production /usr/local/etc/php/
ENV PHP_INI_DIR=/usr/local/etc/php
STOPSIGNAL SIGWINCH
WORKDIR /var/www/html
EXPOSE 80
ENTRYPOINT ["docker-php-entrypoint"]
CMD ["apache2-foreground"]
