"""Debounce changes: collect them from the observer's threads and return them in bursts.

A save is several events, a checkout thousands. A burst ends after a quiet period, or when it has
reached its maximum length. Files that were closed after writing or renamed into place are saved:
a short quiet period is enough. After files were created or deleted, more events are likely. Many
files at once are changed by a program, which makes longer pauses.
"""

from __future__ import annotations

import math
import threading
import time
from typing import NamedTuple


class Pace(NamedTuple):
    """The quiet period that ends a burst, and the maximum length of a burst, in seconds."""

    quiet: float
    longest: float


SAVED = Pace(quiet=0.012, longest=0.5)
BY_HAND = Pace(quiet=0.03, longest=0.5)
BY_MACHINE = Pace(quiet=0.15, longest=2.0)
MAX_MANUAL_PATHS = 8


class ClockCondition(threading.Condition):
    """A condition with a clock, which tests can replace."""

    def now(self) -> float:
        """Return the current monotonic time in seconds."""
        return time.monotonic()


class Changes:
    """The changes since the last burst. Any thread may add; one thread waits."""

    def __init__(self, condition: ClockCondition | None = None) -> None:
        self._condition = condition or ClockCondition()
        self._paths: set[str] = set()
        self._open: set[str] = set()
        self._unsure: set[str] = set()
        self._first = self._last = 0.0
        self._alarm = math.inf  # when the waiting thread will wake up
        self._closed = False

    def add(self, path: str) -> None:
        """Add a change that does not affect whether a file is complete."""
        with self._condition:
            self._add(path)

    def add_saved(self, path: str) -> None:
        """Add a complete file: its writer closed it, or renamed it into place."""
        with self._condition:
            self._open.discard(path)
            self._unsure.discard(path)
            self._add(path)

    def add_unsure(self, path: str) -> None:
        """Add a change after which others are likely, of this file or another."""
        with self._condition:
            self._unsure.add(path)
            self._add(path)

    def add_gone(self, path: str) -> None:
        """Add a deleted file: unless it was created in this burst, it may come back."""
        with self._condition:
            self._open.discard(path)
            if path in self._paths:
                self._unsure.discard(path)
            else:
                self._unsure.add(path)
            self._add(path)

    def add_unfinished(self, path: str) -> None:
        """Add a file that is still open for writing: the burst waits for `add_saved`."""
        with self._condition:
            self._open.add(path)
            self._add(path)

    def forget_unfinished(self, path: str) -> bool:
        """Stop waiting for a file to be closed; return whether it was waited for."""
        with self._condition:
            was_waited_for = path in self._open
            self._open.discard(path)
            return was_waited_for

    def close(self) -> None:
        """Wake the waiting thread, and let every later wait return at once."""
        with self._condition:
            self._closed = True
            self._condition.notify_all()

    def wait(self) -> frozenset[str] | None:
        """Return the paths of the next burst when it ends; None after `close`."""
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
