"""The ways in: one module a source, found by content, never by name alone.

Each importer turns one source into posts and profiles and accounts for every record it
saw. A new source is one module and one line in `importers()`.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import BinaryIO, Literal, Protocol, runtime_checkable

from msgspec import Struct

from sitegen.errors import SourceError
from sitegen.model import Privacy, Profile, Thread

HEAD_BYTES = 65_536
MAX_HINT = 800  # characters: twelve lines of a terminal

# One line a source: its module here, and the class in it.
IMPORTERS = (
    ("jsonl", "JsonLines"),
    ("bluesky.car", "BlueskyRepository"),
    ("x.archive", "XArchive"),
    ("mastodon.export", "MastodonExport"),
    ("meta.export", "ThreadsExport"),
    ("meta.export", "InstagramExport"),
    ("bluesky.api", "BlueskyApi"),
    ("feeds.backups.medium", "MediumExport"),
    ("feeds.backups.bundle", "Backups"),
    ("feeds.feed", "Feed"),
    ("page.saved", "SavedPage"),
    ("page.text", "PageText"),
)


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


class Members(Protocol):
    """The files of a folder, a ZIP or a tar, by names that are safe and relative, with "/"."""

    refused: tuple[tuple[str, str], ...]
    """Entries that are not safe to read, and why."""

    def names(self) -> tuple[str, ...]:
        """Return the names of all files, sorted."""

    def find(self, suffix: str) -> tuple[str, ...]:
        """Return the names that are `suffix` or end in it after a "/"."""

    def size(self, name: str) -> int:
        """Return how many bytes a file says it has."""

    def open(self, name: str) -> BinaryIO:
        """Return a file's bytes as a stream that counts them. Raises SourceError."""

    def read(self, name: str) -> bytes:
        """Return all bytes of a file that may be held in memory. Raises SourceError."""


class Source(Struct, frozen=True):
    """Something to import: where it is, how it begins (at most HEAD_BYTES), what is in it.

    `members` is None for a file that holds no others; the head of a folder is empty. Where several
    files or folders are the parts of one download, `parts` are the folders that stand for them in
    the names of members.
    `named` is the packed file that a person named, where `path` is an unpacked copy of it: files
    beside a source are looked for there.
    """

    path: Path
    head: bytes
    members: Members | None = None
    parts: tuple[str, ...] = ()
    named: Path | None = None


class Options(Struct, frozen=True):
    """What the person said about the sources: whose they are, and what else to take in.

    `privacy` is what earlier imports learnt of whole accounts, by network and casefolded handle.
    `closed_beside` are the networks of which something that is imported together with a source
    holds an account that is not stated to be public.
    """

    account: str | None = None
    include: frozenset[Include] = frozenset()
    privacy: Mapping[tuple[str, str], Privacy] = {}
    closed_beside: frozenset[str] = frozenset()


class Exclusion(Struct, frozen=True):
    """A record that became no post, why, and more of it: which kind, which other post."""

    record: str
    reason: Reason
    detail: str = ""


class Repair(Struct, frozen=True):
    """Damage that was mended, by kind, and how often."""

    kind: str
    count: int


class Oddity(Struct, frozen=True):
    """Something strange that reading coped with, by kind, and how often."""

    what: str
    count: int


class Doubt(Struct, frozen=True):
    """Something that cannot be known: which line of the source, and what."""

    line: int
    what: str


class Attachment(Struct, frozen=True):
    """A file that posts or profiles show: its name in the source, and how to get its bytes."""

    name: str
    open: Callable[[], BinaryIO]


class Imported(Struct, frozen=True):
    """All that one source held.

    `records` counts all records of the source; the law that nothing is lost is
    `records == number of posts + len(exclusions)`. Media and avatars whose path is a key of
    `attachments` are those files. `complete` names the accounts, by network and author id, all
    posts of which the source has, up to its newest. `until` is the state of the source: when it
    was made or last changed, ISO 8601, by what it says of itself (`generationDate`, `rev`,
    `updated`); without it, the newest post tells. `privacy` is what the source states of whole
    accounts, by network and casefolded handle, for later imports of the same account. An excerpt
    leaves out what its posts have, as feeds do: of what it does not tell, it denies nothing.
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
    """A source that sitegen can read."""

    name: str
    looks_for: str

    def detect(self, source: Source) -> str | None:
        """Return what the source is, in a few words, or None when it is not ours."""

    def read(self, source: Source, options: Options) -> Imported:
        """Read the whole source. Raises SourceError."""


@runtime_checkable
class Multipart(Importer, Protocol):
    """A source that may come in several files."""

    def downloads(self, sources: Sequence[Source]) -> tuple[tuple[Source, ...], ...]:
        """Sort sources by the download that they are parts of."""


def importers() -> Iterator[Importer]:
    """Go through all importers, the most particular first; each is loaded when it is its turn."""
    for module, name in IMPORTERS:
        yield getattr(import_module(f"sitegen.importers.{module}"), name)()


def detect(path: Path) -> tuple[Importer, Source]:
    """Find the importer for a file, a folder or an archive by what is in it. Raises SourceError.

    A single packed file is unpacked first, and then read like any other.
    """
    from sitegen.importers import bundles

    source = Source(path, _head(path), bundles.open_bundle(path))
    if source.members is None and source.head.startswith(bundles.PACKED):
        return _detect_packed(source)
    return _claimed(source, importers())


def _detect_packed(source: Source) -> tuple[Importer, Source]:
    from sitegen.importers.bundles.unwrapping import UnwrappingImporter, unwrap

    unwrapped = unwrap(source.path, source.head)
    if unwrapped is None:
        return _claimed(source, importers())
    inner = Source(unwrapped.path, _head(unwrapped.path), named=source.path)
    try:
        return _claimed(inner, (UnwrappingImporter(i, unwrapped) for i in importers()))
    except SourceError as error:
        unwrapped.delete()
        raise unwrapped.error(error) from error


def _claimed(source: Source, known: Iterable[Importer]) -> tuple[Importer, Source]:
    for importer in known:
        if importer.detect(source):
            return importer, source
    from sitegen.importers.nearest import nearest

    near = nearest(source, _recognised)
    raise SourceError(
        "not a source that sitegen knows",
        path=source.path,
        hint=f"{near} sitegen looked for: {_looked_for(near)}.".lstrip(),
    )


def _recognised(path: Path) -> str | None:
    """Return what a file is in a few words, None for what no importer claims or can be read."""
    from sitegen.importers import bundles

    try:
        source = Source(path, _head(path), bundles.open_bundle(path))
        return next(filter(None, (importer.detect(source) for importer in importers())), None)
    except SourceError:
        return None


def _looked_for(near: str) -> str:
    """List what importers look for; only their names where that would be long to read."""
    full = "; ".join(f"{i.name} ({i.looks_for})" for i in importers())
    if len(near) + len(full) <= MAX_HINT:
        return full
    return ", ".join(importer.name for importer in importers())


def _head(path: Path) -> bytes:
    try:
        if path.is_dir():
            return b""
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe would be waited for without end
            raise SourceError("is no file", path=path, hint="save it as a file first.")
        with path.open("rb") as file:
            return file.read(HEAD_BYTES)
    except OSError as error:
        reason = error.strerror or str(error)
        raise SourceError(f"cannot be read: {reason}", path=path, hint="check the path.") from error
