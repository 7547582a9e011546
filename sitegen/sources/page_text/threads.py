"""Group the posts of a page into threads, by their times, numbers of replies, and texts.

Posts come oldest first. A post continues a thread if its number in the thread fits. Without a
number it does if time, words and likes are evidence for it. Nothing continues a thread whose last
post has no replies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sitegen.sources.numbered_threads import Cues

_DAY = 1440
_HOUR = 60
_LOOK_BACK = 4
_MAX_POSTS_AHEAD = 6
_MIN_ANNOUNCED_WEIGHT = 1.5
_NEARNESS = ((0, 3.0), (1, 2.5), (5, 1.0), (15, -0.5), (_HOUR, -2.0))


@dataclass(frozen=True, slots=True)
class ThreadPost:
    """A post for threading: its minute as a number, its counts, its cues."""

    minute: int
    replies: int | None
    likes: int
    cues: Cues


@dataclass(slots=True)
class _OpenThread:
    """A thread that may continue: the positions of its posts, and its last number."""

    root: ThreadPost
    tail: ThreadPost
    posts: list[int] = field(default_factory=list)
    number: int | None = None
    total: int | None = None

    def append(self, at: int, post: ThreadPost) -> None:
        self.posts.append(at)
        self.tail = post
        if post.cues.number:
            self.number, self.total = post.cues.number, post.cues.total or self.total
        elif self.number:
            self.number += 1

    @property
    def has_replies(self) -> bool:
        return self.tail.replies != 0

    @property
    def is_finished(self) -> bool:
        return self.total is not None and self.number == self.total


def group_posts(posts: Sequence[ThreadPost]) -> tuple[tuple[int, ...], ...]:
    """Group posts, oldest first, into threads of positions, root first."""
    threads: list[_OpenThread] = []
    closed: list[_OpenThread] = []
    for at, post in enumerate(posts):
        thread = _find_thread(posts, at, threads)
        if thread is None:
            thread = _OpenThread(post, post)
        else:
            threads.remove(thread)
        thread.append(at, post)
        threads.append(thread)
        if len(threads) > _LOOK_BACK * 2:
            closed.append(threads.pop(0))
    return tuple(tuple(thread.posts) for thread in [*closed, *threads])


def _find_thread(
    posts: Sequence[ThreadPost], at: int, threads: Sequence[_OpenThread]
) -> _OpenThread | None:
    """Return the thread that a post continues, or None if it begins one."""
    post = posts[at]
    if post.cues.number == 1:
        return _announced_by(post, threads)
    if post.cues.number:
        thread = _next_in_numbers(post, threads) or _after_missing_posts(post, threads)
        if thread or _next_number(posts, at) == post.cues.number + 1:
            return thread
    else:
        thread, is_apart = _between_numbers(posts, at, threads)
        if thread or is_apart:
            return thread
    return _likeliest(post, threads)


def _gap(post: ThreadPost, thread: _OpenThread) -> int:
    return abs(post.minute - thread.tail.minute)


def _announced_by(post: ThreadPost, threads: Sequence[_OpenThread]) -> _OpenThread | None:
    """Return the thread whose only post, without a number, announces a post `1/`."""
    if not threads:
        return None
    last = threads[-1]
    is_root = len(last.posts) == 1 and last.number is None and last.has_replies
    return last if is_root and _weight(post, last) > _MIN_ANNOUNCED_WEIGHT else None


def _next_in_numbers(post: ThreadPost, threads: Sequence[_OpenThread]) -> _OpenThread | None:
    """Return the thread whose last number is the one before this."""
    for thread in reversed(threads):
        is_next = post.cues.number == (thread.number or len(thread.posts)) + 1
        is_near = _gap(post, thread) <= (_DAY if thread.number else _HOUR)
        if is_next and is_near and thread.has_replies and _fits(post, thread):
            return thread
    return None


def _after_missing_posts(post: ThreadPost, threads: Sequence[_OpenThread]) -> _OpenThread | None:
    """Return the thread in which at most two posts are missing before this one."""
    for thread in reversed(threads):
        if thread.number and _fits(post, thread) and thread.has_replies:
            missing = (post.cues.number or 0) - thread.number - 1
            if 0 <= missing <= 2 and _gap(post, thread) <= _HOUR / 2:
                return thread
    return None


def _fits(post: ThreadPost, thread: _OpenThread) -> bool:
    totals = {post.cues.total, thread.total} - {None}
    return len(totals) <= 1 and not thread.is_finished


def _next_number(posts: Sequence[ThreadPost], at: int) -> int | None:
    """Return the number of the next post within the hour, if it has one."""
    follower = posts[at + 1] if at + 1 < len(posts) else None
    near = follower is not None and abs(follower.minute - posts[at].minute) <= _HOUR
    return follower.cues.number if follower and near else None


def _between_numbers(
    posts: Sequence[ThreadPost], at: int, threads: Sequence[_OpenThread]
) -> tuple[_OpenThread | None, bool]:
    """Place a post without a number by the numbers around it.

    Returns the thread in which it takes the next number, and whether it belongs to none because a
    later post has that number.
    """
    thread = next((t for t in reversed(threads) if t.number and not t.is_finished), None)
    if thread is None or not thread.number or _gap(posts[at], thread) > _HOUR:
        return None, False
    for ahead in range(at + 1, min(at + _MAX_POSTS_AHEAD, len(posts))):
        number = posts[ahead].cues.number
        if number and abs(posts[ahead].minute - posts[at].minute) <= _HOUR:
            fills = number == thread.number + 1 + (ahead - at)
            return (thread if fills and thread.has_replies else None), number == thread.number + 1
    return None, False


def _likeliest(post: ThreadPost, threads: Sequence[_OpenThread]) -> _OpenThread | None:
    """Return the most likely thread by time, words and likes, if one is likely."""
    best, highest = None, 0.0
    for back, thread in enumerate(reversed(threads[-_LOOK_BACK:])):
        weight = _weight(post, thread) - back
        if thread.has_replies and weight > highest:
            best, highest = thread, weight
    return best


def _weight(post: ThreadPost, thread: _OpenThread) -> float:
    """Return the evidence that a post continues a thread; negative if it speaks against it."""
    gap, cues, last, is_numbered = _gap(post, thread), post.cues, thread.tail, bool(thread.number)
    is_jump = post.likes > 3 * max(last.likes, 1) + 3 and post.likes >= thread.root.likes
    is_announced = thread.root.cues.announces and (not is_numbered or gap <= 1)
    evidence = (
        (2.0, cues.goes_on),
        (1.5, _continues_list(post, thread)),
        (1.5, is_announced or last.cues.announces),
        (-3.5, thread.is_finished),
        (-1.5, last.cues.closes and not thread.is_finished),
        (-0.75, is_numbered and not cues.goes_on),
        (-4.0, cues.opens and not cues.goes_on),
        (-1.0, is_jump),
        (-2.5, is_jump and len(thread.posts) > 1),
    )
    nearness = next((weight for limit, weight in _NEARNESS if gap <= limit), -6.0)
    return nearness + sum(weight for weight, is_given in evidence if is_given)


def _continues_list(post: ThreadPost, thread: _OpenThread) -> bool:
    """Return whether the post's list number, `2.`, continues that of the thread."""
    listed, before = post.cues.listed, thread.tail.cues.listed or 0
    return listed is not None and listed - 1 in (before, 0)
