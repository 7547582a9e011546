"""Where each post of a page dump ends: the statistics lines and the lines above them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sitegen.model import Counts
from sitegen.repair import STATISTICS

_CUT = re.compile(
    r"^\s*(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.(?P<year>[0-9]{4})"
    r"(?:\s+(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?![0-9])[^A-Za-z]{0,60}|\s+[0-9]{0,2}:?[0-9]?)$"
)


@dataclass(frozen=True, slots=True)
class Block:
    """One listed post: the lines above a statistics line and what that line says.

    `first` and `last` are line numbers from 1; `last` is the statistics line. `minute` is
    ISO 8601 without a zone, which the page does not tell.
    """

    first: int
    last: int
    lines: tuple[str, ...]
    minute: str
    counts: Counts
    cut: bool = False

    @property
    def text(self) -> str:
        """Return all the lines above the statistics line."""
        return "\n".join(self.lines)

    @property
    def moment(self) -> int:
        """Return the minute as a number, to measure distances."""
        at = datetime.fromisoformat(self.minute)
        return at.toordinal() * 1440 + at.hour * 60 + at.minute


@dataclass(frozen=True, slots=True)
class Split:
    """A page taken apart: listed posts, newest first, and the lines after the last.

    `tail_first` is the line number of the first of `tail`. `broken` are the first
    and last line of a post whose statistics line breaks off within its date.
    """

    blocks: tuple[Block, ...]
    tail_first: int
    tail: tuple[str, ...]
    broken: tuple[int, int] | None = None


def split_page(lines: tuple[str, ...]) -> Split:
    """Take a page apart at its statistics lines."""
    blocks: list[Block] = []
    start = 0
    for index, line in enumerate(lines):
        found = STATISTICS.match(line)
        minute = _minute(found) if found else None
        if found and minute:
            blocks.append(_block(lines, start, index, minute, _counts(found)))
            start = index + 1
    return _with_cut(blocks, lines, start)


def _with_cut(blocks: list[Block], lines: tuple[str, ...], start: int) -> Split:
    """Add the last post when the page breaks off inside its statistics line."""
    last = max((i for i in range(start, len(lines)) if lines[i].strip()), default=start)
    cut = _CUT.match(lines[last]) if last < len(lines) and last > start else None
    if not cut:
        return Split(tuple(blocks), start + 1, lines[start:])
    minute = _minute(cut) if cut["hour"] else None
    if not minute:
        return Split(tuple(blocks), last + 2, (), broken=(start + 1, last + 1))
    block = _block(lines, start, last, minute, Counts(), cut=True)
    return Split((*blocks, block), len(lines) + 1, ())


def _block(
    lines: tuple[str, ...], start: int, end: int, minute: str, counts: Counts, *, cut: bool = False
) -> Block:
    above = list(lines[start:end])
    while above and not above[0].strip():
        above.pop(0)
    first = end - len(above) + 1
    while above and not above[-1].strip():
        above.pop()
    return Block(first, end + 1, tuple(above), minute, counts, cut)


def _minute(found: re.Match[str]) -> str | None:
    names = ("year", "month", "day", "hour", "minute")
    year, month, day, hour, minute = (int(found[name]) for name in names)
    try:
        at = datetime(year, month, day, hour, minute)  # noqa: DTZ001 - no zone is known
    except ValueError:
        return None
    return at.isoformat(timespec="minutes")


def _counts(found: re.Match[str]) -> Counts:
    likes, reposts = int(found["likes"]), int(found["reposts"])
    return Counts(likes, reposts, int(found["replies"]), int(found["quotes"]))
