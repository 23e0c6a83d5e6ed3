# syntax=docker/dockerfile:1
FROM node:22 AS build
WORKDIR /home/node/app

COPY package.json yarn.lock ./
RUN --mount=type=cache,target=/usr/local/share/.cache/yarn,sharing=locked \
    yarn install --frozen-lockfile

COPY . .
RUN yarn build

# Leave only what runs in production
RUN --mount=type=cache,target=/usr/local/share/.cache/yarn,sharing=locked \
    yarn install --frozen-lockfile --production --ignore-scripts --prefer-offline

FROM node:22-slim
WORKDIR /home/node/app

COPY --from=build /home/node/app/package.json ./
COPY --from=build /home/node/app/node_modules ./node_modules
COPY --from=build /home/node/app/lib ./lib

ENV NODE_ENV=production
USER node
EXPOSE 5000
HEALTHCHECK CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 5000) + '/health').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "./lib/index.js"]
