"""What the preview's tests share: requests without a socket, and a preview as a real process."""

from __future__ import annotations

import asyncio
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator, MutableMapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from sitegen.preview.guard import HostGuard
from sitegen.preview.rebuild import BuildSuccess, Outcome
from sitegen.preview.server import create_app
from sitegen.preview.site import Site

HERE = Path(__file__).parent
REPOSITORY = HERE.parent.parent
PATIENCE = 60.0
# What these tests do in a time of their own needs Linux's notices.
collect_ignore = (
    [] if sys.platform == "linux" else ["test_preview_watch.py", "test_preview_exact.py"]
)

Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Reply:
    """An answer, whole."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8")


class Requests:
    """Asks an ASGI application as a server would: with the path decoded once."""

    def __init__(self, outcome: Outcome | None, host: str = "127.0.0.1") -> None:
        self.site = Site()
        self.app = create_app(self.site, HostGuard.for_host(host), timeout=PATIENCE)
        if outcome:
            self.site.rebuild(lambda: outcome)

    async def get(
        self, path: str, headers: Headers = (("host", "localhost:8000"),), method: str = "GET"
    ) -> Reply:
        """Return the answer to one request."""
        sent: list[dict[str, Any]] = []
        incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        incoming.put_nowait({"type": "http.request", "body": b"", "more_body": False})

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append(dict(message))

        scope = {**_scope("http", path, headers), "method": method}
        await self.app(scope, incoming.get, send)
        start = next(message for message in sent if message["type"] == "http.response.start")
        body = b"".join(message.get("body", b"") for message in sent)
        named = {name.decode(): value.decode() for name, value in start["headers"]}
        return Reply(start["status"], named, body)

    def connect(self, headers: Headers = (("host", "localhost:8000"),)) -> Socket:
        """Open a socket as a page's script does."""
        return Socket(self.app, _scope("websocket", "/.sitegen/live", headers))


class Socket:
    """One open page: `messages` holds what it was sent."""

    def __init__(self, app: Any, scope: dict[str, Any]) -> None:
        self._incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._incoming.put_nowait({"type": "websocket.connect"})
        self.messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._task = asyncio.ensure_future(app(scope, self._incoming.get, self._sent))

    async def _sent(self, message: dict[str, Any]) -> None:
        self.messages.put_nowait(message)

    async def next(self) -> dict[str, Any]:
        """Return the next message, whatever it is."""
        return await asyncio.wait_for(self.messages.get(), PATIENCE)

    async def leave(self) -> None:
        """Close the page."""
        self._incoming.put_nowait({"type": "websocket.disconnect", "code": 1001})
        await asyncio.wait_for(self._task, PATIENCE)


def _scope(kind: str, path: str, headers: Headers) -> dict[str, Any]:
    return {
        "type": kind,
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "scheme": "http" if kind == "http" else "ws",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 8000),
        "subprotocols": [],
    }


Visit = Callable[[Requests], Awaitable[Any]]


@pytest.fixture
def visit() -> Callable[..., Any]:
    """Return a function that runs a visitor of a site: `visit(outcome, visitor, host=...)`."""

    def run(outcome: Outcome | None, visitor: Visit, host: str = "127.0.0.1") -> Any:
        async def main() -> Any:
            return await visitor(Requests(outcome, host))

        return asyncio.run(main())

    return run


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """Return an output folder with a page, a folder, a feed and a stylesheet."""
    folder = tmp_path / "site"
    files = {
        "index.html": "<!doctype html><title>Home</title><body><h1>Home</h1></body>",
        "404.html": "<!doctype html><title>Lost</title><body>Nothing here.</body>",
        "thread/1.html": "<!doctype html><body>First: تجربة 試 🙂</body>",
        "tag/index.html": "<!doctype html><body>Tags</body>",
        "static/style.css": "body { color: teal }",
    }
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    return folder


@pytest.fixture
def built(output: Path) -> BuildSuccess:
    """Return the outcome of a first build into that folder."""
    return BuildSuccess(output, ("index.html",), ())


class Running:
    """A preview in a process of its own, and the lines that it says."""

    def __init__(self, folder: Path, port: int = 0, words: str = " in ") -> None:
        self.folder = folder
        self.lines: queue.Queue[str] = queue.Queue()
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "little_site.py"), str(folder), str(port)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
            text=True,
            encoding="utf-8",
        )
        threading.Thread(target=self._listen, daemon=True).start()
        self.url = self.line_with("serving ").split()[1]
        self.netloc = self.url.removeprefix("http://").rstrip("/")
        self.line_with(words)

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))

    def line_with(self, words: str) -> str:
        """Wait for a line that holds the words."""
        while True:
            line = self.lines.get(timeout=PATIENCE)
            if words in line:
                return line

    def write(self, path: str, text: str) -> None:
        """Save a file of the site, as careful editors do: one build is sure to show it."""
        partial = self.folder / f"{path}.tmp"
        partial.write_text(text, "utf-8")
        partial.replace(self.folder / path)

    def end(self, number: int = signal.SIGINT) -> int:
        """Send the signal and return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


def make_little_site(folder: Path) -> Path:
    """Write a site of two pages and a stylesheet."""
    (folder / "content").mkdir(parents=True)
    (folder / "content/index.txt").write_text("First light", "utf-8")
    (folder / "content/second.txt").write_text("Second light", "utf-8")
    (folder / "style.css").write_text("p { color: rgb(1, 2, 3) }", "utf-8")
    return folder


@pytest.fixture
def little_site(tmp_path: Path) -> Path:
    """Return the folder of a little site that is not served yet."""
    return make_little_site(tmp_path / "little")


@pytest.fixture(scope="module")
def lasting_preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Serve one little site to all tests of a module, which expect nothing of its content."""
    running = Running(make_little_site(tmp_path_factory.mktemp("little") / "site"))
    yield running
    running.process.kill()
    running.process.wait()


@pytest.fixture
def preview(little_site: Path) -> Iterator[Running]:
    """Serve a little site in a process of its own."""
    running = Running(little_site)
    yield running
    if running.process.poll() is None:
        running.process.kill()
        running.process.wait()


@pytest.fixture
def start_preview() -> Iterator[Callable[..., Running]]:
    """Return a function that serves a folder: `start_preview(folder, port, words)`."""
    started: list[Running] = []

    def start(folder: Path, port: int = 0, words: str = " in ") -> Running:
        started.append(Running(folder, port, words))
        return started[-1]

    yield start
    for running in started:
        if running.process.poll() is None:
            running.process.kill()
            running.process.wait()
