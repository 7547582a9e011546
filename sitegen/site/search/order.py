"""The order of all shown posts in the search index: those without a time, then the oldest first."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from sitegen.site.views.entries.thread_entries import UNDATED
from sitegen.site.views.summary import PlacedThread, values_in


class PlacedPost(NamedTuple):
    """A post at a position of a thread, from 0, and its time in seconds since 1970."""

    when: float
    thread: PlacedThread
    position: int

    @property
    def identity(self) -> tuple[str, str]:
        """The network and the id of the post."""
        return self.thread.network, self.thread.post_ids[self.position]

    def hidden_among(self, hidden: Container[tuple[str, str]]) -> list[tuple[str, str]]:
        """Return network and id of the hidden posts that the post answers, quotes or repeats."""
        quoted = values_in(self.thread.quotes, self.position, self.position + 1)
        named = [(self.thread.network, identity) for identity in quoted]
        return [identity for identity in named if identity in hidden]

    def hidden_copies(self, hidden: Container[tuple[str, str]]) -> Iterable[tuple[str, str]]:
        """Return network and id of the hidden posts that are copies of the post."""
        return self.thread.hidden_copies(hidden, self.position, self.position + 1)


def ordered(threads: Iterable[PlacedThread]) -> tuple[PlacedPost, ...]:
    """Return the posts of threads; of the same time, the last by network and id is first."""
    posts = [post for thread in threads for post in _posts(thread)]
    posts.sort(key=attrgetter("when"))
    in_order: list[PlacedPost] = []
    for _, same in groupby(posts, key=attrgetter("when")):
        in_order += sorted(same, key=attrgetter("identity"), reverse=True)
    return tuple(in_order)


def _posts(thread: PlacedThread) -> Iterator[PlacedPost]:
    yield PlacedPost(thread.when, thread, 0)
    for position, when in enumerate(thread.times, 1):
        yield PlacedPost(when, thread, position)


def count_undated(posts: Iterable[PlacedPost]) -> int:
    """Return how many posts have no time."""
    return sum([post.when == UNDATED for post in posts])


def thumbnail(post: PlacedPost, small: Mapping[str, str | None]) -> str:
    """Return the site path of a small version of a post's first picture, "" without one."""
    paths = post.thread.open_pictures(post.position)
    return next((found for path in paths if (found := small.get(path))), "")
