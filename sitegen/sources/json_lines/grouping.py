"""Group JSON lines into threads: by the thread that a line names, else by its parent.

The result does not depend on the order of the lines, nor on which of them lack `thread` or
`position`, and thread ids are unique within a network.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter

from msgspec import Struct

from sitegen import threads
from sitegen.model import Post, Thread

ThreadKey = tuple[str, str]  # a network and a thread's id


class Line(Struct, frozen=True):
    """A parsed line: its number, post, thread (None if not stated) and position (0 if not)."""

    number: int
    post: Post
    thread: str | None
    position: int


def threads_of(lines: Sequence[Line]) -> tuple[Thread, ...]:
    """Group lines into threads; those without a stated thread are assigned to one."""
    by_thread: dict[ThreadKey, list[Line]] = {}
    unassigned: list[Line] = []
    for line in lines:
        if line.thread:
            by_thread.setdefault((line.post.network, line.thread), []).append(line)
        else:
            unassigned.append(line)
    if unassigned:
        _assign_threads(by_thread, unassigned)
    return tuple(
        [
            Thread(n, network, _order_posts(n, own_lines))
            for (network, n), own_lines in by_thread.items()
        ]
    )


def _assign_threads(by_thread: dict[ThreadKey, list[Line]], unassigned: list[Line]) -> None:
    """Assign lines without a thread to that of related posts, else to a new one."""
    thread_by_post = {
        threads.key(line.post): name for name, own_lines in by_thread.items() for line in own_lines
    }
    thread_by_reply: dict[ThreadKey, ThreadKey] = {
        (line.post.network, line.post.reply_to): name
        for name, own_lines in sorted(by_thread.items(), reverse=True)
        for line in own_lines
        if line.post.reply_to is not None
    }
    by_post = {threads.key(line.post): line for line in unassigned}
    ordered = sorted((line.post for line in unassigned), key=attrgetter("network", "id"))
    assigned: dict[ThreadKey, list[Line]] = {}
    for thread in threads.group(ordered):
        target = _thread_of(thread, by_thread.keys(), thread_by_post, thread_by_reply) or (
            thread.network,
            thread.id,
        )
        assigned.setdefault(target, []).extend(by_post[threads.key(post)] for post in thread.posts)
    for name, own_lines in assigned.items():
        by_thread.setdefault(name, []).extend(own_lines)


def _thread_of(
    thread: Thread,
    names: Iterable[ThreadKey],
    thread_by_post: Mapping[threads.Key, ThreadKey],
    thread_by_reply: Mapping[ThreadKey, ThreadKey],
) -> ThreadKey | None:
    """Return the stated thread that a group of posts without one belongs to, or None.

    It is that of a parent, else one named by the id of a post or parent, else that of a reply.
    """
    parents = [(post.network, post.reply_to) for post in thread.posts if post.reply_to is not None]
    post_keys = [threads.key(post) for post in thread.posts]
    known = frozenset(names)
    candidates = [thread_by_post[key] for key in parents if key in thread_by_post]
    candidates += [key for key in (*post_keys, *parents) if key in known]
    candidates += [thread_by_reply[key] for key in post_keys if key in thread_by_reply]
    return candidates[0] if candidates else None


def _order_posts(name: str, lines: list[Line]) -> tuple[Post, ...]:
    """Return the posts of a thread in order of their stated positions.

    A post without a position follows the one before it in the order of replies.
    """
    if len(lines) == 1:
        return (lines[0].post,)
    positions = {line.position for line in lines}
    if len(positions) == len(lines) and 0 not in positions:
        return tuple([line.post for line in sorted(lines, key=attrgetter("position"))])
    by_post = {threads.key(line.post): line for line in lines}
    posts = sorted((line.post for line in lines), key=lambda post: (post.id != name, post.id))
    position, ranked = 0, []
    for at, post in enumerate(threads.sort_posts(posts)):
        stated = by_post[threads.key(post)].position
        position = stated or position
        ranked.append((position, not stated, at, post))
    return tuple([post for *_, post in sorted(ranked, key=lambda item: item[:3])])
