import Koa from 'koa';
import rates from './rates.json';
import { convert } from './convert';

const app = new Koa();

app.use(async (ctx) => {
  if (ctx.path === '/health') ctx.body = { status: 'ok' };
  else if (ctx.path === '/convert') ctx.body = { amount: convert(rates, ctx.query) };
  else ctx.status = 404;
});

const port = process.env.PORT || 5000;
const server = app.listen(port, () => console.log(`rates on ${port}`));
process.on('SIGTERM', () => server.close());
