"""How many files of an import are written, for whoever waits or stops it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

PREPARING, WRITING = "preparing files", "writing files"
Progress = Callable[[str, int, int], None]
T = TypeVar("T")


class Counted:
    """Reports how many files are written, while these are gone through."""

    def __init__(self, progress: Progress, total: int) -> None:
        self.progress = progress
        self.total = total
        self.done = 0

    def each(self, items: Iterable[T]) -> Iterator[T]:
        """Go through files that are each written before the next is asked for."""
        for item in items:
            self.progress(WRITING, self.done, self.total)
            yield item
            self.done += 1

    def at_once(self, items: Iterable[T]) -> Iterator[T]:
        """Go through files none of which is in place before all are."""
        number = 0
        for number, item in enumerate(items, 1):
            self.progress(PREPARING, number - 1, self.total)
            yield item
        self.done += number
