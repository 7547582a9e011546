"""Read all files of an X archive, and account for every record.

Records are counted as they are read and excluded by name, independently of the posts that they
become, so that the two can be compared in the end.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TypeVar

from msgspec import Raw, Struct, field
from msgspec.structs import replace

from sitegen.errors import SourceError
from sitegen.formats.archives import Members
from sitegen.formats.json_fields import unreadable
from sitegen.model import Privacy
from sitegen.sources import Reason
from sitegen.sources.accounting import Accounting
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
    kind_of,
    kind_of_list,
    kind_of_name,
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
    id_of,
)
from sitegen.sources.x.privacy import state_of_foreign_fields

# If a tweet is in two files, the first of these counts: a community's file has more fields, and
# what was deleted or for a circle must not be published from another file.
_ORDER = (DELETED, CIRCLE, COMMUNITY, TWEETS, NOTES, ARTICLES, METADATA)
_DELETED: Reason = "deleted by its author"
# Records about the owner: where they are stored, their type, and the key around them.
_OWNER_RECORDS: dict[str, tuple[str, type[Account | About | UserDetails], str]] = {
    ACCOUNT: ("account", Account, "account"),
    PROFILE: ("about", About, "profile"),
    DETAILS: ("details", UserDetails, "user"),
}
_OWNER_KINDS = (*_OWNER_RECORDS, PROTECTIONS)
_NEEDED = (TWEETS, COMMUNITY, NOTES, DELETED, CIRCLE)
_IS_TWEET = re.compile(rb'"(?:tweet|full_text|id_str)"\s*:')

T = TypeVar("T", bound=Struct)


class Contents(Struct):
    """The decoded records of an archive's files.

    Undecodable articles and metadata are None, so that the others keep their positions.
    `stated` is who may see tweets by fields that are not X's own. `withheld` maps the ids of
    deleted tweets, and of those for a circle, to the reason. `protections` is None if there is
    no file of them; `has_odd_protections` means that there is one, or should be, but it cannot
    be read. `incomplete_retweets` are the reasons why originals are incomplete.
    """

    tweets: dict[str, Tweet] = field(default_factory=dict)
    long_texts: dict[str, Note] = field(default_factory=dict)
    articles: list[tuple[str, Article | None]] = field(default_factory=list)
    metadata: list[ArticleMetadata | None] = field(default_factory=list)
    stated: dict[str, Privacy] = field(default_factory=dict)
    withheld: dict[str, Reason] = field(default_factory=dict)
    account: Account = Account()
    about: About = About()
    details: UserDetails = UserDetails()
    protections: list[Protection] | None = None
    has_odd_protections: bool = False
    is_whole: bool = True
    incomplete_retweets: Counter[str] = field(default_factory=Counter)

    def deleted(self) -> frozenset[str]:
        """Return the ids of the tweets that their author deleted."""
        return frozenset(i for i, reason in self.withheld.items() if reason == _DELETED)


class ArchiveReader(Struct):
    """Reads the files of an archive, one after the other."""

    members: Members
    files: tuple[File, ...]
    manifest: Manifest = Manifest()
    accounting: Accounting = field(default_factory=Accounting)
    contents: Contents = field(default_factory=Contents)

    def read(self) -> None:
        """Read all files. Raises SourceError if the bytes of posts are unreadable."""
        for file in sorted(self.files, key=lambda file: _rank(file.kind)):
            if file.kind in _ORDER:
                self._read(file)
            else:
                self._count_or_read(file)
        self._report_missing_files({file.name for file in self.files})
        self._withhold_tweets_read_before()

    def _count_or_read(self, file: File) -> None:
        """Count the records of a file without posts, from the manifest if possible."""
        count = declared_count(self.members, file.name, self.manifest)
        if count is None and file.kind == PRIVATE:
            count = 1  # private files are not opened, not even to count records
        if count is None or file.kind in _OWNER_KINDS:
            self._read(file)
            return
        self.accounting.records += count
        for number in range(1, count + 1):
            self._exclude_non_post(file.kind, f"{file.name} {number}")

    def _read(self, file: File) -> None:
        number = 0
        for kind, segment in self._segments(file):
            if kind == PROTECTIONS and self.contents.protections is None:
                self.contents.protections = []
            for raw in segment.records:
                number += 1
                self.accounting.records += 1
                self._add(kind, f"{file.name} {number}", raw)
            if segment.damaged is not None:
                number += 1
                self._record_damage(kind, f"{file.name} {number}", segment.damaged)

    def _segments(self, file: File) -> list[tuple[str, Segment]]:
        """Return the lists in a file and their kinds, deleted posts first."""
        try:
            data = self.members.read(file.name)
            parse = tweets_csv.segments_of if tweets_csv.is_table(data[:HEAD]) else segments_of
            segments = parse(data)
        except SourceError as error:
            if file.kind in _NEEDED:
                raise
            segments = (Segment(None, (), error.message),)
        by_kind = [(_kind_of(file, segment), segment) for segment in segments]
        return sorted(by_kind, key=lambda pair: _rank(pair[0]))

    def _record_damage(self, kind: str, record: str, what: str) -> None:
        self.accounting.count_excluded(record, "damaged", what)
        self.contents.is_whole &= kind not in _ORDER
        self.contents.has_odd_protections |= kind == PROTECTIONS
        if kind == ARTICLES:
            self.contents.articles.append((record, None))
        elif kind == METADATA:
            self.contents.metadata.append(None)

    # Records

    def _add(self, kind: str, record: str, raw: bytes | Raw) -> None:
        if kind in (TWEETS, COMMUNITY):
            self._add_tweet(record, raw)
        elif kind in (DELETED, CIRCLE):
            self._withhold(kind, record, raw)
        elif kind == NOTES:
            self._add_note(record, raw)
        elif kind == ARTICLES:
            article = self._decode(raw, Article, "article")
            self.contents.articles.append((record, article))
            if article is None:
                self.accounting.exclude(record, "damaged", "article")
        else:
            self._add_other(kind, raw)
            self._exclude_non_post(kind, record)

    def _add_tweet(self, record: str, raw: bytes | Raw) -> None:
        contents, tweet = self.contents, self._decode(raw, Tweet, "tweet")
        tweet_id = id_of(tweet)
        if tweet_id and (state := state_of_foreign_fields(raw)):
            contents.stated[tweet_id] = state
        if tweet is None or tweet_id is None:
            self.accounting.exclude(record, "damaged", "" if tweet is None else "it has no id")
            contents.is_whole = False
            return
        if tweet.deleted_at:
            contents.withheld[tweet_id] = _DELETED
        if reason := contents.withheld.get(tweet_id):
            self.accounting.exclude(tweet_id, reason)
        elif tweet_id in contents.tweets:
            contents.tweets[tweet_id] = complete(contents.tweets[tweet_id], tweet)
            self.accounting.exclude(tweet_id, "same post twice")
        else:
            contents.tweets[tweet_id] = tweet

    def _withhold(self, kind: str, record: str, raw: bytes | Raw) -> None:
        tweet_id = id_of(self._decode(raw, Tweet, "tweet"))
        reason: Reason = _DELETED if kind == DELETED else "not public"
        self.accounting.exclude(tweet_id or record, reason)
        if tweet_id and self.contents.withheld.get(tweet_id) != _DELETED:
            self.contents.withheld[tweet_id] = reason

    def _withhold_tweets_read_before(self) -> None:
        """Exclude tweets that a later list marks as deleted or for a circle."""
        for tweet_id in sorted(self.contents.tweets.keys() & self.contents.withheld.keys()):
            del self.contents.tweets[tweet_id]
            self.accounting.exclude(tweet_id, self.contents.withheld[tweet_id])

    def _add_note(self, record: str, raw: bytes | Raw) -> None:
        note = self._decode(raw, Note, "noteTweet")
        if note is None or note.core is None or note.core.text is None:
            self.accounting.exclude(record, "damaged", "a long text")
        else:
            self.contents.long_texts[record] = note

    def _add_other(self, kind: str, raw: bytes | Raw) -> None:
        """Read a record about the owner, of which the first counts, or about an article."""
        contents = self.contents
        if kind in _OWNER_RECORDS:
            name, struct, wrapper = _OWNER_RECORDS[kind]
            if getattr(contents, name) == struct():
                setattr(contents, name, self._decode(raw, struct, wrapper) or struct())
        elif kind == METADATA:
            contents.metadata.append(self._decode(raw, ArticleMetadata, "articleMetadata"))
        elif kind == PROTECTIONS and contents.protections is not None:
            event = self._decode(raw, Protection, "protectedHistory")
            contents.protections.append(event or Protection())

    def _exclude_non_post(self, kind: str, record: str) -> None:
        reason: Reason = "private message" if kind == PRIVATE else "not a post"
        self.accounting.exclude(record, reason, "" if kind == PRIVATE else kind)

    def _decode(self, raw: bytes | Raw, kind: type[T], wrapper: str) -> T | None:
        value, lost = decode(raw, kind, wrapper)
        self.accounting.oddities.update(map(unreadable, lost))
        return value

    # Missing files

    def _report_missing_files(self, names: set[str]) -> None:
        """Report files that the manifest lists but that are missing."""
        missing = {n: count for n, count in self.manifest.counts.items() if n not in names}
        for name, count in sorted(missing.items()):
            kind = kind_of(name)
            if kind in (TWEETS, COMMUNITY, NOTES) and count:
                self.contents.is_whole = False
                self.accounting.note(f"{name} with {count} records is listed, but not there")
            if kind == PROTECTIONS and count:
                self.contents.has_odd_protections = True
            elif kind == PROTECTIONS and self.contents.protections is None:
                self.contents.protections = []
        if self.manifest.is_partial:
            self.contents.is_whole = False
            self.accounting.note("the archive says that it is a part of a larger one")


def _rank(kind: str) -> int:
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER)


def complete(first: Tweet, second: Tweet) -> Tweet:
    """Fill the missing fields of a tweet from another copy of it."""
    missing = {
        name: value
        for name in Tweet.__struct_fields__
        if getattr(first, name) is None and (value := getattr(second, name)) is not None
    }
    return replace(first, **missing) if missing else first


def _kind_of(file: File, segment: Segment) -> str:
    """Return the kind of a list in a file: by its name, or by its records if that is unknown."""
    kind = kind_of_list(file.kind, segment.name)
    if kind != TWEETS or segment.name is None or kind_of_name(segment.name) == TWEETS:
        return kind
    has_tweets = any(_IS_TWEET.search(bytes(raw)) for raw in segment.records[:3])
    return kind if has_tweets or not segment.records else kind_of_name(segment.name)
