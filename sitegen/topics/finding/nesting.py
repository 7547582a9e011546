"""Of candidates within each other, keep those that are used on their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from sitegen.topics.finding.candidates import Candidate

Key = TypeVar("Key", str, tuple[str, ...])  # a run of characters, or a phrase of words
MIN_FREE = 0.3  # share of the posts of a part where it is not within a longer candidate
MIN_OF_RAREST = 0.3  # share of the posts of the rarest word of a phrase that have the whole phrase
MIN_OF_PART = 0.75  # share of the posts of a shorter phrase that have the longer one


def without_nested(
    found: Mapping[Key, Candidate], posts: Mapping[Key, frozenset[int]], least: int
) -> dict[Key, Candidate]:
    """Return candidates without parts that are hardly ever free, and phrases that add nothing.

    "Economic" is none where it is nearly always in "economic index", nor is "anthropic economic
    index" where that is but one of the ways to write of the index. `posts` are those of all words
    and phrases that are frequent.
    """
    kept = {key: each for key, each in found.items() if _adds_something(key, found, posts)}
    longer = [key for key in kept if len(key) > 1]
    result: dict[Key, Candidate] = {}
    for key, each in kept.items():
        within = [kept[other].posts for other in longer if _is_part(key, other)]
        free = each.posts.difference(*within)
        if not within:
            result[key] = each
        elif len(free) >= max(least, MIN_FREE * len(each.posts)):
            result[key] = each._replace(score=each.score * len(free) / len(each.posts))
    return result


def _adds_something(
    key: Key, found: Mapping[Key, Candidate], posts: Mapping[Key, frozenset[int]]
) -> bool:
    """Tell whether a phrase is more than a shorter one and a word, or two words by chance."""
    own = len(posts[key])
    if len(key) == 1:
        return True
    shorter = [part for part in _parts(key) if len(part) > 1 and part in found]
    if any(own < MIN_OF_PART * len(posts[part]) for part in shorter):
        return False
    if isinstance(key, str):
        return True
    words = [len(posts[word]) for word in (key[:1], key[-1:]) if word in posts]
    return own >= MIN_OF_RAREST * min(words)


def _parts(key: Key) -> Iterator[Key]:
    for size in range(1, len(key)):
        for start in range(len(key) - size + 1):
            yield key[start : start + size]


def _is_part(part: Key, whole: Key) -> bool:
    if len(part) >= len(whole):
        return False
    if isinstance(whole, str):
        return part in whole
    return any(whole[at : at + len(part)] == part for at in range(len(whole) - len(part) + 1))
