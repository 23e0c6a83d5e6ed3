# syntax=docker/dockerfile:1
FROM node:22 AS build
WORKDIR /shop

COPY package.json package-lock.json ./
COPY packages/api/package.json packages/api/
COPY packages/money/package.json packages/money/
RUN --mount=type=cache,target=/root/.npm \
    npm ci

COPY . .
RUN npm run build

# Leave only what runs in production
RUN --mount=type=cache,target=/root/.npm \
    npm prune --omit=dev --ignore-scripts

FROM node:22-slim
WORKDIR /shop
ENV NODE_ENV=production

COPY --from=build /shop/package.json ./
COPY --from=build /shop/node_modules ./node_modules
COPY --from=build /shop/packages/api/package.json packages/api/
COPY --from=build /shop/packages/api/dist packages/api/dist
COPY --from=build /shop/packages/money/package.json packages/money/
COPY --from=build /shop/packages/money/dist packages/money/dist

# The service runs where its own package.json stands
WORKDIR /shop/packages/api
USER node
EXPOSE 3000
HEALTHCHECK CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 3000) + '/health').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/server.js"]
