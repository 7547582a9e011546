"""Debounce changes: collect them from the observer's threads and return them in bursts.

A save is several events, a checkout thousands. A burst ends after a quiet period, or when it has
reached its maximum length. A file that was closed after writing or renamed into place is saved: a
short quiet period is enough. After a file was created or deleted, more events are likely. Many
files at once are changed by a program, which pauses for longer.
"""

from __future__ import annotations

import math
import threading
import time
from typing import NamedTuple


class Pace(NamedTuple):
    """The quiet period that ends a burst, and the maximum length of a burst, in seconds."""

    quiet_seconds: float
    max_seconds: float


SAVED = Pace(quiet_seconds=0.012, max_seconds=0.5)
BY_EDITOR = Pace(quiet_seconds=0.03, max_seconds=0.5)
BY_PROGRAM = Pace(quiet_seconds=0.15, max_seconds=2.0)
MAX_EDITOR_PATHS = 8


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
        self._unsettled: set[str] = set()
        self._first = self._last = 0.0
        self._wakeup = math.inf  # when the waiting thread will wake up
        self._closed = False

    def add(self, path: str) -> None:
        """Add a change that says nothing about whether a file is complete."""
        with self._condition:
            self._add(path)

    def add_saved(self, path: str) -> None:
        """Add a complete file: its writer closed it, or renamed it into place."""
        with self._condition:
            self._open.discard(path)
            self._unsettled.discard(path)
            self._add(path)

    def add_unsettled(self, path: str) -> None:
        """Add a change that others are likely to follow, of this file or another."""
        with self._condition:
            self._unsettled.add(path)
            self._add(path)

    def add_deleted(self, path: str) -> None:
        """Add a deleted file: unless it was created in this burst, it may come back."""
        with self._condition:
            self._open.discard(path)
            if path in self._paths:
                self._unsettled.discard(path)
            else:
                self._unsettled.add(path)
            self._add(path)

    def add_open(self, path: str) -> None:
        """Add a file that is still open for writing: the burst waits for `add_saved`."""
        with self._condition:
            self._open.add(path)
            self._add(path)

    def forget_open(self, path: str) -> bool:
        """Stop waiting for a file to be closed; return whether it was waited for."""
        with self._condition:
            was_open = path in self._open
            self._open.discard(path)
            return was_open

    def close(self) -> None:
        """Wake the waiting thread, and let every later wait return at once."""
        with self._condition:
            self._closed = True
            self._condition.notify_all()

    def wait(self) -> frozenset[str] | None:
        """Return the paths of the next burst when it ends; None after `close`."""
        with self._condition:
            while not self._closed:
                self._wakeup = self._due()
                remaining = self._wakeup - self._condition.now()
                if remaining <= 0:
                    return self._take()
                self._condition.wait(None if self._wakeup == math.inf else remaining)
            return None

    def _add(self, path: str) -> None:
        self._last = self._condition.now()
        if not self._paths:
            self._first = self._last
        self._paths.add(path)
        if self._due() < self._wakeup:
            self._condition.notify_all()

    def _due(self) -> float:
        if not self._paths:
            return math.inf
        pace = self._pace()
        deadline = self._first + pace.max_seconds
        return deadline if self._open else min(self._last + pace.quiet_seconds, deadline)

    def _pace(self) -> Pace:
        if len(self._paths) > MAX_EDITOR_PATHS:
            return BY_PROGRAM
        return BY_EDITOR if self._unsettled else SAVED

    def _take(self) -> frozenset[str]:
        burst = frozenset(self._paths)
        for paths in (self._paths, self._open, self._unsettled):
            paths.clear()
        return burst
