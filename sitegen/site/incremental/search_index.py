"""Bring the search index up to date: the segments whose posts changed, and what depends on them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property, partial
from itertools import chain, count
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Raw
from msgspec.structs import replace

from sitegen.config.schema import Config
from sitegen.digests import hash_bytes
from sitegen.site.cache.build_state import State
from sitegen.site.output_folder import Output
from sitegen.site.parsing.items import Item
from sitegen.site.search import addresses, edits, names, order, topics
from sitegen.site.search.addresses import POSTS_PER_SEGMENT
from sitegen.site.search.records import IndexRecord, NamesRecord, SegmentRecord, TopicsRecord
from sitegen.site.search.segment import (
    PARTS,
    IndexParts,
    IndexTask,
    SegmentFiles,
    SegmentPosts,
)
from sitegen.site.search.topics import SearchedTopic, TopicLists
from sitegen.site.views.summary import Entry

if TYPE_CHECKING:  # an edit of a few words plans nothing
    from sitegen.query.accounts import AccountNames
    from sitegen.site.plan.indexes import SearchedPosts
    from sitegen.site.plan.library import Library
    from sitegen.site.search.order import PlacedPost

INDEX_FORMAT = 4  # of the files: raise it with docs/search-index.md
MAX_SUM = 2**64
MAX_EDITED_THREADS = 50  # of a segment; with more, making it again is faster


class PlannedSegment(NamedTuple):
    """A segment of the index: its posts in order, by content file and position.

    `order` and `threads` are as in `SegmentRecord`. `hidden` are hidden posts that they answer,
    quote or repeat, and hidden copies of them.
    """

    sources: tuple[str, ...]
    positions: tuple[int, ...]
    order: bytes
    threads: int
    hidden: frozenset[tuple[str, str]]

    def posts(self, number: int, searched: Mapping[str, Raw]) -> SegmentPosts:
        """Return what the files of the segment are made from."""
        places = {source: place for place, source in enumerate(dict.fromkeys(self.sources))}
        threads = tuple([bytes(searched[source]) for source in places])
        refs = zip([places[source] for source in self.sources], self.positions, strict=True)
        return SegmentPosts(number, threads, tuple(refs), self.hidden)


class KnownAccounts:
    """The accounts that a site's posts and profiles state, and the people of the site."""

    def __init__(self, library: Library, config: Config) -> None:
        from sitegen.config import queries
        from sitegen.query.accounts import Statement

        wrote = [Statement(e.network, author) for e in library.entries for author in e.authors]
        profiles = [stored.profile for stored in library.profiles]
        known = [Statement(profile.network, profile.author) for profile in profiles]
        self.statements = tuple(dict.fromkeys([*wrote, *known]))
        self.people = queries.people(config)

    @cached_property
    def fingerprint(self) -> bytes:
        """A digest of what decides which accounts a name means."""
        known = repr((sorted(map(repr, self.statements)), sorted(self.people.items())))
        return hash_bytes(known.encode("utf-8", "surrogatepass"))

    @cached_property
    def names(self) -> AccountNames:
        """The names of the accounts."""
        from sitegen.query.accounts import AccountNames

        return AccountNames(self.statements, self.people)


class IndexFiles(NamedTuple):
    """The files of the last index in the output folder, by their names."""

    last: State
    output: Output
    reading: bytes

    def have(self, names: Iterable[str]) -> bool:
        """Tell whether files are as the last build left them, and would be made in the same way."""
        stats, existing = self.last.stats, self.output.existing
        paths = [name + addresses.ENDING for name in names]
        return self.last.reading == self.reading and all(
            path in self.last.outputs and stats[path] == existing.get(path) for path in paths
        )

    def read(self, name: str) -> bytes:
        """Read a file."""
        return (self.output.folder / f"{name}{addresses.ENDING}").read_bytes()


class Known(NamedTuple):
    """What the last build left: its state, and what has the files of its index as it left them.

    `parsed` are the content files that were read again since.
    """

    state: State
    files: IndexFiles
    parsed: Collection[str]

    @property
    def segments(self) -> tuple[SegmentRecord, ...]:
        """The segments of the last index."""
        return self.state.index.segments if self.state.index else ()


class IndexPlan(NamedTuple):
    """The index that a site should have, apart from its topics."""

    segments: tuple[PlannedSegment, ...]
    accounts: KnownAccounts
    undated: int


class Index(NamedTuple):
    """The files of an index that may have changed, and all that the next build must know of it.

    The directory comes later: it has versions of the files of results, which are pages.
    """

    files: dict[str, bytes]
    record: IndexRecord


def plan_index(searched: SearchedPosts, library: Library, config: Config) -> IndexPlan | None:
    """Plan the index of a site; None for a site without a search."""
    if searched is None:
        return None
    segments = [_segment(part, library, config.site.timezone) for part in _parts(searched)]
    accounts, undated = KnownAccounts(library, config), order.count_undated(searched)
    return IndexPlan(tuple(segments), accounts, undated)


def _parts(searched: tuple[PlacedPost, ...]) -> list[tuple[PlacedPost, ...]]:
    """Return the posts of each segment."""
    starts = range(0, len(searched), POSTS_PER_SEGMENT)
    return [searched[start : start + POSTS_PER_SEGMENT] for start in starts]


def _segment(posts: Sequence[PlacedPost], library: Library, timezone: str) -> PlannedSegment:
    sources = tuple([post.thread.source for post in posts])
    positions = tuple([post.position for post in posts])
    small = library.pictures.thumbnails
    thumbnails = [order.thumbnail(post, small) for post in posts] if small else []
    hidden = library.hidden
    found = [
        each
        for post in (posts if hidden else ())
        for each in (*post.hidden_among(hidden), *post.hidden_copies(hidden))
    ]
    made_of = repr((INDEX_FORMAT, timezone, sources, positions, thumbnails, found))
    threads = sum([thread_digest(library.items[source]) for source in {*sources}])
    return PlannedSegment(
        sources, positions, hash_bytes(made_of.encode()), threads % MAX_SUM, frozenset(found)
    )


def thread_digest(item: Item) -> int:
    """Return the digest of a thread as a number, of which `SegmentRecord` has the sum."""
    digest = item.digest if isinstance(item, Entry) else b""
    return int.from_bytes(hash_bytes(item.source.encode() + digest)[:8], "big")


class IndexUpdate(NamedTuple):
    """What is left to do for an index: `tasks` make the parts of segments.

    `files` have changed, and `kept` has the records of segments that need no task. `topics` are
    known later than the tasks, which helpers begin with while pages are planned.
    """

    plan: IndexPlan
    known: Known
    files: dict[str, bytes]
    kept: dict[int, SegmentRecord]
    tasks: tuple[IndexTask, ...]
    topics: TopicLists = TopicLists()

    def with_topics(self, shown: tuple[SearchedTopic, ...], searched: SearchedPosts) -> IndexUpdate:
        """Return the update of the index of a site that shows these topics."""
        return self._replace(topics=topics.topic_lists(shown, _parts(searched or ())))

    def finish(self, made: IndexParts) -> Index:
        """Return the files that may have changed, given the parts that tasks have made."""
        records = [
            self.kept.get(number) or _record(segment, made[number, "words"], made[number, "fields"])
            for number, segment in enumerate(self.plan.segments)
        ]
        named, own_names = _names(self.plan, records, self.known)
        own_topics, of_topics = _topics(self.topics, self.known)
        record = IndexRecord(tuple(records), own_names, self.plan.undated, of_topics)
        parts = chain.from_iterable(part.files.items() for part in made.values())
        return Index(self.files | dict(parts) | named | own_topics, record)


def plan_update(
    plan: IndexPlan | None, searched: Mapping[str, Raw], known: Known
) -> IndexUpdate | None:
    """Plan what to make of an index, if there is one: what is not as the last build left it."""
    if plan is None:
        return None
    files: dict[str, bytes] = {}
    kept: dict[int, SegmentRecord] = {}
    tasks: list[IndexTask] = []
    for number, segment in enumerate(plan.segments):
        if edited := _kept_or_edited(number, segment, searched, known):
            own, kept[number] = edited
            files |= own
        else:
            gather = partial(segment.posts, number, searched)
            tasks += [IndexTask(number, part, len(segment.sources), gather) for part in PARTS]
    return IndexUpdate(plan, known, files, kept, tuple(tasks))


def _kept_or_edited(
    number: int, segment: PlannedSegment, searched: Mapping[str, Raw], known: Known
) -> tuple[dict[str, bytes], SegmentRecord] | None:
    """Return the files of a segment that changed by edits of few posts; None if it must be made."""
    before = known.segments[number] if number < len(known.segments) else None
    if not before or before.order != segment.order or not known.files.have(before.files(number)):
        return None
    if before.threads == segment.threads:
        return {}, before
    parsed = {*known.parsed}.intersection(segment.sources)
    if len(parsed) > MAX_EDITED_THREADS:
        return None
    refs = zip(count(), segment.sources, segment.positions)
    posts = [(at, source, position) for at, source, position in refs if source in parsed]
    edited = edits.edited_posts(posts, known.state.searched, searched)
    if edited is None:
        return None
    made = edits.edit(number, before, edited, known.files.read)
    return made.files, replace(
        before,
        threads=segment.threads,
        words=made.words,
        keys=made.keys,
        accounts=made.accounts,
        digests=made.digests,
    )


def _record(segment: PlannedSegment, words: SegmentFiles, fields: SegmentFiles) -> SegmentRecord:
    return SegmentRecord(
        segment.order, segment.threads, len(segment.sources), words.words, fields.keys,
        fields.accounts, (words.digests[0], *fields.digests[1:]), tuple(sorted(segment.hidden)),
    )  # fmt: skip


def _names(
    plan: IndexPlan, records: Iterable[SegmentRecord], known: Known
) -> tuple[dict[str, bytes], NamesRecord]:
    """Return the files of names if they may have changed, and what the directory says of them."""
    accounts = sorted({account for record in records for account in record.accounts})
    fingerprint = hash_bytes(plan.accounts.fingerprint + repr(accounts).encode())
    before = known.state.index.names if known.state.index else None
    if before and before.fingerprint == fingerprint and known.files.have(before.files()):
        return {}, before
    return names.name_files(accounts, plan.accounts.names, plan.accounts.people, fingerprint)


def _topics(lists: TopicLists, known: Known) -> tuple[dict[str, bytes], TopicsRecord]:
    """Return the files of topics if they may have changed, and what the directory says of them."""
    files, record = topics.topic_files(lists)
    before = known.state.index.topics if known.state.index else None
    return {} if before == record and known.files.have(record.files()) else files, record
