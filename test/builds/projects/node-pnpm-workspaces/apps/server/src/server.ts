import { serve } from '@hono/node-server';
import { meaning } from '@glossary/words';
import { Hono } from 'hono';

const app = new Hono();
app.get('/health', (context) => context.text('ok'));
app.get('/word/:word', (context) => {
  const found = meaning(context.req.param('word'));
  return found === undefined ? context.notFound() : context.text(found);
});

const server = serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 4000) });
process.on('SIGTERM', () => server.close());
