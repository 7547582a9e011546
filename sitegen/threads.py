"""Posts into threads: replies to their roots, and posts in reading order.

No recursion and no trust: chains may be ten thousand deep, or go round in a circle.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sitegen import timestamps
from sitegen.model import Post, Thread

Key = tuple[str, str]


def key(post: Post) -> Key:
    """Return what makes a post one post: its network and its id there."""
    return post.network, post.id


def group(posts: Iterable[Post], roots: Mapping[Key, str] = {}) -> tuple[Thread, ...]:
    """Gather posts into threads by their replies; a missing parent makes a root.

    `roots` has the ids of the roots that the source itself names for posts: those whose root
    or parents are missing stay together by it. Threads come in the order of their first post.
    """
    posts = tuple(posts)
    parents = {key(p): (p.network, p.reply_to) for p in posts if p.reply_to is not None}
    known = {key(p): None for p in posts}
    ups = {child: up for child, up in parents.items() if up in known}
    ups |= {
        child: (child[0], root)
        for child, root in roots.items()
        if child in parents and child not in ups and (child[0], root) != child
    }
    tops = _roots(known, ups)
    members: dict[Key, list[Post]] = defaultdict(list)
    for post in posts:
        members[tops[key(post)]].append(post)
    return tuple(thread_of(ordered(found)) for found in members.values())


def thread_of(posts: Sequence[Post]) -> Thread:
    """Make a thread of posts in reading order; the first is its root."""
    return Thread(posts[0].id, posts[0].network, tuple(posts))


def ordered(posts: Sequence[Post]) -> tuple[Post, ...]:
    """Put a thread's posts in reading order: each branch whole, older branches first.

    Posts whose parent is not among them follow in the order of their time.
    """
    known = {key(p) for p in posts}
    children: dict[Key | None, list[Post]] = defaultdict(list)
    for post in posts:
        up = (post.network, post.reply_to) if post.reply_to is not None else None
        children[up if up in known and up != key(post) else None].append(post)
    for found in children.values():
        found.sort(key=_moment)
    done: dict[Key, Post] = {}
    for start in (children[None], posts):  # a circle has no start: begin anywhere in it
        stack = [p for p in reversed(start) if key(p) not in done]
        while stack:
            post = stack.pop()
            if key(post) not in done:
                done[key(post)] = post
                stack.extend(reversed(children.get(key(post), [])))
    return tuple(done.values())


def _moment(post: Post) -> tuple[bool, float]:
    """Sort by time, unknown times last; ties keep the order of the source."""
    when = timestamps.instant(post.created_at)
    return when is None, when or 0.0


def _roots(known: Iterable[Key], parents: dict[Key, Key]) -> dict[Key, Key]:
    """Follow every chain to its root; a circle's root is where it was entered first."""
    roots: dict[Key, Key] = {}
    for start in known:
        path: list[Key] = []
        seen: set[Key] = set()
        at = start
        while at not in roots and at in parents and at not in seen:
            seen.add(at)
            path.append(at)
            at = parents[at]
        root = roots.get(at, at)
        for step in (*path, at):
            roots.setdefault(step, root)
    return roots
