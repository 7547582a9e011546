"""Cross-posts: merge the same thread on several networks into one with links to the others.

Only whole threads are merged: every post must have the same words as its counterpart, within
minutes. Links, mentions and spaces may differ, since every network writes them differently.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from sitegen import timestamps
from sitegen.content.archive_index import ArchiveIndex
from sitegen.ingest.copies.deleted import DeletedPosts, Original
from sitegen.ingest.source_reader import ReadSource
from sitegen.model import Elsewhere, Post, Thread
from sitegen.sources import Exclusion
from sitegen.text import comparable
from sitegen.threads import group

MAX_MINUTES_APART = 10
Key = tuple[str, str]

Links = dict[Key, tuple[Elsewhere, ...]]


class Merged(NamedTuple):
    """Sources without cross-posts, and links for posts that only content/ has.

    `deleted_copies` are cross-posts of posts that a person deleted.
    """

    sources: tuple[ReadSource, ...]
    links: Links
    deleted_copies: frozenset[Key] = frozenset()


def merge_crossposts(
    sources: Sequence[ReadSource], index: ArchiveIndex, deleted: DeletedPosts | None
) -> Merged:
    """Merge copies of a thread; `deleted` are posts whose copies stay away.

    A thread of content/ wins, otherwise one that a person deleted, which stays away with its
    copies, otherwise the first one imported. The posts of the copies become exclusions, and the
    thread that wins links to them. Raises ContentError.
    """
    stored = index.threads
    in_content = frozenset([_key(post) for thread in stored for post in thread.posts])
    deleted_keys = index.records.written - in_content
    imported = [thread for source in sources for thread in source.imported.threads]
    known = [thread for thread in imported if _key(thread.posts[0]) in deleted_keys]
    winners = in_content | {_key(thread.posts[0]) for thread in known}
    by_words = _ThreadIndex((*stored, *known))
    copies = _Copies()
    for thread in imported:
        first = _key(thread.posts[0])
        counterpart = None if first in winners else by_words.find_counterpart(thread)
        if counterpart:
            copies.add(counterpart, thread)
        elif deleted and first not in in_content and (originals := deleted.find_thread(thread)):
            copies.add_of_deleted(originals, thread, deleted)
        else:
            by_words.add(thread)
    incoming = {_key(post) for thread in imported for post in thread.posts}
    for_stored_posts = {k: places for k, places in copies.links.items() if k not in incoming}
    kept = tuple([_drop_threads(source, copies.links, copies.dropped) for source in sources])
    return Merged(kept, for_stored_posts, frozenset(copies.of_deleted))


class _Copies:
    """The cross-posts of an import: links to them, the reasons to drop them, those of deleted."""

    def __init__(self) -> None:
        self.links: Links = defaultdict(tuple)
        self.dropped: dict[Key, str] = {}
        self.of_deleted: set[Key] = set()

    def add(self, winner: Thread, thread: Thread) -> None:
        """Add a copy of a whole thread."""
        for post, copy in zip(winner.posts, thread.posts, strict=True):
            self._add_post(_key(post), copy, (winner.network, winner.id))

    def add_of_deleted(
        self, originals: Sequence[Original], thread: Thread, deleted: DeletedPosts
    ) -> None:
        """Add a copy of a thread of which a person deleted posts."""
        for original, copy in zip(originals, thread.posts, strict=True):
            if deleted.is_deleted(original):
                self.of_deleted.add(_key(copy))
            else:
                self._add_post(original.key, copy, original.key)

    def _add_post(self, key: Key, copy: Post, winner: Key) -> None:
        self.dropped[_key(copy)] = " ".join(winner)
        self.links[key] += (Elsewhere(copy.id, copy.url, network=copy.network),)


class _ThreadIndex:
    """The threads that win, indexed by the words of their first post."""

    def __init__(self, threads: Iterable[Thread]) -> None:
        self._by_words: dict[str, list[Thread]] = defaultdict(list)
        for thread in threads:
            self.add(thread)

    def add(self, thread: Thread) -> None:
        if words := _index_key(thread.posts[0]):
            self._by_words[words].append(thread)

    def find_counterpart(self, thread: Thread) -> Thread | None:
        """Return the copy of a thread on another network, if there is one."""
        candidates = self._by_words.get(_index_key(thread.posts[0]) or "", ())
        return next(
            (candidate for candidate in candidates if _are_same_thread(thread, candidate)), None
        )


def _are_same_thread(first: Thread, second: Thread) -> bool:
    return (
        first.network != second.network
        and len(first.posts) == len(second.posts)
        and all(map(_are_same_post, first.posts, second.posts))
    )


def _are_same_post(first: Post, second: Post) -> bool:
    start, end = timestamps.instant(first.created_at), timestamps.instant(second.created_at)
    if start is None or end is None or abs(start - end) > MAX_MINUTES_APART * 60:
        return False
    return _normalise(first) == _normalise(second) and len(first.media) == len(second.media)


def _index_key(post: Post) -> str | None:
    words = _normalise(post)
    return words if len(words) >= comparable.MIN_CHARACTERS and not post.repost_of else None


def _normalise(post: Post) -> str:
    return comparable.letters(post.text)


def _key(post: Post) -> Key:
    return post.network, post.id


def _drop_threads(source: ReadSource, links: Links, dropped: Mapping[Key, str]) -> ReadSource:
    threads, exclusions = [], []
    for thread in source.imported.threads:
        gone = {p.id: reason for p in thread.posts if (reason := dropped.get(_key(p)))}
        exclusions += [Exclusion(i, "cross-post", f"as {reason}") for i, reason in gone.items()]
        if not gone:
            threads.append(_add_links(thread, links))
        elif rest := [post for post in thread.posts if post.id not in gone]:
            threads += group(rest)
    all_exclusions = (*source.imported.exclusions, *exclusions)
    imported = replace(source.imported, threads=tuple(threads), exclusions=all_exclusions)
    return replace(source, imported=imported)


def _add_links(thread: Thread, links: Links) -> Thread:
    """Add links to the copies of a thread's posts on other networks."""
    if not any(_key(post) in links for post in thread.posts):
        return thread
    return replace(
        thread, posts=tuple([_add_links_to_post(p, links.get(_key(p), ())) for p in thread.posts])
    )


def _add_links_to_post(post: Post, copies: tuple[Elsewhere, ...]) -> Post:
    new = tuple([copy for copy in dict.fromkeys(copies) if copy not in post.also])
    return replace(post, also=(*post.also, *new)) if new else post
