"""Group JSON lines into threads: by the thread that a line names, else by its parent.

The result does not depend on the order of the lines, or on which of them lack `thread` or
`position`, and no two threads have one id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter

from msgspec import Struct

from sitegen import threads
from sitegen.model import Post, Thread

Name = tuple[str, str]  # a network and a thread's id there


class Line(Struct, frozen=True):
    """A record of the file: its post, its thread, and its stated position (0 for none)."""

    number: int
    post: Post
    thread: str | None
    position: int


def threads_of(lines: Sequence[Line]) -> tuple[Thread, ...]:
    """Group lines into threads; those without a thread join the one that they belong to."""
    named: dict[Name, list[Line]] = {}
    loose: list[Line] = []
    for line in lines:
        if line.thread:
            named.setdefault((line.post.network, line.thread), []).append(line)
        else:
            loose.append(line)
    if loose:
        _join(named, loose)
    return tuple(
        [Thread(n, network, _placed(n, own_lines)) for (network, n), own_lines in named.items()]
    )


def _join(named: dict[Name, list[Line]], loose: list[Line]) -> None:
    """Add lines that name no thread to the rest of their thread, or to one of their own."""
    of_post = {
        threads.key(line.post): name for name, own_lines in named.items() for line in own_lines
    }
    answered: dict[Name, Name] = {
        (line.post.network, line.post.reply_to): name
        for name, own_lines in sorted(named.items(), reverse=True)
        for line in own_lines
        if line.post.reply_to is not None
    }
    by_post = {threads.key(line.post): line for line in loose}
    ordered = sorted((line.post for line in loose), key=attrgetter("network", "id"))
    homes: dict[Name, list[Line]] = {}
    for thread in threads.group(ordered):
        home = _home(thread, named.keys(), of_post, answered) or (thread.network, thread.id)
        homes.setdefault(home, []).extend(by_post[threads.key(post)] for post in thread.posts)
    for name, own_lines in homes.items():
        named.setdefault(name, []).extend(own_lines)


def _home(
    thread: Thread,
    names: Iterable[Name],
    of_post: Mapping[threads.Key, Name],
    answered: Mapping[Name, Name],
) -> Name | None:
    """Return the named thread that posts without one belong to.

    It is that of their parents, else one named after one of them, else that of their replies.
    """
    above = [(post.network, post.reply_to) for post in thread.posts if post.reply_to is not None]
    own = [threads.key(post) for post in thread.posts]
    known = frozenset(names)
    homes = [of_post[key] for key in above if key in of_post]
    homes += [key for key in (*own, *above) if key in known]
    homes += [answered[key] for key in own if key in answered]
    return homes[0] if homes else None


def _placed(name: str, lines: list[Line]) -> tuple[Post, ...]:
    """Return the posts of a thread by their stated positions.

    A post without one follows the one before it in the file.
    """
    if len(lines) == 1:
        return (lines[0].post,)
    places = {line.position for line in lines}
    if len(places) == len(lines) and 0 not in places:
        return tuple([line.post for line in sorted(lines, key=attrgetter("position"))])
    by_post = {threads.key(line.post): line for line in lines}
    posts = sorted((line.post for line in lines), key=lambda post: (post.id != name, post.id))
    place, placed = 0, []
    for at, post in enumerate(threads.sort_posts(posts)):
        own = by_post[threads.key(post)].position
        place = own or place
        placed.append((place, not own, at, post))
    return tuple([post for *_, post in sorted(placed, key=lambda ranked: ranked[:3])])
