# syntax=docker/dockerfile:1
FROM oven/bun:1-slim

WORKDIR /usr/src/app

COPY package.json bun.lock ./
RUN --mount=type=cache,target=/root/.bun/install/cache \
    bun install --frozen-lockfile --production

COPY . .

ENV PORT=3000 NODE_ENV=production
EXPOSE 3000

USER bun
HEALTHCHECK CMD ["bun", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/health').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["bun", "src/server.ts"]
