# syntax=docker/dockerfile:1
FROM node:22-slim
LABEL maintainer="team@example.org"

WORKDIR /usr/src/app
ENV NODE_ENV=production

# Install app dependencies
RUN --mount=type=cache,target=/root/.npm \
    --mount=type=bind,source=package.json,target=package.json \
    --mount=type=bind,source=package-lock.json,target=package-lock.json \
    npm ci --omit=dev

# Bundle app source
COPY . /usr/src/app

ENV DATA_DIR=/usr/src/app/data
RUN install -d -o node -g node /usr/src/app/data

USER node
EXPOSE 3000
HEALTHCHECK CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 3000) + '/health').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "index.js"]
