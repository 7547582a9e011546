"""A static host on loopback, which serves a site under a path as GitHub Pages does.

It packs a file once, and sends its head and its data together: the system would hold back the data,
often for 40 ms, until the browser has acknowledged the head. Nothing of a request but its method and
path counts, so that figures of pages are of the pages, and not of this host.
"""

from __future__ import annotations

import asyncio
import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import cast
from urllib.parse import unquote, urlsplit

from sitegen.preview.static_files import is_text, locate, media_type

LOOPBACK = "127.0.0.1"
NOT_FOUND = "404.html"
OUTSIDE = b"outside of the site"
END_OF_HEAD = b"\r\n\r\n"
MAX_WAITING = 128  # connections that a checker opens at once
MAX_PACKED = 2_000  # files that stay in memory


class _Connection(asyncio.Protocol):
    """Answers the requests of a connection in their order."""

    def __init__(self, folder: Path, prefix: str) -> None:
        self.folder = folder
        self.prefix = prefix
        self.received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        *requests, self.received = (self.received + data).split(END_OF_HEAD)
        for request in requests:
            method, target, _ = request.partition(b"\r\n")[0].decode().split(" ")
            head, body = self._response(unquote(urlsplit(target).path))
            self.transport.write(head if method == "HEAD" else head + body)
            if b"\r\nconnection: close" in request.lower():
                self.transport.close()

    def _response(self, path: str) -> tuple[bytes, bytes]:
        status, file = answer(self.folder, self.prefix, path)
        kind, encoding = media_type(file) if file else "text/plain", ""
        if file and is_text(kind):
            data = _packed(file, file.stat().st_mtime_ns)
            kind, encoding = f"{kind}; charset=utf-8", "Content-Encoding: gzip\r\n"
        else:
            data = file.read_bytes() if file else OUTSIDE
        head = (
            f"HTTP/1.1 {status.value} {status.phrase}\r\n{encoding}"
            f"Content-Type: {kind}\r\nContent-Length: {len(data)}\r\n\r\n"
        )
        return head.encode(), data


@contextmanager
def hosted(folder: Path, prefix: str) -> Iterator[str]:
    """Serve a folder under a path, which begins and ends with a slash; give the address."""
    loop = asyncio.new_event_loop()
    starting = loop.create_server(
        lambda: _Connection(folder, prefix), LOOPBACK, 0, backlog=MAX_WAITING
    )
    server = loop.run_until_complete(starting)
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield f"http://{LOOPBACK}:{server.sockets[0].getsockname()[1]}{prefix}"
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        loop.close()


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
