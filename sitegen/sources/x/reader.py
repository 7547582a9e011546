"""Read all files of an X archive: its tweets, its owner, and the accounting of every record.

Each record is counted when it is read, and named when it is excluded: whether it becomes a post
is not known here, so that both can be compared in the end.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TypeVar

from msgspec import Raw, Struct, field
from msgspec.structs import replace

from sitegen.errors import SourceError
from sitegen.formats.archives import Members
from sitegen.model import Privacy
from sitegen.sources import Exclusion, Reason
from sitegen.sources.x.files import tweets_csv
from sitegen.sources.x.files.archive_files import (
    ACCOUNT,
    ARTICLES,
    CIRCLE,
    COMMUNITY,
    DELETED,
    DETAILS,
    METADATA,
    NOTES,
    PRIVATE,
    PROFILE,
    PROTECTIONS,
    TWEETS,
    File,
    kind_between,
    kind_called,
    kind_of,
)
from sitegen.sources.x.files.javascript import HEAD, Segment, segments_of
from sitegen.sources.x.files.manifest import Manifest, declared_count
from sitegen.sources.x.files.record_fields import decode
from sitegen.sources.x.files.record_types import (
    About,
    Account,
    Article,
    ArticleMetadata,
    Note,
    Protection,
    Tweet,
    UserDetails,
    identity,
)
from sitegen.sources.x.privacy import state_of_words

# Of a tweet that is in two files, the first of these counts: a community's file has
# more. What was deleted or for few is so in any file.
_ORDER = (DELETED, CIRCLE, COMMUNITY, TWEETS, NOTES, ARTICLES, METADATA)
_OF_OWNER = (ACCOUNT, PROFILE, PROTECTIONS, DETAILS)
_NEEDED = (TWEETS, COMMUNITY, NOTES, DELETED, CIRCLE)
_IS_TWEET = re.compile(rb'"(?:tweet|full_text|id_str)"\s*:')

T = TypeVar("T", bound=Struct)


class Ledger(Struct):
    """The records that are not posts, with reasons."""

    records: int = 0
    exclusions: list[Exclusion] = field(default_factory=list)
    oddities: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    lacks: Counter[str] = field(default_factory=Counter)

    def lack_notes(self) -> Iterator[str]:
        """Count the retweets whose original is incomplete in the archive."""
        for lack, count in sorted(self.lacks.items()):
            yield f"{lack}: {count:,}"

    def exclude(self, record: str, reason: Reason, detail: str = "") -> None:
        """Exclude a record, with the reason."""
        self.exclusions.append(Exclusion(record, reason, detail))


class Found(Struct):
    """The contents of an archive's files; records that are not decoded are None.

    `protections` is None if there is no file of them; `has_odd_protections` means that there
    is one, or should be, but it cannot be read. `stated` is who may see tweets by fields
    that are not X's own.
    """

    manifest: Manifest = Manifest()
    tweets: dict[str, Tweet] = field(default_factory=dict)
    long_texts: dict[str, Note] = field(default_factory=dict)
    articles: list[tuple[str, Article | None]] = field(default_factory=list)
    metadata: list[ArticleMetadata | None] = field(default_factory=list)
    stated: dict[str, Privacy] = field(default_factory=dict)
    withheld: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    account: Account = Account()
    about: About = About()
    details: UserDetails = UserDetails()
    protections: list[Protection] | None = None
    has_odd_protections: bool = False
    is_whole: bool = True


class Reading(Struct):
    """The state of reading an archive."""

    members: Members
    files: tuple[File, ...]
    manifest: Manifest = Manifest()
    ledger: Ledger = field(default_factory=Ledger)
    found: Found = field(default_factory=Found)

    def read(self) -> Found:
        """Read all files. Raises SourceError if the bytes of posts are unreadable."""
        self.found.manifest = self.manifest
        for kind in _ORDER:
            for file in self.files:
                if file.kind == kind:
                    self._read(file)
        for file in self.files:
            if file.kind not in _ORDER:
                self._count_or_read(file)
        self._look_for_missing({file.name for file in self.files})
        self._withhold_late()
        return self.found

    def _count_or_read(self, file: File) -> None:
        """Count the records of a file without posts, from the manifest if possible."""
        count = None
        if file.kind not in _OF_OWNER:
            count = declared_count(self.members, file.name, self.manifest)
        if count is None and file.kind == PRIVATE:
            count = 1  # private files are not opened, not even to count records
        if count is None:
            self._read(file)
            return
        self.ledger.records += count
        for number in range(1, count + 1):
            self._exclude_other(file.kind, f"{file.name} {number}")

    def _read(self, file: File) -> None:
        number = 0
        for kind, segment in self._segments(file):
            if kind == PROTECTIONS and self.found.protections is None:
                self.found.protections = []
            for raw in segment.records:
                number += 1
                self.ledger.records += 1
                self._take(kind, f"{file.name} {number}", raw)
            if segment.damaged is not None:
                number += 1
                self._note_damage(kind, f"{file.name} {number}", segment.damaged)

    def _segments(self, file: File) -> list[tuple[str, Segment]]:
        """Return the lists in a file and their kinds, deleted posts first."""
        try:
            data = self.members.read(file.name)
            segments = (
                tweets_csv.segments_of if tweets_csv.is_table(data[:HEAD]) else segments_of
            )(data)
        except SourceError as error:
            if file.kind in _NEEDED:
                raise
            segments = (Segment(None, (), error.message),)
        found = [(_kind_of(file, segment), segment) for segment in segments]
        places = {kind: place for place, kind in enumerate(_ORDER)}
        return sorted(found, key=lambda pair: places.get(pair[0], len(places)))

    def _note_damage(self, kind: str, record: str, what: str) -> None:
        self.ledger.records += 1
        self.ledger.exclude(record, "damaged", what)
        self.found.is_whole &= kind not in _ORDER
        self.found.has_odd_protections |= kind == PROTECTIONS
        if kind == ARTICLES:
            self.found.articles.append((record, None))
        elif kind == METADATA:
            self.found.metadata.append(None)

    # Records

    def _take(self, kind: str, record: str, raw: bytes | Raw) -> None:
        if kind in (TWEETS, COMMUNITY):
            self._take_tweet(record, raw)
        elif kind in (DELETED, CIRCLE):
            self._withhold(kind, record, raw)
        elif kind == NOTES:
            self._take_note(record, raw)
        elif kind == ARTICLES:
            self._take_article(record, raw)
        else:
            self._take_of_owner(kind, raw)
            self._exclude_other(kind, record)

    def _take_tweet(self, record: str, raw: bytes | Raw) -> None:
        tweet = self._decoded(raw, Tweet, "tweet")
        tweet_id = identity(tweet.id_str, tweet.id) if tweet else None
        if tweet_id and (state := state_of_words(raw)):
            self.found.stated[tweet_id] = state
        if tweet is None or tweet_id is None:
            self.ledger.exclude(record, "damaged", "" if tweet is None else "it has no id")
            self.found.is_whole = False
        elif tweet_id in self.found.deleted or tweet.deleted_at:
            self.found.deleted.add(tweet_id)
            self.ledger.exclude(tweet_id, "deleted by its author")
        elif tweet_id in self.found.withheld:
            self.ledger.exclude(tweet_id, "not public")
        elif tweet_id in self.found.tweets:
            self.found.tweets[tweet_id] = complete(self.found.tweets[tweet_id], tweet)
            self.ledger.exclude(tweet_id, "same post twice")
        else:
            self.found.tweets[tweet_id] = tweet

    def _withhold(self, kind: str, record: str, raw: bytes | Raw) -> None:
        tweet = self._decoded(raw, Tweet, "tweet")
        tweet_id = identity(tweet.id_str, tweet.id) if tweet else None
        reason: Reason = "deleted by its author" if kind == DELETED else "not public"
        self.ledger.exclude(tweet_id or record, reason)
        if tweet_id:
            (self.found.deleted if kind == DELETED else self.found.withheld).add(tweet_id)

    def _withhold_late(self) -> None:
        """Exclude tweets that a later list marks as deleted or for few."""
        for tweet_id in sorted(
            self.found.tweets.keys() & (self.found.deleted | self.found.withheld)
        ):
            del self.found.tweets[tweet_id]
            is_deleted = tweet_id in self.found.deleted
            self.ledger.exclude(tweet_id, "deleted by its author" if is_deleted else "not public")

    def _take_note(self, record: str, raw: bytes | Raw) -> None:
        note = self._decoded(raw, Note, "noteTweet")
        if note is None or note.core is None or note.core.text is None:
            self.ledger.exclude(record, "damaged", "a long text")
        else:
            self.found.long_texts[record] = note

    def _take_article(self, record: str, raw: bytes | Raw) -> None:
        article = self._decoded(raw, Article, "article")
        self.found.articles.append((record, article))
        if article is None:
            self.ledger.exclude(record, "damaged", "article")

    def _take_of_owner(self, kind: str, raw: bytes | Raw) -> None:
        """Read a record about the owner; of several the first counts."""
        found = self.found
        if kind == ACCOUNT and found.account == Account():
            found.account = self._decoded(raw, Account, "account") or Account()
        elif kind == PROFILE and found.about == About():
            found.about = self._decoded(raw, About, "profile") or About()
        elif kind == DETAILS and found.details == UserDetails():
            found.details = self._decoded(raw, UserDetails, "user") or UserDetails()
        elif kind == METADATA:
            found.metadata.append(self._decoded(raw, ArticleMetadata, "articleMetadata"))
        elif kind == PROTECTIONS:
            event = self._decoded(raw, Protection, "protectedHistory")
            found.protections = found.protections if found.protections is not None else []
            found.protections.append(event or Protection())

    def _exclude_other(self, kind: str, record: str) -> None:
        if kind == PRIVATE:
            self.ledger.exclude(record, "private message")
        else:
            self.ledger.exclude(record, "not a post", kind)

    def _decoded(self, raw: bytes | Raw, kind: type[T], wrapper: str) -> T | None:
        value, lost = decode(raw, kind, wrapper)
        self.ledger.oddities.update(f'unreadable "{name}" left out' for name in lost)
        return value

    # What is not there

    def _look_for_missing(self, names: set[str]) -> None:
        """Report files that the manifest lists but that are missing."""
        listed = {n: count for n, count in self.manifest.counts.items() if n not in names}
        for name, count in sorted(listed.items()):
            kind = kind_of(name)
            if kind in (TWEETS, COMMUNITY, NOTES) and count:
                self.found.is_whole = False
                self.ledger.notes.append(f"{name} with {count} records is listed, but not there")
            if kind == PROTECTIONS and count:
                self.found.has_odd_protections = True
            elif kind == PROTECTIONS and self.found.protections is None:
                self.found.protections = []
        if self.manifest.is_partial:
            self.found.is_whole = False
            self.ledger.notes.append("the archive says that it is a part of a larger one")


def complete(first: Tweet, second: Tweet) -> Tweet:
    """Complete a tweet with the fields of another copy."""
    missing = {
        name: value
        for name in Tweet.__struct_fields__
        if getattr(first, name) is None and (value := getattr(second, name)) is not None
    }
    return replace(first, **missing) if missing else first


def _kind_of(file: File, segment: Segment) -> str:
    """Return the kind of a list; one under a key of an object has tweets if it looks like it."""
    kind = kind_between(file.kind, segment.name)
    if kind != TWEETS or segment.name is None or kind_called(segment.name) == TWEETS:
        return kind
    has_tweets = any(_IS_TWEET.search(bytes(raw)) for raw in segment.records[:3])
    return kind if has_tweets or not segment.records else kind_called(segment.name)
