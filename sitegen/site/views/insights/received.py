"""What the posts of a thread received: likes, reposts and replies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sitegen.model import NO_COUNTS, Author, Post
from sitegen.threads.kinds import is_repost


class Received(NamedTuple):
    """The numbers of likes, reposts and replies that a post of a thread received.

    `position` is that of the post, from 0. `author` is the position of its author among those of
    the thread, in which the first post's comes first.
    """

    position: int
    author: int
    likes: int
    reposts: int
    replies: int


def received(posts: Sequence[Post], others: Sequence[Author]) -> tuple[Received, ...]:
    """Return what the posts of a thread received; `others` are its authors but the first.

    Reposts are left out, whose numbers are those of the original, and posts that received nothing.
    """
    first, found = posts[0].author, []
    for at, post in enumerate(posts):
        counts = post.counts
        if counts is NO_COUNTS:
            continue
        numbers = counts.likes or 0, counts.reposts or 0, counts.replies or 0
        if any(numbers) and not is_repost(post):
            is_first = post.author is first or post.author == first
            author = 0 if is_first else others.index(post.author) + 1
            found.append(Received(at, author, *numbers))
    return tuple(found)
