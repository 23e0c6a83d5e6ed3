import Fastify from 'fastify';
import { LinkStore } from './links.js';

/** The web service without its port, so that tests can call it directly. */
export function buildApp() {
  const app = Fastify({ logger: process.env.NODE_ENV === 'production' });
  const links = new LinkStore();

  app.get('/health', async () => ({ status: 'ok' }));

  app.get('/links', async () => links.list());

  app.post<{ Body: { target: string } }>(
    '/links',
    {
      schema: {
        body: {
          type: 'object',
          required: ['target'],
          properties: { target: { type: 'string', pattern: '^https?://' } },
        },
      },
    },
    async (request, reply) => reply.code(201).send(links.add(request.body.target)),
  );

  app.get<{ Params: { code: string } }>('/:code', async (request, reply) => {
    const link = links.visit(request.params.code);
    return link ? reply.redirect(link.target) : reply.code(404).send({ error: 'No such link' });
  });

  return app;
}
