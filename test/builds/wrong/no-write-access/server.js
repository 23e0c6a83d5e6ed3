const fs = require('node:fs');
require('node:http')
  .createServer((_request, response) => {
    fs.mkdirSync('data', { recursive: true });
    fs.appendFileSync('data/visits', '.');
    response.end(String(fs.statSync('data/visits').size));
  })
  .listen(3000);
