"""What is shown of a long step, by a clock that the tests turn."""

from __future__ import annotations

import io
import signal
import sys
from collections.abc import Callable
from typing import NamedTuple

import pytest

from sitegen.cli import progress
from sitegen.cli.progress import Meter


class Watch(NamedTuple):
    """A meter, what it wrote, and how to let time pass for it."""

    meter: Meter
    written: list[str]
    wait: Callable[[float], None]


def watch(*, is_terminal: bool, columns: int = 80) -> Watch:
    now = [100.0]
    written: list[str] = []

    def wait(seconds: float) -> None:
        now[0] += seconds
        meter.tick()

    meter = Meter(written.append, lambda: now[0], is_terminal=is_terminal, columns=lambda: columns)
    return Watch(meter, written, wait)


@pytest.mark.parametrize("is_terminal", [True, False])
def test_what_takes_less_than_half_a_second_is_not_shown(is_terminal: bool) -> None:
    meter, written, wait = watch(is_terminal=is_terminal)
    wait(60)
    for step in ("reading", "merging", "writing files"):
        meter.set_step(step, 1, 2)
        wait(0.4)
    meter.clear()
    assert written == []


def test_a_terminal_shows_a_bar_from_the_first_half_second() -> None:
    meter, written, wait = watch(is_terminal=True)
    meter.set_step("reading")
    wait(0.5)
    wait(0.1)  # too soon to be drawn again
    wait(0.6)
    meter.set_step("writing files", 0, 40)
    wait(0.5)
    meter.set_step("writing files", 30, 40)
    wait(0.5)
    meter.clear()
    meter.clear()
    assert written == [
        "\r\x1b[Kreading … 0 s",
        "\r\x1b[Kreading … 1 s",
        "\r\x1b[Kwriting files [..............................] 0%, 0 s",
        "\r\x1b[Kwriting files [######################........] 75%, 1 s",
        "\r\x1b[K",
    ]


@pytest.mark.parametrize(
    ("columns", "line"),
    [
        (80, "making pages [###############...............] 50%, 0 s"),
        (40, "making pages [#######........] 50%, 0 s"),
        (30, "making pages [##...] 50%, 0 s"),
        (29, "making pages: 50%, 0 s"),
        (10, "making pa"),
        (0, "m"),
    ],
)
def test_a_bar_is_never_wider_than_the_terminal(columns: int, line: str) -> None:
    meter, written, wait = watch(is_terminal=True, columns=columns)
    meter.set_step("making pages", 1, 2)
    wait(0.5)
    assert written == [f"\r\x1b[K{line}"]


def test_elsewhere_plain_lines_are_written_and_rarely() -> None:
    meter, written, wait = watch(is_terminal=False)
    meter.set_step("reading")
    for _ in range(5 * 21):
        wait(0.2)
    meter.set_step("making pages", 0, 1_000)
    for done in range(0, 1_000, 100):
        meter.set_progress(done, 1_000)
        wait(0.2)
    meter.clear()
    assert written == [
        "reading … 0 s\n",
        "reading … 10 s\n",
        "reading … 20 s\n",
        "making pages: 20%, 0 s\n",
    ]


def test_a_step_is_known_though_nothing_is_shown() -> None:
    meter, written, _ = watch(is_terminal=False)
    meter.set_step("writing files", 3, 40)
    assert (meter.step_name, meter.done, meter.total, written) == ("writing files", 3, 40, [])


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "silent", "environment", "written"),
    [
        (Terminal(), False, {}, "\r\x1b[Kreading … 0 s\r\x1b[K"),
        (Terminal(), False, {"TERM": "dumb"}, "reading … 0 s\n"),
        (io.StringIO(), False, {}, "reading … 0 s\n"),
        (Terminal(), True, {}, ""),
        (Terminal(), False, {progress.OFF_VARIABLE: "off"}, ""),
    ],
)
def test_a_step_that_never_reports_is_shown_by_the_timer(
    monkeypatch: pytest.MonkeyPatch,
    stream: io.StringIO,
    silent: bool,
    environment: dict[str, str],
    written: str,
) -> None:
    monkeypatch.delenv(progress.OFF_VARIABLE, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(progress, "DELAY_SECONDS", 0.01)
    monkeypatch.setattr(progress, "REDRAW_SECONDS", 0.01)
    before = signal.getsignal(signal.SIGALRM)
    with progress.show_progress(silent=silent) as meter:
        meter.set_step("reading")
        while written and not stream.getvalue():
            signal.pause()  # until the timer's next signal
    assert signal.getsignal(signal.SIGALRM) == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    start = "\r\x1b[Kreading … 0 s"
    assert stream.getvalue().replace(start * 2, start) == written


def test_without_a_stream_nothing_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    with progress.show_progress(silent=False) as meter:
        meter.set_step("reading", 1, 2)
    assert meter.done == 1
