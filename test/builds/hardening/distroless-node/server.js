const http = require('node:http');

http.createServer((_request, response) => response.end(`uid ${process.getuid()}\n`)).listen(3000);
