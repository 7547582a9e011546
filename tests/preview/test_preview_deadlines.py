"""Requests over real sockets that never come to their end."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import uvicorn
from websockets.sync.client import connect

from sitegen.preview.guard import HostGuard
from sitegen.preview.rebuild import BuildSuccess
from sitegen.preview.server import create_app
from sitegen.preview.serving import http_server
from sitegen.preview.site import Site

PATIENCE = 0.2
SOME = 0.6  # enough for a whole request that is sent at once
MUCH = 60.0
REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\n"


@contextmanager
def served(built: BuildSuccess, patience: float = PATIENCE) -> Iterator[int]:
    """Serve a site in a thread; give its port."""
    listener = socket.create_server(("127.0.0.1", 0))
    started: list[uvicorn.Server] = []
    is_ready = threading.Event()

    async def main() -> None:
        site = Site()
        site.rebuild(lambda: built)
        app: Any = create_app(site, HostGuard.for_host("127.0.0.1"))
        started.append(http_server(app, patience))
        is_ready.set()
        await started[0].serve(sockets=[listener])

    worker = threading.Thread(target=asyncio.run, args=(main(),))
    worker.start()
    is_ready.wait(MUCH)
    try:
        yield listener.getsockname()[1]
    finally:
        started[0].should_exit = True
        worker.join(MUCH)


def is_closed(connection: socket.socket) -> bool:
    """Wait until the other side closes a connection; tell whether it does."""
    try:
        while connection.recv(65_536):
            pass
    except ConnectionError:
        return True
    except TimeoutError:
        return False
    return True


BEGUN: list[list[bytes]] = [
    [],
    [b"G"],
    [REQUEST],
    [REQUEST, b"A: 1\r\n", b"B: "],
    [b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf"],
]


def test_a_request_that_is_not_sent_to_its_end_is_given_up(built: BuildSuccess) -> None:
    with ExitStack() as stack:
        port = stack.enter_context(served(built))
        connections = []
        for pieces in BEGUN:
            connection = socket.create_connection(("127.0.0.1", port), MUCH)
            connections.append(stack.enter_context(connection))
            for piece in pieces:
                with suppress(ConnectionError):  # it may be given up before the last piece
                    connection.sendall(piece)
        assert [
            pieces for pieces, c in zip(BEGUN, connections, strict=True) if not is_closed(c)
        ] == []


def test_a_second_request_on_a_connection_is_given_up_too(built: BuildSuccess) -> None:
    with ExitStack() as stack:
        port = stack.enter_context(served(built, SOME))
        connection = stack.enter_context(socket.create_connection(("127.0.0.1", port), MUCH))
        connection.sendall(REQUEST + b"\r\n")
        answer = b""
        while b"</html>" not in answer and b"</body>" not in answer:
            piece = connection.recv(65_536)
            assert piece
            answer += piece
        connection.sendall(b"GET / HTTP")
        assert is_closed(connection)


def test_an_open_page_stays_connected_while_others_are_given_up(built: BuildSuccess) -> None:
    with served(built, SOME) as port, connect(f"ws://127.0.0.1:{port}/.sitegen/live") as page:
        assert page.recv(MUCH)
        with socket.create_connection(("127.0.0.1", port), MUCH) as other:
            assert is_closed(other)
        assert page.ping().wait(MUCH)


def test_a_whole_request_is_answered(built: BuildSuccess) -> None:
    with ExitStack() as stack:
        port = stack.enter_context(served(built, MUCH))
        connection = stack.enter_context(socket.create_connection(("127.0.0.1", port), MUCH))
        connection.sendall(REQUEST + b"Connection: close\r\n\r\n")
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
        assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
        assert b"Home" in answer
