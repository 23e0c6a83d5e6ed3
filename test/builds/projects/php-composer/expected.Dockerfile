# syntax=docker/dockerfile:1
FROM composer:2 AS vendor

WORKDIR /var/www/html

COPY composer.json composer.lock ./
COPY packages ./packages
RUN --mount=type=cache,target=/tmp/cache \
    composer install --no-dev --no-interaction --no-autoloader

COPY . .
RUN composer dump-autoload --no-dev --optimize

FROM php:8.4-apache

# The site lives in public/
ENV APACHE_DOCUMENT_ROOT=/var/www/html/public
RUN sed -ri "s!/var/www/html!$APACHE_DOCUMENT_ROOT!g" /etc/apache2/sites-available/*.conf \
 && sed -ri "s!AllowOverride None!AllowOverride All!g" /etc/apache2/apache2.conf \
 && a2enmod rewrite

COPY --from=vendor /var/www/html /var/www/html

USER www-data
EXPOSE 80
HEALTHCHECK CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1/health"]
