"""Define what an importer receives and returns.

Each importer turns one source into posts and profiles, and accounts for every record. A new
source is one folder here and one line in `registry`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, Literal, Protocol, runtime_checkable

from msgspec import Struct

from sitegen.formats.archives import Members
from sitegen.model import Privacy, Profile, Thread

HEAD_BYTES = 65_536

Reason = Literal[
    "same post twice",
    "earlier version",
    "not public",
    "deleted by its author",
    "private message",
    "draft",
    "not a post",
    "damaged",
    "unknown kind",
    "asked not to be shown",
    "repost of oneself",
    "cross-post",
    "no content",
    "not of this account",
]
Include = Literal["followers", "direct", "logged-out", "unknown"]


class Source(Struct, frozen=True):
    """A source to import: its path, its first bytes (at most HEAD_BYTES), its files.

    `members` is None for a file that is not a bundle; the head of a folder is empty. If the source
    is a download in several parts, `parts` are the folders for these in the names of members. If
    `path` is the unpacked copy of a packed file, `named` is the latter: its folder is searched for
    related files.
    """

    path: Path
    head: bytes
    members: Members | None = None
    parts: tuple[str, ...] = ()
    named: Path | None = None


class Options(Struct, frozen=True):
    """The options for reading sources: the account, and what else to include.

    `privacy` is the privacy of accounts by earlier imports, by network and casefolded handle.
    `closed_beside` are the networks of accounts in the other sources of this import that are not
    stated to be public.
    """

    account: str | None = None
    include: frozenset[Include] = frozenset()
    privacy: Mapping[tuple[str, str], Privacy] = {}
    closed_beside: frozenset[str] = frozenset()


class Exclusion(Struct, frozen=True):
    """A record that is not imported as a post: its name, the reason, and a detail."""

    record: str
    reason: Reason
    detail: str = ""


class Repair(Struct, frozen=True):
    """A kind of damage that was repaired, and how often."""

    kind: str
    count: int


class Oddity(Struct, frozen=True):
    """A kind of oddity that did not prevent reading, and how often it occurs."""

    what: str
    count: int


class Doubt(Struct, frozen=True):
    """A doubt about a post: the line of the source, and what is uncertain."""

    line: int
    what: str


class Attachment(Struct, frozen=True):
    """A file of a post or profile: its name in the source, and how to read its bytes."""

    name: str
    open: Callable[[], BinaryIO]


class Imported(Struct, frozen=True):
    """The result of reading one source.

    `records` counts all records of the source; nothing is lost if
    `records == number of posts + len(exclusions)`. Media and avatars whose path is a key of
    `attachments` are those files. `complete` has the accounts, by network and author id, of which
    the source has all posts up to its newest. `until` is when the source was made or last changed,
    in ISO 8601, as it states (`generationDate`, `rev`, `updated`); otherwise the newest post
    decides. `privacy` is what the source states about accounts, by network and casefolded handle,
    for later imports. An excerpt, such as a feed, does not have everything about its posts, so
    what it lacks proves nothing.
    """

    found: str
    records: int
    threads: tuple[Thread, ...]
    profiles: tuple[Profile, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    repairs: tuple[Repair, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    notes: tuple[str, ...] = ()
    oddities: tuple[Oddity, ...] = ()
    attachments: Mapping[str, Attachment] = {}
    complete: tuple[tuple[str, str], ...] = ()
    until: str | None = None
    privacy: Mapping[tuple[str, str], Privacy] = {}
    is_excerpt: bool = False


class Importer(Protocol):
    """A kind of source that sitegen can read."""

    name: str
    looks_for: str

    def detect(self, source: Source) -> str | None:
        """Return what the source is, in a few words, or None if it is not for this importer."""

    def read(self, source: Source, options: Options) -> Imported:
        """Read the whole source. Raises SourceError."""


@runtime_checkable
class Multipart(Importer, Protocol):
    """An importer whose source may come in several files."""

    def downloads(self, sources: Sequence[Source]) -> tuple[tuple[Source, ...], ...]:
        """Group sources by the download that they are parts of."""
