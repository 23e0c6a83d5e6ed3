const http = require('node:http');

process.on('SIGTERM', () => process.exit(0));
http.createServer((_request, response) => response.end(`uid ${process.getuid()}\n`)).listen(3000);
