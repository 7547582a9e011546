"""Cross-posts: merge the same thread on several networks into one with links to the others.

Only whole threads are merged: every post must have the same words as its counterpart, within
minutes. Links, mentions and spaces may differ, since every network writes them differently.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from sitegen import timestamps
from sitegen.content.archive_index import ArchiveIndex
from sitegen.ingest.source_reader import ReadSource
from sitegen.model import Elsewhere, Post, Thread
from sitegen.sources import Exclusion

MAX_MINUTES_APART = 10
MIN_CHARACTERS = 12  # of the words: shorter texts such as "Good morning" are often repeated
_LINKS = re.compile(r"(https?://|www\.)\S+|\b[\w-]+(\.[\w-]+)+/\S*|@[\w.-]+(@[\w.-]+)?")
_NO_LETTERS = re.compile(r"[\W_]+")
Key = tuple[str, str]

Links = dict[Key, tuple[Elsewhere, ...]]


def merge_crossposts(
    sources: Sequence[ReadSource], index: ArchiveIndex
) -> tuple[tuple[ReadSource, ...], Links]:
    """Merge copies of a thread; return the sources, and links for posts that only content/ has.

    A thread of content/ wins, otherwise one that a person deleted, which stays away with its
    copies, otherwise the first one imported. The posts of the copies become exclusions, and the
    thread that wins links to them. Raises ContentError.
    """
    stored = index.threads
    stored_keys = {(p.network, p.id) for t in stored for p in t.posts}
    deleted_keys = index.records.written - stored_keys
    imported = [thread for source in sources for thread in source.imported.threads]
    deleted = [thread for thread in imported if _key(thread.posts[0]) in deleted_keys]
    stored_keys |= {_key(thread.posts[0]) for thread in deleted}
    by_words = _ThreadIndex((*stored, *deleted))
    links: Links = defaultdict(tuple)
    dropped: dict[Key, str] = {}
    for source in sources:
        for thread in source.imported.threads:
            counterpart = (
                None if _key(thread.posts[0]) in stored_keys else by_words.find_counterpart(thread)
            )
            if counterpart is None:
                by_words.add(thread)
                continue
            dropped |= {_key(p): f"{counterpart.network} {counterpart.id}" for p in thread.posts}
            for post, copy in zip(counterpart.posts, thread.posts, strict=True):
                links[_key(post)] += (Elsewhere(copy.id, copy.url, network=copy.network),)
    incoming = {_key(p) for source in sources for t in source.imported.threads for p in t.posts}
    for_stored_posts = {key: copies for key, copies in links.items() if key not in incoming}
    return tuple([_drop_threads(source, links, dropped) for source in sources]), for_stored_posts


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
    return words if len(words) >= MIN_CHARACTERS and not post.repost_of else None


def _normalise(post: Post) -> str:
    return _NO_LETTERS.sub("", _LINKS.sub(" ", post.text)).casefold()


def _key(post: Post) -> Key:
    return post.network, post.id


def _drop_threads(source: ReadSource, links: Links, dropped: Mapping[Key, str]) -> ReadSource:
    threads, exclusions = [], []
    for thread in source.imported.threads:
        if reason := dropped.get(_key(thread.posts[0])):
            exclusions += [Exclusion(p.id, "cross-post", f"as {reason}") for p in thread.posts]
        else:
            threads.append(_add_links(thread, links))
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
