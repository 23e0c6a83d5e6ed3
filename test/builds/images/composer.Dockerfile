# docker.io/library/composer: Debian's Composer packed into one executable file, as the official image has it.
FROM docker.io/library/debian:trixie-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates composer git php8.4-cli php8.4-intl unzip && rm -rf /var/lib/apt/lists/* \
 && cp -rL /usr/share/php /tmp/files && cp /usr/bin/composer /tmp/files/main.php \
 && grep -rl /usr/share/ /tmp/files | xargs sed -i -e "s#'/usr/share/php/#'phar://composer.phar/#g" \
 && sed -i -e '1d' -e "s#__DIR__ *\\. *'/../share/php/#'phar://composer.phar/#" /tmp/files/main.php \
 && php -d phar.readonly=0 -r '$phar = new Phar("/tmp/composer.phar", 0, "composer.phar"); $phar->buildFromDirectory("/tmp/files"); $phar->setStub("#!/usr/bin/env php\n<?php Phar::mapPhar(\"composer.phar\"); require \"phar://composer.phar/main.php\"; __HALT_COMPILER();");' \
 && rm /usr/bin/composer && mv /tmp/composer.phar /usr/bin/composer && chmod 755 /usr/bin/composer && rm -rf /tmp/files \
 && composer --version
ENV COMPOSER_ALLOW_SUPERUSER=1 COMPOSER_HOME=/tmp
WORKDIR /app
CMD ["composer"]
