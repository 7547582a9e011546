"""Find listed posts that occur twice, or that the page's owner may not have written.

A page lists by the time of posting or reposting, and does not say which. Its text can
only make a repost likely, so each finding is a reason for doubt, never a fact.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Sequence
from statistics import median

from sitegen.sources import Reason
from sitegen.sources.page_text.posts.boundaries import Block

OUT_OF_ORDER = "It is above newer posts, as a repost does, so someone else may have written it."
THIRD_PERSON = "It speaks of @{} as of another person, so someone else may have written it."
OUTLIER = (
    "It points to a thread that is not here and was liked far more than the posts around it,"
    " so it may be a repost of someone else's."
)
_MAX_ODD = 3
_TELLING = 5
_POINTS = re.compile(r"(?:\b(?:thread|below)\b|[👇🧵⬇↓])[\s:.\ufe0f👇🧵⬇↓]*$", re.IGNORECASE)
_OWN = r"(?:\b(?:i[’']?m|me|my|follow me|find me|i am)\b(?:\s+(?:at|on|here|as|account|:))*\s*)"


def repeats(blocks: Sequence[Block], starts: Sequence[int] = (0,)) -> dict[int, tuple[int, Reason]]:
    """Return the blocks that repeat another one: index -> index of the one to keep, and why.

    Within a page it is a repost of oneself, and the later line is the post. A second page may
    list the same posts again, with newer counts: then those of the first page count.
    """
    last: dict[object, int] = {}
    repeated: dict[int, tuple[int, Reason]] = {}
    for index in range(len(blocks) - 1, -1, -1):
        block = blocks[index]
        key = (bisect(starts, index), block.minute, block.lines, block.counts)
        if not block.cut and key in last:
            repeated[index] = last[key], "repost of oneself"
        last.setdefault(key, index)
    first: dict[object, int] = {}
    for index in (i for i in range(len(blocks)) if i not in repeated and len(starts) > 1):
        block = blocks[index]
        original = first.setdefault((block.minute, block.lines), index)
        if bisect(starts, original) != bisect(starts, index):
            repeated[index] = original, "same post twice"
    return {
        index: (repeated[to][0] if to in repeated else to, why)
        for index, (to, why) in repeated.items()
    }


def out_of_order(moments: Sequence[int]) -> frozenset[int]:
    """Return the positions above something newer, as the newest should come first.

    A single date in the future would make all above it seem old: if that is more than half of a
    page, the newest date is the odd one and is returned itself. A page without any
    order proves nothing.
    """
    odd: set[int] = set()
    for _ in range(_MAX_ODD + 1):
        old, newest = _above_newer(moments, odd)
        if len(old) * 2 <= len(moments) or len(moments) < _TELLING:
            return frozenset(old | odd)
        odd.add(newest)
    return frozenset()


def _above_newer(moments: Sequence[int], odd: set[int]) -> tuple[set[int], int]:
    """Return the positions above something newer and the newest one, leaving out the odd ones."""
    old: set[int] = set()
    newest = -1
    for at in range(len(moments) - 1, -1, -1):
        if at in odd:
            continue
        if newest >= 0 and moments[at] < moments[newest]:
            old.add(at)
        else:
            newest = at
    return old, newest


def speaks_of(text: str, account: str) -> bool:
    """Return whether a text names an account in the third person."""
    name = re.escape(account)
    mention = re.compile(rf"(?<![\w@.])@{name}(?![\w-]|\.\w)", re.IGNORECASE)
    own = re.compile(rf"{_OWN}@{name}", re.IGNORECASE)
    return len(mention.findall(text)) > len(own.findall(text))


def points_away(text: str) -> bool:
    """Return whether a text ends by pointing to a thread or something else below it."""
    return _POINTS.search(text) is not None


def outlier_bar(likes: Sequence[int]) -> float:
    """Return the number of likes that makes a post an outlier of its page."""
    return max(50.0, 20.0 * max(1.0, median(likes))) if likes else float("inf")
