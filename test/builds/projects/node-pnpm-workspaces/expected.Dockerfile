# syntax=docker/dockerfile:1
FROM node:22 AS build

WORKDIR /repo

RUN npm install -g pnpm@10.34.8

COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY apps/server/package.json apps/server/
COPY apps/site/package.json apps/site/
COPY packages/words/package.json packages/words/
RUN --mount=type=cache,id=pnpm,target=/root/.local/share/pnpm/store \
    pnpm install --frozen-lockfile

COPY . .
RUN pnpm run build

# The server alone, without what is for development
RUN --mount=type=cache,id=pnpm,target=/root/.local/share/pnpm/store \
    pnpm --filter @glossary/server deploy --prod --legacy /server \
 && cp -r apps/server/dist /server/ \
 && cp -r packages/words/dist /server/node_modules/@glossary/words/

FROM node:22-slim

WORKDIR /server
ENV NODE_ENV=production

COPY --from=build /server/package.json ./
COPY --from=build /server/node_modules ./node_modules
COPY --from=build /server/dist ./dist

EXPOSE 4000

USER node
HEALTHCHECK CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 4000) + '/health').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/server.js"]
