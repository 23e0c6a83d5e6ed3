# syntax=docker/dockerfile:1
FROM node:22 AS build

WORKDIR /site

COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm \
    npm ci

# API that the page talks to, compiled into the bundle
ARG VITE_API_URL=https://api.example.org
ENV VITE_API_URL=$VITE_API_URL

COPY . .
RUN npm run build

FROM nginxinc/nginx-unprivileged:stable

COPY nginx.conf /etc/nginx/conf.d/default.conf
COPY --from=build /site/dist /usr/share/nginx/html

EXPOSE 4173
HEALTHCHECK CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:4173/"]
