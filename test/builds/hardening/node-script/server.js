const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');

const uploads = path.join(__dirname, 'uploads');
const database = './shop.db';

// Process 1 ends by nothing that it does not handle.
process.on('SIGTERM', () => process.exit(0));

http
  .createServer((request, response) => {
    if (request.url === '/healthz') {
      response.end('ok');
      return;
    }
    try {
      fs.mkdirSync(uploads, { recursive: true });
      fs.writeFileSync(path.join(uploads, 'picture.txt'), 'x');
      fs.appendFileSync(database, 'row\n');
      fs.writeFileSync(`${process.env.CACHE_DIR}/page`, 'x');
      response.end(`uid ${process.getuid()}\n`);
    } catch (error) {
      response.writeHead(500);
      response.end(String(error));
    }
  })
  .listen(3000);
