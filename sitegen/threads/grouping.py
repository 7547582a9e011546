"""Group posts into threads: replies with their roots, in reading order.

Reply chains may be circular, or ten thousand posts deep, so nothing here is recursive.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sitegen import timestamps
from sitegen.model import Post, Thread

Key = tuple[str, str]


def key(post: Post) -> Key:
    """Return the key of a post: its network and its id on it."""
    return post.network, post.id


def copies_of(post: Post) -> tuple[Key, ...]:
    """Return the keys of what is the same post: on other networks, or by a former id."""
    return tuple([(other.network or post.network, other.id) for other in post.also])


def group(posts: Iterable[Post], roots: Mapping[Key, str] = {}) -> tuple[Thread, ...]:
    """Group posts into threads by `reply_to`; a post whose parent is missing is a root.

    `roots` maps posts to the root ids that their source states. They keep a thread together if its
    root or a parent is missing. Threads are in the order of their first post.
    """
    posts = tuple(posts)
    replies = {key(p): (p.network, p.reply_to) for p in posts if p.reply_to is not None}
    known = {key(p): None for p in posts}
    parents = {child: parent for child, parent in replies.items() if parent in known}
    parents |= {
        child: (child[0], root)
        for child, root in roots.items()
        if child in replies and child not in parents and (child[0], root) != child
    }
    root_ids = _roots(known, parents)
    members: dict[Key, list[Post]] = defaultdict(list)
    for post in posts:
        members[root_ids[key(post)]].append(post)
    return tuple(make_thread(sort_posts(thread_posts)) for thread_posts in members.values())


def make_thread(posts: Sequence[Post]) -> Thread:
    """Build a thread from posts in reading order; the first is its root."""
    return Thread(posts[0].id, posts[0].network, tuple(posts))


def sort_posts(posts: Sequence[Post]) -> tuple[Post, ...]:
    """Sort a thread's posts in reading order: branch by branch, older branches first.

    Posts whose parent is missing follow, sorted by time.
    """
    present = {key(p) for p in posts}
    children: dict[Key | None, list[Post]] = defaultdict(list)
    for post in posts:
        parent = (post.network, post.reply_to) if post.reply_to is not None else None
        children[parent if parent in present and parent != key(post) else None].append(post)
    for siblings in children.values():
        siblings.sort(key=_sort_key)
    ordered: dict[Key, Post] = {}
    for start in (children[None], posts):  # a cycle has no start: begin anywhere in it
        stack = [p for p in reversed(start) if key(p) not in ordered]
        while stack:
            post = stack.pop()
            if key(post) not in ordered:
                ordered[key(post)] = post
                stack.extend(reversed(children.get(key(post), [])))
    return tuple(ordered.values())


def _sort_key(post: Post) -> tuple[bool, float]:
    """Return the sort key of a post: its time, unknown times last; ties keep the source's order."""
    return timestamps.sort_key(post.created_at)


def _roots(keys: Iterable[Key], parents: dict[Key, Key]) -> dict[Key, Key]:
    """Return the root of every post; that of a cycle is the post at which it was entered."""
    roots: dict[Key, Key] = {}
    for start in keys:
        path: list[Key] = []
        visited: set[Key] = set()
        current = start
        while current not in roots and current in parents and current not in visited:
            visited.add(current)
            path.append(current)
            current = parents[current]
        root = roots.get(current, current)
        for passed in (*path, current):
            roots.setdefault(passed, root)
    return roots
