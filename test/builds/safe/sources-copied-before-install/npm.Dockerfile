FROM node:22-slim
WORKDIR /app
# the program
COPY --chown=node:node . .
RUN npm ci
USER node
CMD ["node", "main.js"]
