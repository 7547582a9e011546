"""Cross-posts: merge the same thread on several networks into one with links to the others.

Only whole threads are merged: every post must have the same words as its counterpart, within
minutes. Links, mentions and spaces may differ, since each network writes them in its own way.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from sitegen import timestamps
from sitegen.content import content_folder
from sitegen.content.imported import import_records
from sitegen.ingest.source_reader import Read
from sitegen.model import Elsewhere, Post, Thread
from sitegen.sources import Exclusion

MAX_MINUTES_APART = 10
MIN_CHARACTERS = 12  # of the words: shorter texts such as "Good morning" are often repeated
_LINKS = re.compile(r"(https?://|www\.)\S+|\b[\w-]+(\.[\w-]+)+/\S*|@[\w.-]+(@[\w.-]+)?")
_OTHER = re.compile(r"[\W_]+")
Key = tuple[str, str]


Links = dict[Key, tuple[Elsewhere, ...]]


def merge_crossposts(reads: Sequence[Read], folder: Path) -> tuple[tuple[Read, ...], Links]:
    """Return the sources with each thread once, and the links for posts that only content/ has.

    A thread of content/ wins, else one that a person deleted, which stays away with its copies,
    else the first imported one; the posts of the others become exclusions, and are linked from it.
    Raises ContentError.
    """
    stored = content_folder.read_archive(folder)
    homes = {(p.network, p.id) for t in stored for p in t.posts}
    deleted = import_records.load(folder).written - homes
    gone = [t for r in reads for t in r.imported.threads if _key(t.posts[0]) in deleted]
    homes |= {_key(thread.posts[0]) for thread in gone}
    chosen = _ThreadIndex((*stored, *gone))
    links: Links = defaultdict(tuple)
    dropped: dict[Key, str] = {}
    for read in reads:
        for thread in read.imported.threads:
            counterpart = (
                None if _key(thread.posts[0]) in homes else chosen.find_counterpart(thread)
            )
            if counterpart is None:
                chosen.add(thread)
                continue
            dropped |= {_key(p): f"{counterpart.network} {counterpart.id}" for p in thread.posts}
            for post, other in zip(counterpart.posts, thread.posts, strict=True):
                links[_key(post)] += (Elsewhere(other.id, other.url, network=other.network),)
    incoming = {_key(p) for read in reads for t in read.imported.threads for p in t.posts}
    rest = {key: places for key, places in links.items() if key not in incoming}
    return tuple([_drop_threads(read, links, dropped) for read in reads]), rest


class _ThreadIndex:
    """The chosen threads, indexed by their words."""

    def __init__(self, threads: Iterable[Thread]) -> None:
        self._by_words: dict[str, list[Thread]] = defaultdict(list)
        for thread in threads:
            self.add(thread)

    def add(self, thread: Thread) -> None:
        if words := _words(thread.posts[0]):
            self._by_words[words].append(thread)

    def find_counterpart(self, thread: Thread) -> Thread | None:
        """Return the same thread on another network, if there is one."""
        offered = self._by_words.get(_words(thread.posts[0]) or "", ())
        return next((other for other in offered if _are_same_thread(thread, other)), None)


def _are_same_thread(first: Thread, other: Thread) -> bool:
    return (
        first.network != other.network
        and len(first.posts) == len(other.posts)
        and all(map(_are_same, first.posts, other.posts))
    )


def _are_same(first: Post, other: Post) -> bool:
    when, then = timestamps.instant(first.created_at), timestamps.instant(other.created_at)
    if when is None or then is None or abs(when - then) > MAX_MINUTES_APART * 60:
        return False
    return _plain(first) == _plain(other) and len(first.media) == len(other.media)


def _words(post: Post) -> str | None:
    plain = _plain(post)
    return plain if len(plain) >= MIN_CHARACTERS and not post.repost_of else None


def _plain(post: Post) -> str:
    return _OTHER.sub("", _LINKS.sub(" ", post.text)).casefold()


def _key(post: Post) -> Key:
    return post.network, post.id


def _drop_threads(read: Read, links: Links, dropped: Mapping[Key, str]) -> Read:
    threads, exclusions = [], []
    for thread in read.imported.threads:
        if reason := dropped.get(_key(thread.posts[0])):
            exclusions += [Exclusion(p.id, "cross-post", f"as {reason}") for p in thread.posts]
        else:
            threads.append(_add_links(thread, links))
    all_exclusions = (*read.imported.exclusions, *exclusions)
    imported = replace(read.imported, threads=tuple(threads), exclusions=all_exclusions)
    return replace(read, imported=imported)


def _add_links(thread: Thread, links: Links) -> Thread:
    """Add links to the copies of a thread's posts on other networks."""
    if not any(_key(post) in links for post in thread.posts):
        return thread
    return replace(
        thread, posts=tuple([_add_links_to_post(p, links.get(_key(p), ())) for p in thread.posts])
    )


def _add_links_to_post(post: Post, places: tuple[Elsewhere, ...]) -> Post:
    new = tuple([place for place in dict.fromkeys(places) if place not in post.also])
    return replace(post, also=(*post.also, *new)) if new else post
