"""Find posts that occur twice, and posts that the page's owner may not have written.

A page is sorted by the time of posting or reposting, and does not say which. Its text can only
make a repost likely, so each finding is a doubt, never a fact.
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
_MAX_FUTURE_DATES = 3
_MIN_ORDERED_POSTS = 5
_POINTER = re.compile(r"(?:\b(?:thread|below)\b|[👇🧵⬇↓])[\s:.\ufe0f👇🧵⬇↓]*$", re.IGNORECASE)
_SELF_MENTION = (
    r"(?:\b(?:i[’']?m|me|my|follow me|find me|i am)\b(?:\s+(?:at|on|here|as|account|:))*\s*)"
)


def find_repeats(
    blocks: Sequence[Block], starts: Sequence[int] = (0,)
) -> dict[int, tuple[int, Reason]]:
    """Return the index of each repeated post, with the index of the post to keep and the reason.

    Within a page it is a repost of oneself, and the lower one is the post. If a second page has
    the same posts again, those of the first page count.
    """
    last: dict[object, int] = {}
    repeated: dict[int, tuple[int, Reason]] = {}
    for index in range(len(blocks) - 1, -1, -1):
        block = blocks[index]
        key = (bisect(starts, index), block.minute, block.lines, block.counts)
        if not block.is_cut and key in last:
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


def out_of_order(minutes: Sequence[int]) -> frozenset[int]:
    """Return the positions of posts above newer ones, as the newest should be first.

    A single date in the future would make all posts above it look old: if these are more than
    half of a page, the newest date itself is returned instead. A page without any order proves
    nothing.
    """
    odd: set[int] = set()
    for _ in range(_MAX_FUTURE_DATES + 1):
        old, newest = _positions_above_newer(minutes, odd)
        if len(old) * 2 <= len(minutes) or len(minutes) < _MIN_ORDERED_POSTS:
            return frozenset(old | odd)
        odd.add(newest)
    return frozenset()


def _positions_above_newer(minutes: Sequence[int], odd: set[int]) -> tuple[set[int], int]:
    """Return the positions above newer posts, and that of the newest, without the odd ones."""
    old: set[int] = set()
    newest = -1
    for at in range(len(minutes) - 1, -1, -1):
        if at in odd:
            continue
        if newest >= 0 and minutes[at] < minutes[newest]:
            old.add(at)
        else:
            newest = at
    return old, newest


def is_about(text: str, account: str) -> bool:
    """Return whether a text mentions an account in the third person."""
    name = re.escape(account)
    mention = re.compile(rf"(?<![\w@.])@{name}(?![\w-]|\.\w)", re.IGNORECASE)
    own = re.compile(rf"{_SELF_MENTION}@{name}", re.IGNORECASE)
    return len(mention.findall(text)) > len(own.findall(text))


def points_elsewhere(text: str) -> bool:
    """Return whether a text ends by pointing to a thread or to something below it."""
    return _POINTER.search(text) is not None


def outlier_limit(likes: Sequence[int]) -> float:
    """Return how many likes make a post an outlier of its page."""
    return max(50.0, 20.0 * max(1.0, median(likes))) if likes else float("inf")
