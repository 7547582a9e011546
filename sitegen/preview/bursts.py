"""Changes, gathered from the observer's threads and handed over in bursts.

A save is several events, a checkout thousands. A burst is over after a moment of quiet, or when
it has lasted too long to wait any more. Files that were closed after writing, or moved whole to
their place, are saved: they wait only for others that are saved along with them. Where something
came or went, more will follow. Many files at once are a machine's work, whose pauses are longer
and whose delay nobody feels.
"""

from __future__ import annotations

import math
import threading
import time
from typing import NamedTuple


class Pace(NamedTuple):
    """How long a quiet ends a burst, and how long a burst may last, in seconds."""

    quiet: float
    longest: float


SAVED = Pace(quiet=0.012, longest=0.5)
BY_HAND = Pace(quiet=0.03, longest=0.5)
BY_MACHINE = Pace(quiet=0.15, longest=2.0)
MAX_MANUAL_PATHS = 8


class ClockCondition(threading.Condition):
    """A condition that also tells the time at which it is waited for, in seconds."""

    def now(self) -> float:
        """Return the present time, which never goes back."""
        return time.monotonic()


class Changes:
    """What changed since last asked. Any thread may add; one thread waits."""

    def __init__(self, condition: ClockCondition | None = None) -> None:
        self._condition = condition or ClockCondition()
        self._paths: set[str] = set()
        self._open: set[str] = set()
        self._unsure: set[str] = set()
        self._first = self._last = 0.0
        self._alarm = math.inf  # when the one who waits will look
        self._closed = False

    def add(self, path: str) -> None:
        """Note a change that leaves a file as whole as it was."""
        with self._condition:
            self._add(path)

    def add_saved(self, path: str) -> None:
        """Note a file that is whole: its writer closed it, or moved it to its place."""
        with self._condition:
            self._open.discard(path)
            self._unsure.discard(path)
            self._add(path)

    def add_unsure(self, path: str) -> None:
        """Note a change after which more is likely, of this file or another."""
        with self._condition:
            self._unsure.add(path)
            self._add(path)

    def add_gone(self, path: str) -> None:
        """Note that a file went: one from before may come back, one of this burst's will not."""
        with self._condition:
            self._open.discard(path)
            if path in self._paths:
                self._unsure.discard(path)
            else:
                self._unsure.add(path)
            self._add(path)

    def add_unfinished(self, path: str) -> None:
        """Note a file whose writer still holds it open: the burst waits for `add_saved`."""
        with self._condition:
            self._open.add(path)
            self._add(path)

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
                self._alarm = self._due()
                left = self._alarm - self._condition.now()
                if left <= 0:
                    return self._take()
                self._condition.wait(None if self._alarm == math.inf else left)
            return None

    def _add(self, path: str) -> None:
        self._last = self._condition.now()
        if not self._paths:
            self._first = self._last
        self._paths.add(path)
        if self._due() < self._alarm:
            self._condition.notify_all()

    def _due(self) -> float:
        if not self._paths:
            return math.inf
        pace = self._pace()
        latest = self._first + pace.longest
        return latest if self._open else min(self._last + pace.quiet, latest)

    def _pace(self) -> Pace:
        if len(self._paths) > MAX_MANUAL_PATHS:
            return BY_MACHINE
        return BY_HAND if self._unsure else SAVED

    def _take(self) -> frozenset[str]:
        burst = frozenset(self._paths)
        for found in (self._paths, self._open, self._unsure):
            found.clear()
        return burst
