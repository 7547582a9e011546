"""The preview as a process: real sockets, real signals, a real client."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from sitegen.errors import BusyError, UsageError
from sitegen.preview import BuildSuccess, build_and_watch
from sitegen.preview.rebuild import Interrupts
from sitegen.preview.serving import DEFAULT_PORTS, _announce, browser_url, listen

PATIENCE = 60.0
REPOSITORY = Path(__file__).parents[2]


def get(netloc: str, path: str, **headers: str) -> tuple[int, str]:
    """Ask for a path exactly as it is written."""
    connection = http.client.HTTPConnection(netloc, timeout=PATIENCE)
    try:
        connection.putrequest("GET", path, skip_host="Host" in headers)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        reply = connection.getresponse()
        return reply.status, reply.read().decode("utf-8")
    finally:
        connection.close()


def page(preview: Any) -> Any:
    """Open the socket of one page, within a with statement."""
    url = f"ws://{preview.netloc}/.sitegen/live"
    return connect(url, origin=Origin(f"http://{preview.netloc}"), open_timeout=PATIENCE)


def read_state(tab: Any) -> dict[str, Any]:
    """Return the next message of a page."""
    message: dict[str, Any] = json.loads(tab.recv(timeout=PATIENCE))
    return message


def test_a_day_with_the_preview(preview: Any) -> None:
    assert "First light" in get(preview.netloc, "/")[1]
    with page(preview) as tab:
        start = read_state(tab)
        assert start["problems"] == []

        preview.write("content/index.txt", "Second thoughts")
        edited = read_state(tab)
        assert (edited["before"], edited["styles"]) == (start["site"], False)
        assert "content/index.txt changed: 1 file written, 0 files removed" in preview.line_with(
            "index.txt"
        )
        status, text = get(preview.netloc, "/")
        assert status == 200
        assert "Second thoughts" in text
        assert f'data-site="{edited["site"]}"' in text

        preview.write("style.css", "p { color: red }")
        assert read_state(tab)["styles"] is True
        assert "color: red" in get(preview.netloc, "/static/style.css")[1]

        preview.write("content/second.txt", "BROKEN")
        (problem,) = read_state(tab)["problems"]
        assert problem["message"] == "no <b>way</b> to read this"
        assert problem["location"].endswith("content/second.txt:2")
        assert "second.txt:2: error: no <b>way</b> to read this. hint: mend it." in (
            preview.line_with("error")
        )
        assert "Second light" in get(preview.netloc, "/second")[1]

        preview.write("content/second.txt", "CRASH")
        assert read_state(tab)["problems"][0]["message"] == "ZeroDivisionError: a surprise"
        assert preview.line_with("Traceback")
        assert preview.line_with("ZeroDivisionError: a surprise")

        preview.write("content/second.txt", "Mended")
        assert read_state(tab)["problems"] == []
        assert "Mended" in get(preview.netloc, "/second.html")[1]

        (preview.folder / "content/second.txt").unlink()
        assert read_state(tab)["problems"] == []
        assert get(preview.netloc, "/second.html")[0] == 404
    assert preview.end() == -signal.SIGINT or preview.process.returncode == 130


def test_ten_tabs_all_hear_of_a_change(lasting_preview: Any) -> None:
    with ExitStack() as stack:
        tabs = [stack.enter_context(page(lasting_preview)) for _ in range(10)]
        old = {read_state(tab)["site"] for tab in tabs}
        lasting_preview.write("content/index.txt", "For all of you")
        new = {read_state(tab)["site"] for tab in tabs}
    assert len(old) == len(new) == 1
    assert old != new


@pytest.mark.parametrize("path", ["/%2e%2e/style.css", "/..%2fstyle.css", "/../style.css"])
def test_real_requests_do_not_leave_the_output(lasting_preview: Any, path: str) -> None:
    assert get(lasting_preview.netloc, path)[0] == 404


def test_strangers_are_refused(lasting_preview: Any) -> None:
    assert get(lasting_preview.netloc, "/", Host="evil.example")[0] == 421
    url = f"ws://{lasting_preview.netloc}/.sitegen/live"
    strange = Origin("http://evil.example")
    with pytest.raises(InvalidStatus) as refusal, connect(url, origin=strange):
        pass
    assert refusal.value.response.status_code == 403
    upgrade = {
        "Host": "evil.example",
        "Origin": "http://evil.example",
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "c2l4dGVlbiBieXRlcyEhIQ==",
    }
    assert get(lasting_preview.netloc, "/.sitegen/live", **upgrade)[0] == 403


def test_a_first_build_that_fails_is_shown_and_mended(
    little_site: Path, start_preview: Callable[..., Any]
) -> None:
    (little_site / "content/index.txt").write_text("BROKEN", "utf-8")
    preview = start_preview(little_site, words="error")
    status, text = get(preview.netloc, "/")
    assert status == 500
    assert "no &lt;b&gt;way&lt;/b&gt; to read this" in text
    with page(preview) as tab:
        assert read_state(tab)["problems"]
        preview.write("content/index.txt", "Whole")
        assert read_state(tab)["problems"] == []
    assert "Whole" in get(preview.netloc, "/")[1]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_at_once_with_pages_open(preview: Any, number: int) -> None:
    with ExitStack() as stack:
        tabs = [stack.enter_context(page(preview)) for _ in range(3)]
        idle = http.client.HTTPConnection(preview.netloc, timeout=PATIENCE)
        idle.request("GET", "/")
        idle.getresponse().read()
        preview.process.send_signal(number)
        preview.process.wait(PATIENCE)
        for tab in tabs:
            read_state(tab)
            with pytest.raises(ConnectionClosed):
                tab.recv(timeout=PATIENCE)
        idle.close()
    rest = "".join(preview.lines.get(timeout=1) for _ in range(preview.lines.qsize()))
    if number == signal.SIGTERM:
        assert preview.process.returncode == 0
        assert "Traceback" not in rest


@pytest.mark.slow
def test_a_restart_is_another_site(little_site: Path, start_preview: Callable[..., Any]) -> None:
    first = start_preview(little_site)
    with page(first) as tab:
        before = read_state(tab)["site"]
    first.end()
    port = int(first.netloc.rpartition(":")[2])
    second = start_preview(little_site, port)
    with page(second) as tab:
        assert read_state(tab)["site"] != before


@pytest.fixture
def taken() -> Any:
    """Hold a port as another server would."""
    with socket.create_server(("127.0.0.1", 0)) as holder:
        yield holder.getsockname()[1]


def test_a_port_asked_for_that_is_taken_is_an_error(taken: int) -> None:
    with pytest.raises(BusyError) as error:
        listen("127.0.0.1", taken)
    assert str(error.value) == (
        f"error: port {taken} is in use. hint: end the other server, or choose a port with "
        "--port (0 takes any free one)."
    )


def test_the_usual_port_moves_on_and_says_where() -> None:
    said: list[str] = []
    with listen("127.0.0.1", None) as first, listen("127.0.0.1", None) as second:
        one, two = (sock.getsockname()[1] for sock in (first, second))
        _announce(second, "127.0.0.1", None, said.append)
    assert DEFAULT_PORTS[0] <= one < two <= DEFAULT_PORTS[-1]
    assert said == [
        f"port {DEFAULT_PORTS[0]} is in use: serving at port {two} instead",
        f"serving http://127.0.0.1:{two}/ (press Ctrl-C to stop)",
    ]


@pytest.mark.parametrize(
    ("host", "port"), [("127.0.0.1", 70_000), ("127.0.0.1", -1), ("no.such.host.invalid", 0)]
)
def test_what_cannot_be_listened_at_is_an_error(host: str, port: int) -> None:
    with pytest.raises(UsageError, match=f"cannot serve at host {host}, port {port}"):
        listen(host, port)


@pytest.mark.parametrize(
    ("host", "url", "warned"),
    [
        ("127.0.0.1", "http://127.0.0.1:{}/", False),
        ("localhost", "http://localhost:{}/", False),
        ("0.0.0.0", "http://127.0.0.1:{}/", True),
    ],
)
def test_other_machines_are_let_in_only_with_a_warning(host: str, url: str, warned: bool) -> None:
    said: list[str] = []
    with listen(host, 0) as listener:
        _announce(listener, host, 0, said.append)
        assert browser_url(listener, host) == url.format(listener.getsockname()[1])
    assert any("everyone on the network" in line for line in said) == warned


def test_watching_without_a_server_follows_what_is_watched(tmp_path: Path) -> None:
    config, theme = tmp_path / "sitegen.toml", tmp_path / "theme"
    theme.mkdir()
    said: list[str] = []
    builds = 0

    def watched() -> list[Path]:
        return [config, theme] if builds else [config]

    def build() -> BuildSuccess:
        nonlocal builds
        builds += 1
        if builds == 3:
            raise KeyboardInterrupt
        changed = config if builds == 1 else theme / "page.html"
        changed.write_text("a change while building", "utf-8")
        return BuildSuccess(tmp_path / "site", ("index.html",), ())

    in_the_end = threading.Timer(PATIENCE, config.write_text, ["a change that ends a hanging test"])
    in_the_end.start()
    with pytest.raises(KeyboardInterrupt):
        build_and_watch(build, watched, [], say=said.append)
    ended_by_itself = not in_the_end.finished.is_set()
    in_the_end.cancel()
    assert ended_by_itself
    assert [line.rpartition(" in ")[0].rpartition("/")[2] for line in said] == [
        "1 file written, 0 files removed",
        "sitegen.toml changed: 1 file written, 0 files removed",
    ]


SLOW = """
import sys, time
from pathlib import Path
from sitegen.preview import serve
say = lambda line: (sys.stdout.write(line + chr(10)), sys.stdout.flush())
serve(lambda: time.sleep(600), lambda: [], [], port=0, open_browser=False, say=say)
"""


@pytest.mark.slow
def test_a_signal_does_not_wait_for_a_long_build() -> None:
    command = [sys.executable, "-c", SLOW]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        netloc = process.stdout.readline().split()[1].removeprefix("http://").rstrip("/")
        waiting = http.client.HTTPConnection(netloc, timeout=PATIENCE)
        waiting.request("GET", "/")
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
        waiting.close()


def test_an_interrupt_breaks_off_a_build_and_nothing_that_holds_a_lock() -> None:
    stopped: list[str] = []
    with Interrupts(lambda: stopped.append("asked")) as interrupts:
        signal.raise_signal(signal.SIGINT)
        assert (stopped, interrupts.was_interrupted) == (["asked"], True)
        with pytest.raises(KeyboardInterrupt), interrupts.raising():
            signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
    assert len(stopped) == 3
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
