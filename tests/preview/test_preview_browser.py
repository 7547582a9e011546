"""A real browser before the preview: reload, style without reload, error and recovery."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import connect

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PATIENCE = 60.0

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--remote-debugging-port=0",
    "about:blank",
]


def until(found: Callable[[], Any], what: str) -> Any:
    """Ask again and again until there is an answer."""
    pause, end = threading.Event(), time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if answer := found():
            return answer
        pause.wait(0.02)
    raise AssertionError(f"it never came: {what}")


class Tab:
    """One tab, driven over the DevTools protocol."""

    def __init__(self, socket: Any) -> None:
        self._socket = socket
        self._number = 0
        self.problems: list[str] = []
        for domain in ("Runtime", "Page", "Log"):
            self.command(f"{domain}.enable")

    def command(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command and return its result, noting what goes wrong in the page meanwhile."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        self._socket.send(json.dumps(message))
        while True:
            reply: dict[str, Any] = json.loads(self._socket.recv(timeout=PATIENCE))
            if reply.get("id") == self._number:
                result: dict[str, Any] = reply.get("result", {})
                return result
            if reply.get("method") == "Log.entryAdded":
                self.problems.append(reply["params"]["entry"]["text"])
            if reply.get("method") == "Runtime.exceptionThrown":
                self.problems.append(json.dumps(reply["params"]))

    def value(self, expression: str) -> Any:
        """Return the value of an expression in the page; None when the page is just leaving."""
        result = self.command("Runtime.evaluate", expression=expression, returnByValue=True)
        return result.get("result", {}).get("value")

    def until(self, expression: str) -> Any:
        """Wait until an expression is true in the page."""
        return until(lambda: self.value(expression), expression)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start one browser; return where it listens for commands."""
    assert CHROMIUM
    profile = tmp_path_factory.mktemp("profile")
    command = [CHROMIUM, f"--user-data-dir={profile}", *ARGUMENTS]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        port_file = profile / "DevToolsActivePort"
        port = until(lambda: port_file.exists() and port_file.read_text().split(), "the browser")[0]
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(PATIENCE)


@pytest.fixture
def open_tab(browser: str) -> Iterator[Callable[[str], Tab]]:
    """Return a function that opens an address in a new tab."""
    sockets = []

    def open_one(url: str) -> Tab:
        request = urllib.request.Request(f"http://{browser}/json/new?{url}", method="PUT")
        with urllib.request.urlopen(request, timeout=PATIENCE) as reply:
            address = json.load(reply)["webSocketDebuggerUrl"]
        sockets.append(connect(address, max_size=None).__enter__())
        return Tab(sockets[-1])

    yield open_one
    for socket in sockets:
        socket.close()


TEXT = "document.querySelector('#text')?.textContent"
COLOUR = "getComputedStyle(document.querySelector('#text')).color"
OVERLAY = "document.querySelector('sitegen-failure')?.shadowRoot.textContent ?? ''"


def test_the_browser_follows_the_site(preview: Any, open_tab: Callable[[str], Tab]) -> None:
    tab = open_tab(preview.url)
    tab.until(f"{TEXT} === 'First light'")

    tab.value("scrollTo(0, 700); window.mark = 'not reloaded'")
    preview.write("content/index.txt", "Edited")
    tab.until(f"{TEXT} === 'Edited'")
    assert tab.value("typeof window.mark") == "undefined"
    tab.until("scrollY === 700")

    tab.value("window.mark = 'not reloaded'")
    preview.write("style.css", "p { color: rgb(200, 0, 0) }")
    tab.until(f"{COLOUR} === 'rgb(200, 0, 0)'")
    tab.until("document.querySelectorAll('link[rel=stylesheet]').length === 1")
    preview.write("style.css", "p { color: rgb(0, 100, 0) }")
    tab.until(f"{COLOUR} === 'rgb(0, 100, 0)'")
    assert tab.value("window.mark") == "not reloaded"

    preview.write("content/index.txt", "BROKEN")
    tab.until(f"({OVERLAY}).includes('no <b>way</b> to read this')")
    assert (
        tab.value("document.querySelector('sitegen-failure').shadowRoot.querySelector('b')") is None
    )
    section = "document.querySelector('sitegen-failure').shadowRoot.querySelector('section')"
    assert tab.value(f"getComputedStyle({section}).position") == "fixed"
    assert tab.value(TEXT) == "Edited"
    assert tab.value("window.mark") == "not reloaded"

    preview.write("content/index.txt", "Edited")
    tab.until(f"({OVERLAY}) === ''")
    assert tab.value("window.mark") == "not reloaded"
    assert tab.problems == []


def test_a_page_opened_on_a_failure_recovers(
    little_site: Path, start_preview: Callable[..., Any], open_tab: Callable[[str], Tab]
) -> None:
    (little_site / "content/index.txt").write_text("BROKEN", "utf-8")
    preview = start_preview(little_site, words="error")
    tab = open_tab(preview.url)
    tab.until("document.title === 'The site could not be built'")
    tab.until(f"({OVERLAY}).includes('no <b>way</b>')")
    preview.write("content/index.txt", "Whole")
    tab.until(f"{TEXT} === 'Whole'")
    assert tab.value(OVERLAY) == ""


def test_a_page_outlives_the_server(
    little_site: Path, start_preview: Callable[..., Any], open_tab: Callable[[str], Tab]
) -> None:
    first = start_preview(little_site)
    tab = open_tab(first.url)
    tab.until(f"{TEXT} === 'First light'")
    tab.until("document.readyState === 'complete'")  # the text is there before the script
    first.end()
    first.write("content/index.txt", "Changed while nobody served")
    start_preview(little_site, int(first.netloc.rpartition(":")[2]))
    tab.until(f"{TEXT} === 'Changed while nobody served'")


def test_a_removed_page_shows_that_it_is_gone(preview: Any, open_tab: Callable[[str], Tab]) -> None:
    tab = open_tab(f"{preview.url}second")
    tab.until(f"{TEXT} === 'Second light'")
    (preview.folder / "content/second.txt").unlink()
    tab.until("document.title === 'No such page'")
    preview.write("content/second.txt", "Back again")
    tab.until(f"{TEXT} === 'Back again'")
