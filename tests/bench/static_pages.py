"""Serves pages that are nothing but files, each compressed once, as well as Brotli can: the floor page and the peers'.

A folder stands under its own name. As a program: python -m tests.bench.static_pages PORT FOLDER...
"""

from __future__ import annotations

import mimetypes
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import brotli

FLOOR = Path(__file__).parent / "floor"
PRESSED = ".br"
KINDS = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}
CHANGING = ("index.html", "sw.js")


def press(folder: Path) -> None:
    """Compress each file of a folder beside it, so that serving it need not; some of the peers' take seconds."""
    for path in [path for path in folder.rglob("*") if path.is_file() and path.suffix != PRESSED]:
        path.with_name(path.name + PRESSED).write_bytes(brotli.compress(path.read_bytes(), quality=11))


def files_of(folder: Path) -> dict[str, tuple[bytes, str, str]]:
    """By path: the compressed bytes, their kind, and how long they may be kept."""
    found = {}
    for path in [path for path in folder.rglob("*") if path.is_file() and path.suffix != PRESSED]:
        pressed = path.with_name(path.name + PRESSED)
        body = pressed.read_bytes() if pressed.exists() else brotli.compress(path.read_bytes(), quality=11)
        kind = KINDS.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        name = "" if path.name == "index.html" else path.relative_to(folder).as_posix()
        keeping = "no-cache" if path.name in CHANGING else "max-age=31536000, immutable"
        found[f"/{folder.name}/{name}"] = (body, kind, keeping)
    return found


class Pages(BaseHTTPRequestHandler):
    """GET one of the files; the floor page's copy of its draft is thrown away."""

    protocol_version = "HTTP/1.1"
    files: dict[str, tuple[bytes, str, str]] = {}  # noqa: RUF012 - filled once, before anything is served

    def do_GET(self) -> None:
        body, kind, keeping = self.files.get(self.path.split("?")[0], (b"", "", ""))
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
    for folder in sys.argv[2:]:
        Pages.files.update(files_of(Path(folder)))
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Pages).serve_forever()
