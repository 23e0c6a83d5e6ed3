import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

import greeter  # noqa: F401 - installed by pip


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"ok" if self.path == "/health" else f"uid {os.getuid()}\n".encode())


signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
HTTPServer(("", 8000), Handler).serve_forever()
