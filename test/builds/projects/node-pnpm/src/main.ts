import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { changesFeed } from './feed';

const app = new Hono();

app.get('/health', (c) => c.json({ status: 'ok' }));
app.get('/feed', (c) => c.body(changesFeed([{ title: 'First release', date: new Date(0) }]), 200, { 'content-type': 'application/atom+xml' }));

const port = Number(process.env.PORT ?? 8080);
const server = serve({ fetch: app.fetch, port });
process.on('SIGTERM', () => server.close());
