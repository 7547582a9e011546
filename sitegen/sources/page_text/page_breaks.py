"""Split a file into pages, and find the text between two pages.

Within a page, each post is older than the one above, except for reposts. After a page come
descriptions of accounts, without names and without an end mark; then the next page's first post.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sitegen.sources.page_text.bios import is_description
from sitegen.sources.page_text.posts.boundaries import Block
from sitegen.sources.page_text.posts.embeds import describes_picture, earliest_start

SEVERAL = "Descriptions of accounts may be in its text: it seems to be the first of a second page."
CUT_OFF = (
    "The first of a second page: which lines above it are descriptions of accounts is a guess."
)
_MIN_POSTS_ABOVE = 2
_MIN_LINES_ABOVE = 3
_MIN_POSTS_TO_COMPARE = 3
_MAX_LINES_ATTACHED = 8


@dataclass(frozen=True, slots=True)
class Descriptions:
    """The lines of descriptions above a post, and the number of the first line."""

    first: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pages:
    """The posts of a file by page, and the descriptions between pages.

    `starts` has the index of each page's first post, `doubts` the doubts about posts by index.
    """

    blocks: tuple[Block, ...]
    starts: tuple[int, ...]
    between: tuple[Descriptions, ...]
    doubts: dict[int, str]


def split_pages(blocks: Sequence[Block], minutes: Sequence[int]) -> Pages:
    """Find the posts that begin another page, and remove the descriptions from their lines."""
    posts = list(blocks)
    starts, between, doubts = [0], [], {}
    odd = _only_multiline_post(blocks)
    above: list[int] = []  # the minutes of the page so far, sorted
    for at, block in enumerate(blocks):
        is_newer = _is_newer_than_page(minutes[at], above)
        has_descriptions = at > 0 and _has_descriptions(block)
        if is_newer and has_descriptions:
            posts[at], descriptions = _without_descriptions(block)
            between.append(descriptions)
            starts.append(at)
            above = []
        if has_descriptions or (at and at == odd) or (is_newer and len(block.lines) > 1):
            doubts[at] = CUT_OFF if posts[at] is not block else SEVERAL
        insort(above, minutes[at])
    return Pages(tuple(posts), tuple(starts), tuple(between), doubts)


def _is_newer_than_page(minute: int, above: Sequence[int]) -> bool:
    """Return whether a post is newer than most posts above it, which reposts cannot explain."""
    older = bisect_left(above, minute)
    return len(above) >= _MIN_POSTS_ABOVE and older * 3 >= len(above) * 2


def _has_descriptions(block: Block) -> bool:
    """Return whether there seem to be descriptions of accounts above a post's own text."""
    *above, _ = block.lines or ("",)
    if not above:
        return False
    start = earliest_start(block.lines)
    is_too_long = start >= _MAX_LINES_ATTACHED  # for an attachment
    candidates = above[:start] if start >= _MIN_LINES_ABOVE else above[:1]
    return is_too_long or any(map(is_description, candidates))


def _only_multiline_post(blocks: Sequence[Block]) -> int | None:
    """Return the only post with several lines, if there are enough others to compare."""
    multiline = [at for at, block in enumerate(blocks) if len(block.lines) > 1]
    if len(multiline) != 1 or len(blocks) <= _MIN_POSTS_TO_COMPARE:
        return None
    return None if describes_picture(blocks[multiline[0]].lines[0]) else multiline[0]


def _without_descriptions(block: Block) -> tuple[Block, Descriptions]:
    """Split a post below the last line that looks like the description of an account."""
    lines = block.lines
    cut = max((i + 1 for i, line in enumerate(lines[:-1]) if is_description(line)), default=0)
    cut = max(cut, earliest_start(lines))
    descriptions = Descriptions(block.first, lines[:cut])
    return replace(block, first=block.first + cut, lines=lines[cut:]), descriptions
