"""Find further pages in one file, and the text between two pages.

Dates fall from line to line within a page, except at reposts. After a page come descriptions of
accounts, without names and without an end mark; then the next page's first post.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sitegen.sources.page_text.bios import is_description
from sitegen.sources.page_text.posts.boundaries import Block
from sitegen.sources.page_text.posts.embeds import describes, earliest_start

SEVERAL = "Descriptions of accounts may be in its text: it seems to be the first of a second page."
CUT_OFF = (
    "The first of a second page: which lines above it are descriptions of accounts is a guess."
)
_MIN_LINES = 2
_TELLING = 3
_MAX_LINES_ATTACHED = 8


@dataclass(frozen=True, slots=True)
class Described:
    """The lines of descriptions above a post, and the number of the first line."""

    first: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pages:
    """The posts of a file by page, the text between the pages, and the doubtful posts.

    `starts` has the index of each page's first post, `doubts` the reasons for doubt by index.
    """

    blocks: tuple[Block, ...]
    starts: tuple[int, ...]
    between: tuple[Described, ...]
    doubts: dict[int, str]


def split_pages(blocks: Sequence[Block], moments: Sequence[int]) -> Pages:
    """Find the posts that begin another page, and remove the descriptions from their lines."""
    found = list(blocks)
    starts, between, doubts = [0], [], {}
    lone = _lone(blocks)
    above: list[int] = []
    for at, block in enumerate(blocks):
        rises = _rises(moments[at], above)
        described = at > 0 and _has_descriptions(block)
        if rises and described:
            found[at], taken = _without_descriptions(block)
            between.append(taken)
            starts.append(at)
            above = []
        if described or (at and at == lone) or (rises and len(block.lines) > 1):
            doubts[at] = CUT_OFF if found[at] is not block else SEVERAL
        insort(above, moments[at])
    return Pages(tuple(found), tuple(starts), tuple(between), doubts)


def _rises(moment: int, above: Sequence[int]) -> bool:
    """Return whether a post is newer than most of its page: more than a repost or two explain."""
    older = bisect_left(above, moment)
    return len(above) >= _MIN_LINES and older * 3 >= len(above) * 2


def _has_descriptions(block: Block) -> bool:
    """Return whether there seem to be descriptions of accounts above a post's own text."""
    *above, _ = block.lines or ("",)
    if not above:
        return False
    start = earliest_start(block.lines)
    if start >= _MAX_LINES_ATTACHED:  # too many lines for an attachment
        return True
    return is_description(above[0]) or (
        start >= _TELLING and any(map(is_description, above[:start]))
    )


def _lone(blocks: Sequence[Block]) -> int | None:
    """Return the only post with more than one line, if a page has enough others to compare."""
    found = [at for at, block in enumerate(blocks) if len(block.lines) > 1]
    is_odd = len(found) == 1 and len(blocks) > _TELLING and not describes(blocks[found[0]].lines[0])
    return found[0] if is_odd else None


def _without_descriptions(block: Block) -> tuple[Block, Described]:
    """Cut below the last line that looks like the description of an account."""
    lines = block.lines
    cut = max((i + 1 for i, line in enumerate(lines[:-1]) if is_description(line)), default=0)
    cut = max(cut, earliest_start(lines))
    taken = Described(block.first, lines[:cut])
    return replace(block, first=block.first + cut, lines=lines[cut:]), taken
