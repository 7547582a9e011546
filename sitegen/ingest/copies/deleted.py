"""Copies of deleted posts: what a person deleted stays away under other ids too.

The text of a page has derived ids, and other networks have ids of their own. Such a copy is known
by the time and the words of the deleted post, from its record. A copy that is not certain to be
one, since its text is short, is imported and named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import cached_property

from msgspec import Struct

from sitegen.content.archive_index import ArchiveIndex
from sitegen.content.identity.derived_id_form import is_derived
from sitegen.content.imported import fingerprints
from sitegen.content.imported.fingerprints import Fingerprint
from sitegen.content.imported.record_lines import threads_of
from sitegen.ingest.source_reader import ReadSource
from sitegen.model import Post, Thread

MAX_SECONDS_APART = 600  # of cross-posts
MINUTES_APART = range(-10, 11)
ZONES = range(-14 * 60, 14 * 60 + 1, 15)  # minutes by which the time zone of a page may differ
Key = tuple[str, str]


class Original(Struct, frozen=True):
    """A recorded post and its fingerprint."""

    key: Key
    fingerprint: Fingerprint

    @property
    def minute(self) -> int:
        """The minute in which it was written, since 1970."""
        return self.fingerprint.seconds // 60


class PerhapsDeleted(Struct, frozen=True):
    """An imported post that may be a copy of a post that a person deleted."""

    key: Key
    original: Key


Copies = tuple[frozenset[Key], tuple[PerhapsDeleted, ...]]
NO_COPIES: Copies = frozenset(), ()


class DeletedPosts:
    """The posts that a person deleted, by their times and words."""

    def __init__(self, index: ArchiveIndex) -> None:
        self._index = index
        self._lines = index.records.posts
        self.networks = sorted({network for network, _ in self._lines})

    @cached_property
    def _stored(self) -> frozenset[Key]:
        """The posts of content/."""
        return frozenset([(p.network, p.id) for t in self._index.threads for p in t.posts])

    @cached_property
    def _recorded(self) -> dict[Key, Original]:
        written = self._index.records.written
        read = [(k, fingerprints.read(line.fingerprint)) for k, line in self._lines.items()]
        return {key: Original(key, found) for key, found in read if found and key in written}

    @cached_property
    def _by_words(self) -> dict[str, list[Original]]:
        """Recorded posts by each digest of their words."""
        found: dict[str, list[Original]] = defaultdict(list)
        for original in self._recorded.values():
            for digest in original.fingerprint.digests:
                found[digest].append(original)
        return found

    @cached_property
    def _short(self) -> dict[int, list[Original]]:
        """Recorded posts with few words, by minute."""
        found: dict[int, list[Original]] = defaultdict(list)
        for original in self._recorded.values():
            if not original.fingerprint.digests:
                found[original.minute].append(original)
        return found

    @cached_property
    def _threads(self) -> dict[str, list[tuple[Original, ...]]]:
        """Recorded threads, oldest post first, by the digests of its words."""
        members: dict[Key, list[Original]] = defaultdict(list)
        for key, original in self._recorded.items():
            members[key[0], threads_of(self._lines[key])[0]].append(original)
        threads: dict[str, list[tuple[Original, ...]]] = defaultdict(list)
        for posts in members.values():
            posts.sort(key=lambda post: (post.fingerprint.seconds, post.key))
            for digest in posts[0].fingerprint.digests:
                threads[digest].append(tuple(posts))
        return threads

    def is_new(self, key: Key) -> bool:
        """Return whether neither content/ nor its records have a post."""
        return key not in self._lines and key not in self._stored

    def is_deleted(self, original: Original) -> bool:
        """Return whether a person deleted a recorded post."""
        return original.key not in self._stored

    def find_original(self, post: Post, offsets: Iterable[int], network: str) -> Original | None:
        """Return the deleted post of a network with the words of a post.

        `offsets` are those in minutes by which the times of the two may differ.
        """
        found = fingerprints.fingerprint(post)
        if found is None:
            return None
        minute, wanted = found.seconds // 60, frozenset(offsets)
        listed = [each for digest in found.digests for each in self._by_words.get(digest, ())]
        if not found.digests:
            listed = [o for offset in wanted for o in self._short.get(minute + offset, ())]
        near = [each for each in listed if each.minute - minute in wanted]
        own = sorted([o for o in near if o.key[0] == network], key=lambda o: o.key)
        return next(filter(self.is_deleted, own), None)

    def find_thread(self, thread: Thread) -> tuple[Original, ...] | None:
        """Return the posts that a thread copies from another network, some of them deleted."""
        found = [fingerprints.fingerprint(post) for post in thread.posts]
        first = found[0].digests if found[0] and not thread.posts[0].repost_of else ()
        for originals in (posts for digest in first for posts in self._threads.get(digest, ())):
            is_other = originals[0].key[0] != thread.network and len(originals) == len(found)
            if is_other and all(map(_is_copy, originals, found)):
                return originals if any(map(self.is_deleted, originals)) else None
        return None


def find_page_copies(sources: Sequence[ReadSource], deleted: DeletedPosts) -> Copies:
    """Return the posts with derived ids that are copies of deleted posts, and uncertain ones."""
    copies: set[Key] = set()
    doubtful: list[PerhapsDeleted] = []
    for post in _posts(sources):
        key = post.network, post.id
        if is_derived(post.id) and (original := deleted.find_original(post, ZONES, post.network)):
            if deleted.is_new(key) and original.fingerprint.digests:
                copies.add(key)
            elif deleted.is_new(key):
                doubtful.append(PerhapsDeleted(key, original.key))
    return frozenset(copies), tuple(doubtful)


def find_doubtful_cross_posts(
    sources: Sequence[ReadSource], deleted: DeletedPosts, copies: Container[Key]
) -> tuple[PerhapsDeleted, ...]:
    """Return posts that have the words of a deleted one, but are no copies of its whole thread."""
    doubtful: list[PerhapsDeleted] = []
    for post in _posts(sources):
        key = post.network, post.id
        for network in deleted.networks if key not in copies else ():
            original = deleted.find_original(post, MINUTES_APART, network)
            if original and network != post.network and deleted.is_new(key):
                doubtful.append(PerhapsDeleted(key, original.key))
    return tuple(doubtful)


def _posts(sources: Sequence[ReadSource]) -> Iterator[Post]:
    for source in sources:
        for thread in source.imported.threads:
            yield from thread.posts


def _is_copy(original: Original, found: Fingerprint | None) -> bool:
    """Return whether a post has the time and the words of another; short ones have no digests."""
    if found is None or abs(found.seconds - original.fingerprint.seconds) > MAX_SECONDS_APART:
        return False
    known = original.fingerprint.digests
    return not {*known}.isdisjoint(found.digests) or not (known or found.digests)
