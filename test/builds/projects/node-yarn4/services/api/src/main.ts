import { toMillilitres } from '@kitchen/units';
import Koa from 'koa';

const app = new Koa();

app.use((context) => {
  if (context.path === '/health') {
    context.body = 'ok';
    return;
  }
  const { amount = '1', measure = '' } = context.query;
  const found = toMillilitres(String(amount), String(measure));
  if (context.path === '/convert' && found !== undefined) {
    context.body = `${found} ml`;
  }
});

const server = app.listen(Number(process.env.PORT ?? 3100));
process.on('SIGTERM', () => server.close());
