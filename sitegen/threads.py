"""Group posts into threads: replies with their roots, in reading order.

Reply chains may be ten thousand posts deep or circular, so nothing here is recursive.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sitegen import timestamps
from sitegen.model import Post, Thread

Key = tuple[str, str]


def key(post: Post) -> Key:
    """Return what identifies a post: its network and its id there."""
    return post.network, post.id


def group(posts: Iterable[Post], roots: Mapping[Key, str] = {}) -> tuple[Thread, ...]:
    """Group posts into threads by their replies; a post whose parent is missing is a root.

    `roots` has the root ids that the source itself states for posts: these keep posts together
    whose root or parents are missing. Threads are in the order of their first post.
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
    return tuple(make_thread(sort_posts(posts_here)) for posts_here in members.values())


def make_thread(posts: Sequence[Post]) -> Thread:
    """Build a thread from posts in reading order; the first is its root."""
    return Thread(posts[0].id, posts[0].network, tuple(posts))


def sort_posts(posts: Sequence[Post]) -> tuple[Post, ...]:
    """Sort a thread's posts in reading order: branch by branch, older branches first.

    Posts whose parent is missing follow, sorted by time.
    """
    known = {key(p) for p in posts}
    children: dict[Key | None, list[Post]] = defaultdict(list)
    for post in posts:
        up = (post.network, post.reply_to) if post.reply_to is not None else None
        children[up if up in known and up != key(post) else None].append(post)
    for posts_here in children.values():
        posts_here.sort(key=_sort_key)
    done: dict[Key, Post] = {}
    for start in (children[None], posts):  # a cycle has no start: begin anywhere in it
        stack = [p for p in reversed(start) if key(p) not in done]
        while stack:
            post = stack.pop()
            if key(post) not in done:
                done[key(post)] = post
                stack.extend(reversed(children.get(key(post), [])))
    return tuple(done.values())


def _sort_key(post: Post) -> tuple[bool, float]:
    """Return the sort key of a post: its time, unknown times last; ties keep the source's order."""
    when = timestamps.instant(post.created_at)
    return when is None, when or 0.0


def _roots(known: Iterable[Key], parents: dict[Key, Key]) -> dict[Key, Key]:
    """Follow every chain to its root; the root of a cycle is the post where it was entered."""
    roots: dict[Key, Key] = {}
    for start in known:
        path: list[Key] = []
        seen: set[Key] = set()
        key_here = start
        while key_here not in roots and key_here in parents and key_here not in seen:
            seen.add(key_here)
            path.append(key_here)
            key_here = parents[key_here]
        root = roots.get(key_here, key_here)
        for step in (*path, key_here):
            roots.setdefault(step, root)
    return roots
