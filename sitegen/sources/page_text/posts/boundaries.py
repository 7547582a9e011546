"""Find the end of each post in a page dump: the statistics line and the lines above it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sitegen.model import Counts
from sitegen.sources.page_text.posts.statistics import Statistics, ends
from sitegen.text import dates

_CUT = re.compile(
    r"^[\W_]*(?P<date>[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}"
    r"(?:\s+(?P<hour>[0-9]{1,2}):[0-9]{2}(?![0-9]))?)(?(hour)[^A-Za-z]{0,60}|\s+[0-9]{0,2}:?[0-9]?)$"
)
_BREAKS_OFF = "the page breaks off in this statistics line, so {} unknown"


@dataclass(frozen=True, slots=True)
class Block:
    """A listed post: the lines above a statistics line, and that line parsed.

    `first` and `last` are line numbers from 1; `last` is the statistics line. `minute` is
    ISO 8601 without a zone, which the page does not state; None if it cannot be read.
    """

    first: int
    last: int
    lines: tuple[str, ...]
    minute: str | None
    counts: Counts
    cut: bool = False
    doubts: tuple[str, ...] = ()
    rounded: int = 0

    @property
    def text(self) -> str:
        """Return all the lines above the statistics line."""
        return "\n".join(self.lines)


@dataclass(frozen=True, slots=True)
class Split:
    """A split page: listed posts, newest first, and the lines after the last.

    `tail_first` is the line number of the first of `tail`. `broken` are the first
    and last line of a post whose statistics line breaks off within its date.
    """

    blocks: tuple[Block, ...]
    tail_first: int
    tail: tuple[str, ...]
    broken: tuple[int, int] | None = None


def split_page(lines: tuple[str, ...]) -> Split:
    """Split a page at its statistics lines."""
    blocks: list[Block] = []
    above: list[str] = []
    for number, line in enumerate(lines, 1):
        found, rest = ends(line)
        for end in found:
            is_last = number == len(lines) and end is found[-1] and not rest
            end_statistics = _breaking_off(end) if is_last and None in _numbers(end.counts) else end
            blocks.append(_block(above, number, end_statistics, cut=end_statistics is not end))
            above = []
        if rest or not found:
            above.append(rest)
    return _with_cut(blocks, lines, above)


def moments(blocks: Sequence[Block]) -> list[int]:
    """Return the minutes of posts as numbers, to measure distances.

    A post without a known date gets the time of the next older one.
    """
    found: list[int] = []
    for block in reversed(blocks):
        found.append(_moment(block.minute) if block.minute else found[-1] if found else 0)
    return found[::-1]


def _moment(minute: str) -> int:
    at = datetime.fromisoformat(minute)
    return at.toordinal() * 1440 + at.hour * 60 + at.minute


def _numbers(counts: Counts) -> tuple[int | None, ...]:
    return counts.likes, counts.reposts, counts.replies, counts.quotes


def _breaking_off(found: Statistics) -> Statistics:
    """Return a statistics line at the end of the file, whose last count may lack digits."""
    known = {
        name: number
        for name, number in zip(Counts.__struct_fields__, _numbers(found.counts), strict=True)
        if name != found.last
    }
    doubts = (_BREAKS_OFF.format("its last counts are"),)
    return replace(found, counts=Counts(**known), doubts=doubts)


def _with_cut(blocks: list[Block], lines: tuple[str, ...], above: list[str]) -> Split:
    """Add the last post if the page is cut off inside its statistics line."""
    start = len(lines) - len(above)
    last = max((i for i, line in enumerate(above) if line.strip()), default=0)
    cut = _CUT.match(above[last]) if last else None
    if not cut:
        return Split(tuple(blocks), start + 1, tuple(above))
    written = dates.DATE_PATTERN.match(cut["date"]) if cut["hour"] else None
    minute = dates.match_to_iso(written) if written else None
    number = start + last + 1
    if not minute:
        return Split(tuple(blocks), number + 1, (), broken=(start + 1, number))
    doubts = (_BREAKS_OFF.format("the counts of its post are"),)
    found = Statistics(minute, Counts(), doubts=doubts)
    block = _block(above[:last], number, found, cut=True)
    return Split((*blocks, block), len(lines) + 1, ())


def _block(above: list[str], number: int, found: Statistics, *, cut: bool) -> Block:
    """Return the post that a line ends; blank lines around its own belong to none."""
    own = [*above, found.before] if found.before else [*above]
    while own and not own[-1].strip():
        own.pop()
    blank = next((i for i, line in enumerate(own) if line.strip()), len(own))
    first = number - len(above) + blank
    own_lines = tuple(own[blank:])
    return Block(
        first, number, own_lines, found.minute, found.counts, cut, found.doubts, found.rounded
    )
