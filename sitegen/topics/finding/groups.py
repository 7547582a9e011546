"""Group topics that belong together: those that the same threads are about."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush
from itertools import combinations
from math import sqrt

MAX_GROUPS = 10
MAX_SHARE = 1 / 3  # of all posts, that a group may have
MIN_SIMILARITY = 0.02


def group(
    posts: Mapping[int, Collection[int]], threads: Sequence[int], total: int
) -> list[tuple[int, ...]]:
    """Return groups of the topics with these posts, those with most posts first.

    `threads` has the number of the thread of each post; `total` is the number of posts. Clusters
    are joined by average linkage of the cosines between the threads of two topics, the most similar
    first, as long as no group gets more than a third of the posts. What stays alone is in no group.
    """
    masks = {topic: _mask(set(own)) for topic, own in posts.items()}
    of_threads = {topic: _mask({threads[at] for at in own}) for topic, own in posts.items()}
    clusters: dict[int, tuple[int, ...]] = {topic: (topic,) for topic in sorted(posts)}
    similar = {
        pair: _cosine(of_threads[pair[0]], of_threads[pair[1]])
        for pair in combinations(clusters, 2)
    }
    similar = {pair: value for pair, value in similar.items() if value > 0}
    waiting = [(-value, *pair) for pair, value in similar.items()]
    heapify(waiting)
    while waiting and -waiting[0][0] >= MIN_SIMILARITY:
        value, one, other = heappop(waiting)
        if similar.get((one, other)) != -value:
            continue  # one of them has been joined with another since
        del similar[one, other]
        if (masks[one] | masks[other]).bit_count() > MAX_SHARE * total:
            continue
        for each in _link(one, other, clusters, similar):
            heappush(waiting, each)
        masks[one] |= masks.pop(other)
    found = [(-masks[first].bit_count(), own) for first, own in clusters.items() if len(own) > 1]
    return [own for _, own in sorted(found)[:MAX_GROUPS]]


def _link(
    one: int,
    other: int,
    clusters: dict[int, tuple[int, ...]],
    similar: dict[tuple[int, int], float],
) -> Iterator[tuple[float, int, int]]:
    """Join two clusters under the name of the first; similarities to it are weighted means.

    Yields these, below zero, and whose they are.
    """
    sizes = len(clusters[one]), len(clusters[other])
    clusters[one] = tuple(sorted(clusters[one] + clusters.pop(other)))
    for third in clusters:
        if third != one:
            values = [similar.pop(_pair(third, each), 0.0) for each in (one, other)]
            mean = (values[0] * sizes[0] + values[1] * sizes[1]) / sum(sizes)
            if mean:
                pair = _pair(third, one)
                similar[pair] = mean
                yield (-mean, *pair)


def _pair(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)


def _mask(numbers: set[int]) -> int:
    """Return a set of numbers as bits."""
    data = bytearray(max(numbers, default=0) // 8 + 1)
    for number in numbers:
        data[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(data, "little")


def _cosine(one: int, other: int) -> float:
    return (one & other).bit_count() / sqrt(one.bit_count() * other.bit_count())
