"""All files of an X archive read: its tweets, its owner, and the account of every record.

Each record is counted when it is met, and named when it is excluded: what becomes a post is
not known here, so that both can be compared in the end.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TypeVar

import msgspec
from msgspec import Struct, field

from sitegen.errors import SourceError
from sitegen.importers import Exclusion, Members, Reason
from sitegen.importers.x.files import (
    ARTICLES,
    CIRCLE,
    COMMUNITY,
    DELETED,
    NOTES,
    PRIVATE,
    TWEETS,
    Content,
    File,
    Manifest,
    content_of,
    counted,
    files_of,
    kind_of,
    manifest_of,
)
from sitegen.importers.x.records import About, Account, Note, Protection, Tweet, decoded, identity

# A tweet that stands in two files is what the first of these says: a community's file tells
# more, and what was deleted or for few is so wherever else it stands.
_ORDER = (DELETED, CIRCLE, COMMUNITY, TWEETS, NOTES, ARTICLES)
_IS_PUBLISHED = re.compile(rb'"\w+"\s*:\s*"published"', re.IGNORECASE)

T = TypeVar("T")


class Ledger(Struct):
    """What became of the records, as far as they become no posts."""

    records: int = 0
    exclusions: list[Exclusion] = field(default_factory=list)
    oddities: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def exclude(self, record: str, reason: Reason, detail: str = "") -> None:
        """Name a record that becomes no post, and why."""
        self.exclusions.append(Exclusion(record, reason, detail))


class Found(Struct):
    """What the files of an archive hold."""

    manifest: Manifest = Manifest()
    tweets: dict[str, Tweet] = field(default_factory=dict)
    long_texts: dict[str, Note] = field(default_factory=dict)
    withheld: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    account: Account = Account()
    about: About = About()
    protections: list[Protection] = field(default_factory=list)
    is_whole: bool = True


class Reading(Struct):
    """An archive being read."""

    members: Members
    folder: str
    ledger: Ledger = field(default_factory=Ledger)
    found: Found = field(default_factory=Found)

    def read(self) -> Found:
        """Read all files. Raises SourceError where the bytes of posts cannot be had."""
        self.found.manifest = manifest_of(self.members, self.folder)
        files = files_of(self.members, self.folder)
        for kind in _ORDER:
            for file in files:
                if file.kind == kind:
                    self._read_posts(file)
        for file in files:
            if file.kind not in _ORDER:
                self._read_other(file)
        self._look_for_missing({file.name for file in files})
        return self.found

    # Files of posts

    def _read_posts(self, file: File) -> None:
        take = {
            DELETED: self._withhold,
            CIRCLE: self._withhold,
            NOTES: self._take_note,
            ARTICLES: self._exclude_article,
        }.get(file.kind, self._take_tweet)
        content = content_of(self.members, file)
        for number, raw in enumerate(content.records, 1):
            self.ledger.records += 1
            take(file, f"{file.name} {number}", raw)
        if content.damaged:
            self._tell_damage(file, content)
            self.found.is_whole = False

    def _take_tweet(self, file: File, record: str, raw: bytes | msgspec.Raw) -> None:
        tweet = self._decoded(record, raw, Tweet, "tweet")
        tweet_id = identity(tweet.id_str, tweet.id) if tweet else None
        if tweet is None or tweet_id is None:
            self.ledger.exclude(record, "damaged", "" if tweet is None else "it has no id")
            self.found.is_whole = False
        elif tweet_id in self.found.deleted:
            self.ledger.exclude(tweet_id, "deleted by its author")
        elif tweet_id in self.found.withheld:
            self.ledger.exclude(tweet_id, "not public")
        elif tweet_id in self.found.tweets:
            self.ledger.exclude(tweet_id, "same post twice")
        else:
            self.found.tweets[tweet_id] = tweet

    def _withhold(self, file: File, record: str, raw: bytes | msgspec.Raw) -> None:
        tweet = self._decoded(record, raw, Tweet, "tweet")
        tweet_id = identity(tweet.id_str, tweet.id) if tweet else None
        is_deleted = file.kind == DELETED
        reason: Reason = "deleted by its author" if is_deleted else "not public"
        self.ledger.exclude(tweet_id or record, reason)
        if tweet_id:
            (self.found.deleted if is_deleted else self.found.withheld).add(tweet_id)

    def _take_note(self, file: File, record: str, raw: bytes | msgspec.Raw) -> None:
        note = self._decoded(record, raw, Note, "noteTweet")
        if note is None or note.core is None or note.core.text is None:
            self.ledger.exclude(record, "damaged", "a long text")
        else:
            self.found.long_texts[record] = note

    def _exclude_article(self, file: File, record: str, raw: bytes | msgspec.Raw) -> None:
        if _IS_PUBLISHED.search(bytes(raw)):
            self.ledger.exclude(record, "unknown kind", "article")
        else:
            self.ledger.exclude(record, "draft", "article")

    def _decoded(
        self, record: str, raw: bytes | msgspec.Raw, kind: type[T], wrapper: str
    ) -> T | None:
        value, left_out = decoded(raw, kind, wrapper)
        self.ledger.oddities.update(f'unreadable "{name}" left out' for name in left_out)
        return value

    # Other files

    def _read_other(self, file: File) -> None:
        """Count the records of a file without posts; some tell of the owner."""
        count = self._read_owner(file)
        if count is None:
            count = counted(self.members, file, self.found.manifest)
        if count is None:
            # What is private is not opened, not even to count it.
            count = 1 if file.kind == PRIVATE else self._entries(file)
        self.ledger.records += count
        for number in range(1, count + 1):
            if file.kind == PRIVATE:
                self.ledger.exclude(f"{file.name} {number}", "private message")
            else:
                self.ledger.exclude(f"{file.name} {number}", "not a post", file.kind)

    def _read_owner(self, file: File) -> int | None:
        """Read what tells of the owner; returns the number of records, None for other files."""
        if file.kind == "account":
            accounts = tuple(self._told(file, Account, "account"))
            self.found.account = accounts[0] if accounts else self.found.account
        elif file.kind == "profile":
            profiles = tuple(self._told(file, About, "profile"))
            self.found.about = profiles[0] if profiles else self.found.about
        elif file.kind == "protected history":
            self.found.protections += self._told(file, Protection, "protectedHistory")
        else:
            return None
        return self._entries(file)

    def _told(self, file: File, kind: type[T], wrapper: str) -> Iterator[T]:
        for raw in self._content(file).records:
            value = self._decoded(file.name, raw, kind, wrapper)
            if value is not None:
                yield value

    def _entries(self, file: File) -> int:
        content = self._content(file)
        if content.damaged:
            self._tell_damage(file, content)
        return len(content.records)

    def _content(self, file: File) -> Content:
        """Read a file that the posts do not need: what is wrong with it is only told."""
        try:
            return content_of(self.members, file)
        except SourceError as error:
            return Content((), error.what)

    def _tell_damage(self, file: File, content: Content) -> None:
        self.ledger.records += 1
        self.ledger.exclude(
            f"{file.name} {len(content.records) + 1}", "damaged", content.damaged or ""
        )

    def _look_for_missing(self, names: set[str]) -> None:
        """Say which files of posts the manifest lists that are not there."""
        manifest = self.found.manifest
        for name, count in sorted(manifest.counts.items()):
            if name not in names and kind_of(name) in (TWEETS, COMMUNITY, NOTES) and count:
                self.found.is_whole = False
                self.ledger.notes.append(f"{name} with {count} records is listed, but not there")
        if manifest.is_partial:
            self.found.is_whole = False
            self.ledger.notes.append("the archive says that it is a part of a larger one")
