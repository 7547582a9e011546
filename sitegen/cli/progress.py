"""Progress of slow steps: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import TextIO

DELAY_SECONDS = 0.5  # seconds of a step before it is shown
REDRAW_SECONDS = 0.2  # seconds between two states of a bar
REPEAT_SECONDS = 10.0  # seconds between two lines of one step
MAX_CELLS, MIN_CELLS = 30, 5  # of a bar
DEFAULT_COLUMNS = 80  # if the width is unknown
OFF_VARIABLE = "SITEGEN_PROGRESS"  # in the environment: "off" shows none


class Meter:
    """The current step of a command, which is shown after DELAY_SECONDS."""

    def __init__(
        self, write: Callable[[str], None], clock: Callable[[], float], *, is_terminal: bool,
        columns: Callable[[], int] = lambda: DEFAULT_COLUMNS,
    ) -> None:  # fmt: skip
        self.step_name, self.done, self.total = "", 0, 0
        self._write = write
        self._clock = clock
        self._is_terminal = is_terminal
        self._columns = columns
        self._is_shown = False
        self._started = self._next_display = clock()

    def set_step(self, step_name: str, done: int = 0, total: int = 0) -> None:
        """Set the current step and its progress; without a total, its duration is shown."""
        if step_name != self.step_name:
            self.step_name, self._started = step_name, self._clock()
            self._next_display = self._started + DELAY_SECONDS
        self.done, self.total = done, total
        self.tick()

    def set_progress(self, done: int, total: int) -> None:
        """Set the progress of the current step."""
        self.set_step(self.step_name, done, total)

    def tick(self) -> None:
        """Show the step if it is due."""
        now = self._clock()
        if now < self._next_display or not self.step_name:
            return
        self._next_display = now + (REDRAW_SECONDS if self._is_terminal else REPEAT_SECONDS)
        self._is_shown = True
        seconds = int(now - self._started)
        text = self._bar(seconds) if self._is_terminal else self._plain_text(seconds)
        self._write(f"\r\x1b[K{text}" if self._is_terminal else f"{text}\n")

    def clear(self) -> None:
        """Clear the bar, so that something else can be printed; a later tick shows it again."""
        if self._is_terminal and self._is_shown:
            self._write("\r\x1b[K")
        self._is_shown = False

    def _plain_text(self, seconds: int) -> str:
        if not self.total:
            return f"{self.step_name} … {seconds} s"
        return f"{self.step_name}: {self._share:.0%}, {seconds} s"

    def _bar(self, seconds: int) -> str:
        """Return a bar that fits on one line: a wrapped line could not be cleared."""
        width = max(self._columns() - 1, 1)
        suffix = f" {self._share:.0%}, {seconds} s"
        cells = min(MAX_CELLS, width - len(f"{self.step_name} []{suffix}"))
        if not self.total or cells < MIN_CELLS:
            return self._plain_text(seconds)[:width]
        filled = int(self._share * cells)
        return f"{self.step_name} [{'#' * filled}{'.' * (cells - filled)}]{suffix}"

    @property
    def _share(self) -> float:
        return min(self.done / self.total, 1) if self.total else 0.0


@contextmanager
def show_progress(*, silent: bool) -> Iterator[Meter]:
    """Provide a meter that is shown on stderr, and clear its bar at the end."""
    stream = sys.stderr  # a command may have none
    if silent or not stream or os.environ.get(OFF_VARIABLE) == "off":
        yield Meter(lambda text: None, time.monotonic, is_terminal=False)
        return
    is_terminal = stream.isatty() and os.environ.get("TERM") != "dumb"
    meter = Meter(
        partial(_write, stream), time.monotonic, is_terminal=is_terminal,
        columns=lambda: terminal_columns(stream) or DEFAULT_COLUMNS,
    )  # fmt: skip
    with _call_regularly(meter.tick):
        try:
            yield meter
        finally:
            meter.clear()


def terminal_columns(stream: TextIO | None) -> int | None:
    """Return the number of columns of a stream's terminal; None if it is not a terminal."""
    try:
        if stream and stream.isatty():
            return os.get_terminal_size(stream.fileno()).columns or None
    except (OSError, ValueError):
        pass
    return None


@contextmanager
def _call_regularly(tick: Callable[[], None]) -> Iterator[None]:
    """Call `tick` by a timer, for steps without progress: no thread survives a fork.

    Without timers, or outside the main thread, only reported progress is shown.
    """
    import signal
    import threading

    if not hasattr(signal, "setitimer") or threading.current_thread() != threading.main_thread():
        yield
        return
    previous_handler = signal.signal(signal.SIGALRM, lambda number, frame: tick())
    signal.setitimer(signal.ITIMER_REAL, DELAY_SECONDS, REDRAW_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous_handler or signal.SIG_DFL)


def _write(stream: TextIO, text: str) -> None:
    """Write if possible: the timer may fire while the stream is in use or closed."""
    with suppress(OSError, RuntimeError, ValueError):
        stream.write(text)
        stream.flush()
