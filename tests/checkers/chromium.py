"""A headless Chromium and its tabs, driven over the DevTools protocol."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PATIENCE = 60.0

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
# The code of a key, and the text that it types.
KEYS = {"Enter": (13, "\r"), "Escape": (27, ""), "j": (74, "j"), "k": (75, "k"), "/": (191, "/")}
CONTROL = 2  # a modifier


def until(ask: Callable[[], Any], what: str) -> Any:
    """Ask again and again until there is an answer."""
    pause, end = threading.Event(), time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if answer := ask():
            return answer
        pause.wait(0.02)
    raise AssertionError(f"it never came: {what}")


@contextmanager
def running(profile: Path) -> Iterator[str]:
    """Run a browser with a new profile in this folder; give the address of its DevTools."""
    if CHROMIUM is None:
        raise FileNotFoundError("Chromium is not installed")
    command = [CHROMIUM, f"--user-data-dir={profile}", *ARGUMENTS]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        port_file = profile / "DevToolsActivePort"
        port = until(lambda: port_file.exists() and port_file.read_text().split(), "the browser")[0]
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(PATIENCE)


@contextmanager
def opened(browser: str, url: str) -> Iterator[Tab]:
    """Open an address in a new tab, and wait until its page is complete."""
    request = urllib.request.Request(f"http://{browser}/json/new?about:blank", method="PUT")
    with urllib.request.urlopen(request, timeout=PATIENCE) as reply:
        address = json.load(reply)["webSocketDebuggerUrl"]
    with connect(address, max_size=None) as socket:
        tab = Tab(socket)
        tab.go(url)
        yield tab


class Tab:
    """One tab; `problems` has what went wrong in its pages, as the console shows it."""

    def __init__(self, socket: ClientConnection) -> None:
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

    def go(self, url: str) -> None:
        """Leave for another address, and wait until its page is complete."""
        result = self.command("Page.navigate", url=url)
        assert "errorText" not in result, (url, result)
        self.until("document.readyState === 'complete'")

    def resize(self, width: int, height: int) -> None:
        """Give the page a window of this size, as of a phone if it is narrow."""
        self.command(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=width < 600,
        )  # fmt: skip

    def prefer(self, scheme: str) -> None:
        """Prefer light or dark colours."""
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self.command("Emulation.setEmulatedMedia", features=[feature])

    def print(self) -> None:
        """Show the page as it is printed."""
        self.command("Emulation.setEmulatedMedia", media="print")

    def press(self, key: str, modifiers: int = 0) -> None:
        """Press a key and let it go, together with modifiers such as `CONTROL`."""
        code, text = KEYS[key]
        about = {"key": key, "code": key, "windowsVirtualKeyCode": code, "modifiers": modifiers}
        about["text"] = "" if modifiers else text
        for kind in ("keyDown", "keyUp"):
            self.command("Input.dispatchKeyEvent", type=kind, **about)

    def value(self, expression: str) -> Any:
        """Return the value of an expression in the page, also of a promise; None if it leaves.

        Raise AssertionError if it throws.
        """
        result = self._evaluate(expression)
        assert "exceptionDetails" not in result, (expression, result["exceptionDetails"])
        return result.get("result", {}).get("value")

    def until(self, expression: str) -> Any:
        """Wait until an expression is true in the page; one that throws may be true later."""
        condition = f"Boolean({expression})"
        return until(lambda: self._evaluate(condition)["result"].get("value"), expression)

    def _evaluate(self, expression: str) -> dict[str, Any]:
        """Return what the page makes of an expression, with a `value` in its `result`."""
        result = self.command(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        return {"result": {"value": None}} | result
