"""Split a page into posts: each is a statistics line and the lines above it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from msgspec.structs import asdict, astuple

from sitegen.model import Counts
from sitegen.sources.page_text.posts.statistics import Statistics, parse_line
from sitegen.text import dates

_CUT_STATISTICS = re.compile(
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
    is_cut: bool = False
    doubts: tuple[str, ...] = ()
    rounded: int = 0

    @property
    def text(self) -> str:
        """Return all the lines above the statistics line."""
        return "\n".join(self.lines)


@dataclass(frozen=True, slots=True)
class Split:
    """A page's posts, newest first, and the lines after the last post.

    `tail_first` is the number of the first line of `tail`. `broken` are the numbers of the first
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
        ends, rest = parse_line(line)
        for end in ends:
            is_last = number == len(lines) and end is ends[-1] and not rest
            is_cut = is_last and None in astuple(end.counts)
            blocks.append(
                _block(above, number, _without_last_count(end) if is_cut else end, is_cut)
            )
            above = []
        if rest or not ends:
            above.append(rest)
    return _add_cut_post(blocks, lines, above)


def minutes_of(blocks: Sequence[Block]) -> list[int]:
    """Return the minutes of posts as numbers, to measure distances.

    A post without a date gets the minute of the next older one.
    """
    minute, minutes = 0, []
    for block in reversed(blocks):
        if block.minute:
            when = datetime.fromisoformat(block.minute)
            minute = when.toordinal() * 1440 + when.hour * 60 + when.minute
        minutes.append(minute)
    return minutes[::-1]


def _without_last_count(end: Statistics) -> Statistics:
    """Remove the last count of a file, which may lack digits."""
    counts = {name: n for name, n in asdict(end.counts).items() if name != end.last}
    return replace(
        end, counts=Counts(**counts), doubts=(_BREAKS_OFF.format("its last counts are"),)
    )


def _add_cut_post(blocks: list[Block], lines: tuple[str, ...], above: list[str]) -> Split:
    """Add the last post if the page is cut off inside its statistics line."""
    start = len(lines) - len(above)
    last = max((i for i, line in enumerate(above) if line.strip()), default=0)
    cut = _CUT_STATISTICS.match(above[last]) if last else None
    if not cut:
        return Split(tuple(blocks), start + 1, tuple(above))
    written = dates.DATE_PATTERN.match(cut["date"]) if cut["hour"] else None
    minute = dates.match_to_iso(written) if written else None
    number = start + last + 1
    if not minute:
        return Split(tuple(blocks), number + 1, (), broken=(start + 1, number))
    doubts = (_BREAKS_OFF.format("the counts of its post are"),)
    block = _block(above[:last], number, Statistics(minute, Counts(), doubts=doubts), is_cut=True)
    return Split((*blocks, block), len(lines) + 1, ())


def _block(above: list[str], number: int, end: Statistics, is_cut: bool) -> Block:
    """Return the post that a line ends, without the blank lines around it."""
    own = [*above, end.before] if end.before else [*above]
    while own and not own[-1].strip():
        own.pop()
    blank = next((i for i, line in enumerate(own) if line.strip()), len(own))
    first = number - len(above) + blank
    own_lines = tuple(own[blank:])
    return Block(first, number, own_lines, end.minute, end.counts, is_cut, end.doubts, end.rounded)
