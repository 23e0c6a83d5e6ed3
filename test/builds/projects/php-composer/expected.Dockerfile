# syntax=docker/dockerfile:1
FROM composer:2 AS vendor

WORKDIR /app
COPY . .
RUN --mount=type=cache,target=/tmp/cache \
    composer install --no-dev --optimize-autoloader --no-interaction

FROM php:8.4-apache

# The site lives in public/
ENV APACHE_DOCUMENT_ROOT=/var/www/html/public
RUN sed -ri "s!/var/www/html!$APACHE_DOCUMENT_ROOT!g" /etc/apache2/sites-available/*.conf \
 && sed -ri "s!AllowOverride None!AllowOverride All!g" /etc/apache2/apache2.conf \
 && a2enmod rewrite

COPY . /var/www/html
COPY --from=vendor /app/vendor /var/www/html/vendor

USER www-data
EXPOSE 80
HEALTHCHECK CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1/health"]
