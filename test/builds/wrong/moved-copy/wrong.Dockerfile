FROM node:22-slim
WORKDIR /app
COPY package.json package-lock.json index-pages.js ./
RUN npm ci
COPY . .
EXPOSE 3000
CMD ["node", "server.js"]
