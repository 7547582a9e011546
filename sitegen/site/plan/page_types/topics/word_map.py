"""Place the words of a map of topics: the largest in the middle, as many in a line as fit.

The widths of words are estimates, since no font is known here; there is room between them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from math import sqrt
from typing import TypeVar

from sitegen.site.views.topics.values import MapWord, TopicView

T = TypeVar("T")
WIDTH = 340  # units; on a phone, one is about a pixel
MIN_SIZE, MAX_SIZE = 15, 40  # of letters
GAP = 14  # between words
LEADING = 1.45
# The width of a letter in its size, as wide fonts have it.
_FULL_WIDTH, _CAPITAL, _BROAD, _USUAL, _SLIM = 1.02, 0.78, 0.98, 0.63, 0.4
_BROAD_LETTERS, _SLIM_LETTERS = frozenset("mwMW@%سشصضفكکگ"), frozenset("fijlrtI.,:;'’-! ")


def word_map(topics: Sequence[TopicView], most: int) -> tuple[tuple[MapWord, ...], int, int]:
    """Return the words of topics, the most frequent first, and the width and height of the map.

    `most` is the number of posts of the most frequent topic of all.
    """
    lines: list[list[tuple[TopicView, int, int]]] = []
    used = WIDTH
    for topic in topics:
        size = _size(topic, most)
        width = _width(topic.name, size)
        if used + GAP + width > WIDTH:
            lines.append([])
            used = -GAP
        lines[-1].append((topic, size, width))
        used += GAP + width
    return _placed(_middle_out(lines))


def _size(topic: TopicView, most: int) -> int:
    """Return the size of the letters of a topic, whose area grows with its posts."""
    size = max(MIN_SIZE, round(MAX_SIZE * sqrt(topic.count / most)))
    return max(8, min(size, size * WIDTH // max(1, _width(topic.name, size))))


def _width(name: str, size: int) -> int:
    return round(sum(map(_letter_width, name)) * size)


def _letter_width(char: str) -> float:
    if unicodedata.east_asian_width(char) in "WF":
        return _FULL_WIDTH
    if char in _BROAD_LETTERS:
        return _BROAD
    if char in _SLIM_LETTERS:
        return _SLIM
    return _CAPITAL if char.isupper() else _USUAL


def _middle_out(items: Sequence[T]) -> list[T]:
    """Return items with the first in the middle, and the others on both sides in turn."""
    ordered: list[T] = []
    for at, item in enumerate(items):
        ordered.insert(len(ordered) if at % 2 else 0, item)
    return ordered


def _placed(
    lines: Sequence[Sequence[tuple[TopicView, int, int]]],
) -> tuple[tuple[MapWord, ...], int, int]:
    words: list[MapWord] = []
    top = 0
    for line in lines:
        height = round(max([size for _, size, _ in line]) * LEADING)
        middle = top + height // 2
        x = (WIDTH - sum([width + GAP for *_, width in line]) + GAP) // 2
        for topic, size, width in _middle_out(line):
            words.append(MapWord(topic.name, topic.path, x + width // 2, middle, size))
            x += width + GAP
        top += height
    return tuple(words), WIDTH, top
