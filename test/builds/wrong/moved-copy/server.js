const pages = require('./pages.json');
require('node:http')
  .createServer((_request, response) => response.end(JSON.stringify(pages)))
  .listen(3000);
