import { format } from '@shop/money';
import polka from 'polka';

const port = Number(process.env.PORT ?? 3000);

polka()
  .get('/health', (_request, response) => response.end('ok'))
  .get('/price', (_request, response) => response.end(format(129900, 'EUR')))
  .listen(port);

process.on('SIGTERM', () => process.exit(0));
