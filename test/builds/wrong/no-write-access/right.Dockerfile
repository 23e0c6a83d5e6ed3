FROM node:22-slim
WORKDIR /app
COPY . .
RUN install -d -o node -g node data
USER node
EXPOSE 3000
CMD ["node", "server.js"]
