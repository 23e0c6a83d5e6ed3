# syntax=docker/dockerfile:1
FROM node:22 AS build

WORKDIR /app

# The app and its dependencies
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm \
    npm ci
COPY . .

# Compile TypeScript to dist/
RUN npm run build

# Leave only what runs in production
RUN --mount=type=cache,target=/root/.npm \
    npm prune --omit=dev --ignore-scripts

FROM node:22-slim

LABEL org.opencontainers.image.title="node-service"

WORKDIR /app

COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist

ENV NODE_ENV=production

# The port can be changed with PORT
EXPOSE 3000

USER node
HEALTHCHECK CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 3000) + '/health').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/server.js"]
