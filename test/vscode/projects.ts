/** A service as many people write it: sources copied before the install, one stage, root, no health check. */
export const ordinaryProject = {
  Dockerfile: `FROM node:22
WORKDIR /app
COPY . .
RUN npm ci
RUN npm run build
EXPOSE 3000
CMD ["node", "dist/server.js"]
`,
  'package.json': JSON.stringify({
    name: 'service',
    version: '1.0.0',
    private: true,
    scripts: { build: 'tsc' },
    dependencies: { fastify: '5.0.0' },
    devDependencies: { typescript: '5.6.0' },
  }),
  'package-lock.json': JSON.stringify({
    name: 'service',
    version: '1.0.0',
    lockfileVersion: 3,
    packages: {
      '': {
        name: 'service',
        version: '1.0.0',
        dependencies: { fastify: '5.0.0' },
        devDependencies: { typescript: '5.6.0' },
      },
      'node_modules/fastify': { version: '5.0.0' },
      'node_modules/typescript': { version: '5.6.0', dev: true },
    },
  }),
  'tsconfig.json': JSON.stringify({ compilerOptions: { outDir: 'dist', rootDir: 'src' }, include: ['src'] }),
  'src/server.ts': "import fastify from 'fastify';\nfastify().listen({ port: 3000, host: '0.0.0.0' });\n",
  '.dockerignore': 'node_modules\ndist\n',
} as const;

/** Its one finding has a fix that is safe. */
export const aptDockerfile = `FROM debian:12
RUN apt-get update && apt-get install -y --no-install-recommends curl
CMD ["curl", "--version"]
`;
