"""What a build saves about the index for the next one, and the directory that browsers load."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence

from msgspec import Struct, json
from msgspec.structs import replace

from sitegen.digests import hash_bytes
from sitegen.site.search import addresses
from sitegen.site.search.addresses import POSTS_PER_FILE, POSTS_PER_SEGMENT

VERSION_BYTES = 4
DIRECTORY_FILE = addresses.DIRECTORY + addresses.ENDING


class SegmentRecord(Struct, frozen=True, array_like=True):
    """A segment: what it was made from, and what the directory says of it.

    `order` is a digest of which posts it has, where. `threads` is the sum of the digests of these
    threads, so that it can be changed for one of them. `words` and `keys` are the first ones of
    each file; `accounts` are those in its keys; `digests` those of its files, see `SegmentFiles`.
    `hidden` has network and id of hidden posts that its posts answer, quote or repeat, and of their
    hidden copies.
    """

    order: bytes
    threads: int
    posts: int
    words: tuple[str, ...]
    keys: tuple[str, ...]
    accounts: tuple[str, ...]
    digests: tuple[bytes, bytes, bytes]
    hidden: tuple[tuple[str, str], ...] = ()

    @property
    def version(self) -> str:
        """What changes when any file of the segment does; it says nothing about hidden posts."""
        return hash_bytes(b"".join(self.digests))[:VERSION_BYTES].hex()

    def files(self, number: int) -> Iterator[str]:
        """Yield the names of the files of the segment."""
        for at in range(len(self.words)):
            yield from (addresses.words(number, at), addresses.positions(number, at))
        yield from [addresses.keys(number, at) for at in range(len(self.keys))]
        yield from (addresses.facets(number), addresses.likes(number))


class NamesRecord(Struct, frozen=True, array_like=True):
    """The names of accounts: what they were made from, the first one of each file, and a digest."""

    fingerprint: bytes
    firsts: tuple[str, ...] = ()
    digest: bytes = b""

    @property
    def version(self) -> str:
        """What changes when any file of names does."""
        return self.digest[:VERSION_BYTES].hex()

    def files(self) -> Iterator[str]:
        """Yield the names of the files."""
        return map(addresses.names, range(len(self.firsts)))


class TopicsRecord(Struct, frozen=True, array_like=True):
    """The topics: for how many segments there are how many files each, and a digest of them all."""

    segments: int = 0
    files_each: int = 0
    digest: bytes = b""

    @property
    def version(self) -> str:
        """What changes when any file of topics does; "" without topics."""
        return self.digest[:VERSION_BYTES].hex()

    def files(self) -> Iterator[str]:
        """Yield the names of the files."""
        if self.segments:
            yield addresses.TOPICS
        for segment in range(self.segments):
            yield from [addresses.segment_topics(segment, at) for at in range(self.files_each)]


class IndexRecord(Struct, frozen=True, array_like=True):
    """The index of a site; `undated` is how many of its posts have no time.

    `results` has the first bytes of a digest of each file of results.
    """

    segments: tuple[SegmentRecord, ...]
    names: NamesRecord
    undated: int
    topics: TopicsRecord
    results: tuple[bytes, ...] = ()

    @property
    def posts(self) -> int:
        """How many posts it has."""
        return sum([segment.posts for segment in self.segments])

    @property
    def paths(self) -> frozenset[str]:
        """The site paths of its files, without those of results."""
        files = {addresses.DIRECTORY, *self.names.files(), *self.topics.files()}
        for number, segment in enumerate(self.segments):
            files.update(segment.files(number))
        return frozenset([name + addresses.ENDING for name in files])

    def with_results(
        self, known: Sequence[bytes], written: Container[str], read: Callable[[str], bytes]
    ) -> IndexRecord:
        """Return this record with digests of the files of results, once these are in their places.

        `known` are those of the last build. What was `written` since is read again: files come from
        several processes, and to read all of them takes less than a hundredth of a first build.
        """
        digests = []
        for number in range(-(-self.posts // POSTS_PER_FILE)):
            path = addresses.results(number) + addresses.ENDING
            is_known = number < len(known) and path not in written
            digest = known[number] if is_known else hash_bytes(read(path))[:VERSION_BYTES]
            digests.append(digest)
        return replace(self, results=tuple(digests))

    def _results_version(self, segment: int) -> str:
        """Return what changes when any file with results of a segment does."""
        start = segment * POSTS_PER_SEGMENT
        end = start + self.segments[segment].posts
        own = self.results[start // POSTS_PER_FILE : -(-end // POSTS_PER_FILE)]
        return hash_bytes(b"".join(own))[:VERSION_BYTES].hex()

    def directory(self) -> bytes:
        """Return the directory that browsers load, see docs/search-index.md."""
        segments = [
            {
                "version": s.version,
                "results": self._results_version(number),
                "posts": s.posts,
                "words": s.words,
                "keys": s.keys,
            }
            for number, s in enumerate(self.segments)
        ]
        return addresses.script(
            addresses.DIRECTORY,
            json.encode(
                {
                    "posts": self.posts,
                    "undated": self.undated,
                    "perSegment": POSTS_PER_SEGMENT,
                    "perFile": POSTS_PER_FILE,
                    "segments": segments,
                    "names": {"version": self.names.version, "firsts": self.names.firsts},
                    "topics": self.topics.version,
                }
            ),
        )
