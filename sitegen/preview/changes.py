"""Changes, gathered from the observer's threads and handed over in bursts.

A save is several events, a checkout thousands. A burst is over after a moment of quiet, or when
it has lasted too long to wait any more. One person's save waits 30 ms. Many files at once are a
machine's work, whose pauses are longer and whose delay nobody feels.
"""

from __future__ import annotations

import threading
import time
from typing import NamedTuple


class Pace(NamedTuple):
    """How long a quiet ends a burst, and how long a burst may last, in seconds."""

    quiet: float
    longest: float


BY_HAND = Pace(quiet=0.03, longest=0.5)
BY_MACHINE = Pace(quiet=0.15, longest=2.0)
A_HANDFUL = 8


class Changes:
    """What changed since last asked. Any thread may add; one thread waits."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._paths: set[str] = set()
        self._open: set[str] = set()
        self._first = self._last = 0.0
        self._closed = False

    def add(self, path: str) -> None:
        """Note a change that is complete; a file being written to is so no more."""
        with self._condition:
            was_waited_for = path in self._open
            self._open.discard(path)
            self._note(path, wake=was_waited_for)

    def add_unfinished(self, path: str) -> None:
        """Note a change to a file whose writer still holds it open: the burst waits for `add`."""
        with self._condition:
            self._open.add(path)
            self._note(path, wake=False)

    def forget_unfinished(self, path: str) -> bool:
        """Stop waiting for a file's writer, and tell whether one was waited for."""
        with self._condition:
            was_waited_for = path in self._open
            self._open.discard(path)
            return was_waited_for

    def close(self) -> None:
        """Let the one who waits go, now and for ever."""
        with self._condition:
            self._closed = True
            self._condition.notify_all()

    def wait(self) -> frozenset[str] | None:
        """Return the paths of the next burst once it is over; None after `close`."""
        with self._condition:
            while not self._closed:
                left = self._due() - time.monotonic() if self._paths else None
                if left is not None and left <= 0:
                    return self._take()
                self._condition.wait(left)
            return None

    def _note(self, path: str, *, wake: bool) -> None:
        self._last = time.monotonic()
        if not self._paths:
            self._first = self._last
            wake = True
        self._paths.add(path)
        if wake:
            self._condition.notify_all()

    def _due(self) -> float:
        pace = BY_HAND if len(self._paths) <= A_HANDFUL else BY_MACHINE
        latest = self._first + pace.longest
        return latest if self._open else min(self._last + pace.quiet, latest)

    def _take(self) -> frozenset[str]:
        burst = frozenset(self._paths)
        self._paths.clear()
        self._open.clear()
        return burst
