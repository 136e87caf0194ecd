"""Serves the floor page: the same 24 questions written by hand, offline and all, and nothing else.

Every file is compressed once, as well as Brotli can. As a program: python -m tests.bench.floor_page PORT
"""

from __future__ import annotations

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import brotli

FLOOR = Path(__file__).parent / "floor"
KINDS = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}
FILES = {
    f"/floor/{'' if path.name == 'index.html' else path.name}": (
        brotli.compress(path.read_bytes(), quality=11),
        KINDS[path.suffix],
        "no-cache" if path.name in ("index.html", "sw.js") else "max-age=31536000, immutable",
    )
    for path in FLOOR.iterdir()
}


class Floor(BaseHTTPRequestHandler):
    """GET one of the files; the page's copy of its draft is thrown away."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body, kind, keeping = FILES.get(self.path.split("?")[0], (b"", "", ""))
        self.send_response(200 if body else 404)
        if body:
            self.send_header("Content-Encoding", "br")
            self.send_header("Content-Type", kind)
            self.send_header("Cache-Control", keeping)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is said."""


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Floor).serve_forever()
