"""Group listed posts into threads: the page states only time, number of replies, and text.

Posts are sorted oldest first. A post follows an earlier one if their numbers fit; without
numbers, if the earlier one has a reply and time, words and likes are evidence for it. A post
without replies has nothing below it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sitegen.sources.numbered_threads import Cues

_DAY = 1440
_HOUR = 60
_LOOK_BACK = 4
_MAX_POSTS_AHEAD = 6
_BEGINS = 1.5
_NEARNESS = ((0, 3.0), (1, 2.5), (5, 1.0), (15, -0.5), (_HOUR, -2.0))


@dataclass(frozen=True, slots=True)
class Item:
    """A post for threading: its minute as a number, its counts, its cues."""

    moment: int
    replies: int | None
    likes: int
    cues: Cues


@dataclass(slots=True)
class _Open:
    """A thread that may continue: the positions of its posts, and the last number."""

    root: Item
    tail: Item
    posts: list[int] = field(default_factory=list)
    number: int | None = None
    total: int | None = None

    def append(self, at: int, item: Item) -> None:
        self.posts.append(at)
        self.tail = item
        if item.cues.number:
            self.number, self.total = item.cues.number, item.cues.total or self.total
        elif self.number:
            self.number += 1

    @property
    def answered(self) -> bool:
        return self.tail.replies != 0

    @property
    def finished(self) -> bool:
        return self.total is not None and self.number == self.total


def chains(items: Sequence[Item]) -> tuple[tuple[int, ...], ...]:
    """Group posts, given oldest first, into threads of positions, root first."""
    threads: list[_Open] = []
    closed: list[_Open] = []
    for at, item in enumerate(items):
        thread = _home(items, at, threads)
        if thread is None:
            thread = _Open(item, item)
        else:
            threads.remove(thread)
        thread.append(at, item)
        threads.append(thread)
        if len(threads) > _LOOK_BACK * 2:
            closed.append(threads.pop(0))
    return tuple(tuple(thread.posts) for thread in [*closed, *threads])


def _home(items: Sequence[Item], at: int, threads: Sequence[_Open]) -> _Open | None:
    """Return the thread that a post continues, or None if it begins one."""
    item = items[at]
    if item.cues.number == 1:
        return _below_announcement(item, threads)
    if item.cues.number:
        thread = _by_number(item, threads) or _by_gap(item, threads)
        if thread or _next_number(items, at) == item.cues.number + 1:
            return thread
    else:
        thread, is_apart = _by_hole(items, at, threads)
        if thread or is_apart:
            return thread
    return _by_likeness(item, threads)


def _gap(item: Item, thread: _Open) -> int:
    return abs(item.moment - thread.tail.moment)


def _below_announcement(item: Item, threads: Sequence[_Open]) -> _Open | None:
    """Return the post without a number that a post `1/` belongs below, if there is one."""
    if not threads:
        return None
    last = threads[-1]
    fresh = len(last.posts) == 1 and last.number is None and last.answered
    return last if fresh and _weight(item, last) > _BEGINS else None


def _by_number(item: Item, threads: Sequence[_Open]) -> _Open | None:
    """Return the thread whose last number is the one before this."""
    for thread in reversed(threads):
        if not _fits(item, thread):
            continue
        reached = thread.number or len(thread.posts)
        near = _gap(item, thread) <= (_DAY if thread.number else _HOUR)
        if near and thread.answered and item.cues.number == reached + 1:
            return thread
    return None


def _by_gap(item: Item, threads: Sequence[_Open]) -> _Open | None:
    """Return the thread in which only a post or two are missing before this one."""
    for thread in reversed(threads):
        if thread.number and _fits(item, thread) and thread.answered:
            missing = (item.cues.number or 0) - thread.number - 1
            if 0 <= missing <= 2 and _gap(item, thread) <= _HOUR / 2:
                return thread
    return None


def _fits(item: Item, thread: _Open) -> bool:
    totals = {item.cues.total, thread.total} - {None}
    return len(totals) <= 1 and not thread.finished


def _next_number(items: Sequence[Item], at: int) -> int | None:
    """Return the number of the next post within the hour, if it has one."""
    follower = items[at + 1] if at + 1 < len(items) else None
    near = follower is not None and abs(follower.moment - items[at].moment) <= _HOUR
    return follower.cues.number if follower and near else None


def _by_hole(items: Sequence[Item], at: int, threads: Sequence[_Open]) -> tuple[_Open | None, bool]:
    """Place a post without a number by the numbers around it.

    Returns the thread whose next number it fills, and whether it is apart because the
    next number comes later.
    """
    thread = next((t for t in reversed(threads) if t.number and not t.finished), None)
    if thread is None or not thread.number or _gap(items[at], thread) > _HOUR:
        return None, False
    for ahead in range(at + 1, min(at + _MAX_POSTS_AHEAD, len(items))):
        number = items[ahead].cues.number
        if number and abs(items[ahead].moment - items[at].moment) <= _HOUR:
            fills = number == thread.number + 1 + (ahead - at)
            return (thread if fills and thread.answered else None), number == thread.number + 1
    return None, False


def _by_likeness(item: Item, threads: Sequence[_Open]) -> _Open | None:
    """Return the likeliest thread by time, words and likes, if one is likely."""
    best, most = None, 0.0
    for back, thread in enumerate(reversed(threads[-_LOOK_BACK:])):
        weight = _weight(item, thread) - back
        if thread.answered and weight > most:
            best, most = thread, weight
    return best


def _weight(item: Item, thread: _Open) -> float:
    gap = _gap(item, thread)
    weight = next((w for limit, w in _NEARNESS if gap <= limit), -6.0)
    weight += 2.0 * item.cues.goes_on + 1.5 * _listed(item, thread)
    announced = thread.root.cues.announces and (thread.number is None or gap <= 1)
    weight += 1.5 * (announced or thread.tail.cues.announces)
    weight -= 3.5 * thread.finished + 1.5 * (thread.tail.cues.closes and not thread.finished)
    weight -= 0.75 * (thread.number is not None and not item.cues.goes_on)
    weight -= 4.0 * (item.cues.opens and not item.cues.goes_on)
    jump = item.likes > 3 * max(thread.tail.likes, 1) + 3 and item.likes >= thread.root.likes
    return weight - 2.5 * (jump and len(thread.posts) > 1) - 1.0 * jump


def _listed(item: Item, thread: _Open) -> bool:
    """Return whether the post's list number, `2.`, continues that of the thread."""
    listed, before = item.cues.listed, thread.tail.cues.listed or 0
    return listed is not None and listed - 1 in (before, 0)
