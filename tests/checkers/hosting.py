"""A static host on loopback, which serves a site under a path as GitHub Pages does.

It packs a file once, and sends its head and its data together: the system would hold back the data,
often for 40 ms, until the browser has acknowledged the head.
"""

from __future__ import annotations

import gzip
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sitegen.preview.static_files import is_text, locate, media_type

NOT_FOUND = "404.html"
OUTSIDE = b"outside of the site"
BUFFER = 1 << 16  # bytes, more than most files have
MAX_PACKED = 2_000  # files that stay in memory


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # connections that a checker opens at once

    def handle_error(self, request: object, client_address: object) -> None:
        """Report what goes wrong, unless a browser only left."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


@contextmanager
def hosted(folder: Path, prefix: str) -> Iterator[str]:
    """Serve a folder under a path, which begins and ends with a slash; give the address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = BUFFER
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            status, file = answer(folder, prefix, unquote(urlsplit(self.path).path))
            kind = media_type(file) if file else "text/plain"
            self.send_response(status)
            if file and is_text(kind):
                data = _packed(file, file.stat().st_mtime_ns)
                self.send_header("Content-Encoding", "gzip")
                kind = f"{kind}; charset=utf-8"
            else:
                data = file.read_bytes() if file else OUTSIDE
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(data)

        do_HEAD = do_GET  # noqa: N815 - http.server names it

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    server = _Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{prefix}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@lru_cache(maxsize=MAX_PACKED)
def _packed(file: Path, _changed: int) -> bytes:
    """Return a file as gzip packs it, anew when it has changed."""
    return gzip.compress(file.read_bytes(), mtime=0)


def answer(folder: Path, prefix: str, path: str) -> tuple[HTTPStatus, Path | None]:
    """Return the status and the file for a path; the site's own 404 page below the prefix."""
    if not path.startswith(prefix):
        return HTTPStatus.NOT_FOUND, None
    place = locate(folder, f"/{path.removeprefix(prefix)}")
    if place and not place.lacks_slash:
        return HTTPStatus.OK, place.file
    page = folder / NOT_FOUND
    return HTTPStatus.NOT_FOUND, page if page.exists() else None
