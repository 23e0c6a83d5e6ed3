# syntax=docker/dockerfile:1
FROM node:22 AS build
RUN corepack enable
WORKDIR /usr/src/kitchen

COPY package.json yarn.lock .yarnrc.yml ./
COPY libs/units/package.json libs/units/
COPY services/api/package.json services/api/
RUN --mount=type=cache,target=/root/.yarn/berry/cache,sharing=locked \
    yarn install --immutable

COPY . .
RUN yarn build

# Leave only what the service needs in production
RUN --mount=type=cache,target=/root/.yarn/berry/cache,sharing=locked \
    yarn workspaces focus @kitchen/api --production

FROM node:22-slim
WORKDIR /usr/src/kitchen
ENV NODE_ENV=production

COPY --from=build /usr/src/kitchen/package.json ./
COPY --from=build /usr/src/kitchen/node_modules ./node_modules
COPY --from=build /usr/src/kitchen/libs/units/package.json libs/units/
COPY --from=build /usr/src/kitchen/libs/units/lib libs/units/lib
COPY --from=build /usr/src/kitchen/services/api/package.json services/api/
COPY --from=build /usr/src/kitchen/services/api/dist services/api/dist

WORKDIR /usr/src/kitchen/services/api
ENV PORT=3100
EXPOSE 3100
USER node
HEALTHCHECK CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/health').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js"]
