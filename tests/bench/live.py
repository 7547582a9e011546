"""Servers: how long after a save the browser is told to reload, and what Hugo says it took."""

from __future__ import annotations

import json
import queue
import re
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from .measure import Command, CommandError
from .tasks import Edit

PATIENCE = 300.0
AT_REST = 1.0  # seconds between two edits: a burst of them would be one build


def ours(sitegen: Path, folder: Path, edit: Edit, rounds: int) -> list[float]:
    """Return the seconds from each save to the message on which the browser reloads.

    The message is one of `sitegen.preview` with another name for the site than the one before.
    Raises CommandError.
    """
    with _server((sitegen, "serve", "--port", "0"), folder) as lines:
        address = _wait(lines, re.compile(r"serving http://(\S+)/"))[1]
        with connect(f"ws://{address}/.sitegen/live") as browser:
            shown = _site(browser)
            times = []
            for _ in range(rounds):
                time.sleep(AT_REST)
                started = time.perf_counter()
                edit.save()
                shown = _next_site(browser, shown)
                times.append(time.perf_counter() - started)
    return times


def theirs(hugo: Path, folder: Path, edit: Edit, rounds: int) -> list[float]:
    """Return the seconds that `hugo server` reports for each edit; its waiting is not in them.

    Raises CommandError.
    """
    command = (hugo, "server", "--bind", "127.0.0.1", "--port", str(_free_port()))
    with _server(command, folder) as lines:
        _wait(lines, re.compile("Web Server is available"))
        times = []
        for _ in range(rounds):
            time.sleep(AT_REST)
            edit.save()
            total = _wait(lines, re.compile(r"Total in ([\d.]+) (ms|s)"))
            times.append(float(total[1]) / (1000 if total[2] == "ms" else 1))
    return times


@contextmanager
def _server(command: Command, folder: Path) -> Iterator[queue.Queue[str]]:
    """Run a server and give the lines that it says."""
    child = subprocess.Popen(
        command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, encoding="utf-8", errors="replace",
    )  # fmt: skip
    lines: queue.Queue[str] = queue.Queue()

    def listen() -> None:
        for line in child.stdout or ():
            lines.put(line)
        lines.put("")  # a line has at least its end: this is the end of all

    threading.Thread(target=listen, daemon=True).start()
    try:
        yield lines
    finally:
        child.send_signal(signal.SIGINT)
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _wait(lines: queue.Queue[str], pattern: re.Pattern[str]) -> re.Match[str]:
    said = []
    try:
        while line := lines.get(timeout=PATIENCE):
            said.append(line)
            if found := pattern.search(line):
                return found
    except queue.Empty:
        pass
    raise CommandError(f"a server did not say {pattern.pattern!r}, only:\n{''.join(said)}")


def _site(browser: ClientConnection) -> str:
    try:
        state = json.loads(browser.recv(PATIENCE))
    except (TimeoutError, ConnectionClosed) as error:
        raise CommandError(f"`sitegen serve` did not tell of a new site: {error}") from error
    if state["problems"]:
        raise CommandError(f"`sitegen serve` could not build: {state['problems']}")
    return str(state["site"])


def _next_site(browser: ClientConnection, shown: str) -> str:
    while (site := _site(browser)) == shown:
        pass
    return site


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
