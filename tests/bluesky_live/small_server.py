"""A small server on loopback that answers what a test says, and remembers what it was asked."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    """One request."""

    path: str
    params: dict[str, str]
    headers: dict[str, str]

    @property
    def method(self) -> str:
        """The name of the XRPC method, or the last part of the path."""
        return self.path.rsplit("/", 1)[1]


@dataclass(frozen=True)
class Reply:
    """One answer; with `cut`, only so many bytes of the body before the line breaks."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None


Script = Callable[[Asked], Reply]


def as_json(value: object, status: int = 200, **headers: str) -> Reply:
    """Answer with JSON."""
    named = {k.replace("_", "-"): v for k, v in headers.items()}
    return Reply(status, json.dumps(value).encode(), {"content-type": "application/json", **named})


def ranged(asked: Asked, data: bytes, cut: int | None = None) -> Reply:
    """Answer with the part of a file that was asked for (RFC 9110, 14)."""
    wanted = asked.headers.get("range")
    if wanted is None:
        return Reply(200, data, cut=cut)
    start = int(wanted.removeprefix("bytes=").rstrip("-"))
    if start >= len(data):
        return Reply(416, headers={"content-range": f"bytes */{len(data)}"})
    shown = f"bytes {start}-{len(data) - 1}/{len(data)}"
    return Reply(206, data[start:], {"content-range": shown}, cut)


class Loopback:
    """A running server; `script` may be changed at any time."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.asked: list[Asked] = []
        self.script: Script = lambda asked: Reply(404)

    @property
    def methods(self) -> list[str]:
        """What was asked for, in order."""
        return [asked.method for asked in self.asked]

    def forget(self) -> list[Asked]:
        """Begin to remember anew; return what was asked so far."""
        asked, self.asked = self.asked, []
        return asked


class Server(ThreadingHTTPServer):
    """One that does not mind who goes away in the middle."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a broken line is what many tests are about."""


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[Loopback]:
    """Run a server in a thread; with a TLS context, over https."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # or each answer waits for 40 ms

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            headers = {k.lower(): v for k, v in self.headers.items()}
            asked = Asked(parts.path, dict(parse_qsl(parts.query)), headers)
            loopback.asked.append(asked)
            self._send(loopback.script(asked))

        def _send(self, reply: Reply) -> None:
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if "content-length" not in reply.headers:
                self.send_header("content-length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body[: reply.cut])
            if reply.cut is not None:
                self.close_connection = True

        def log_message(self, *args: object) -> None:
            pass

    with Server(("127.0.0.1", 0), Handler) as server:
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        loopback = Loopback(server.server_port)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield loopback
        finally:
            server.shutdown()
            thread.join()
