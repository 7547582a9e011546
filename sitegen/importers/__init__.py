"""The ways in: one module a source, found by content, never by name alone.

Each importer turns one source into posts and profiles and accounts for every record it
saw. A new source is one module and one line in `importers()`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from sitegen.errors import SourceError
from sitegen.model import Profile, Thread

HEAD_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Source:
    """Something to import: where it is and how it begins (at most HEAD_BYTES)."""

    path: Path
    head: bytes


@dataclass(frozen=True, slots=True)
class Options:
    """What the person said about the sources."""

    account: str | None = None


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A record that became no post, and why."""

    record: str
    reason: str


@dataclass(frozen=True, slots=True)
class Repair:
    """Damage that was mended, by kind, and how often."""

    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that cannot be known: which line of the source, and what."""

    line: int
    what: str


@dataclass(frozen=True, slots=True)
class Imported:
    """All that one source held.

    `records` counts the source's own records of posts; the law that nothing is lost is
    `records == number of posts + len(exclusions)`.
    """

    found: str
    records: int
    threads: tuple[Thread, ...]
    profiles: tuple[Profile, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    repairs: tuple[Repair, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    notes: tuple[str, ...] = field(default=())


class Importer(Protocol):
    """A source that sitegen can read."""

    name: str
    looks_for: str

    def detect(self, source: Source) -> str | None:
        """Return what the source is, in a few words, or None when it is not ours."""

    def read(self, source: Source, options: Options) -> Imported:
        """Read the whole source. Raises SourceError."""


def importers() -> tuple[Importer, ...]:
    """Return every importer, the most particular first."""
    from sitegen.importers import jsonl, page_text

    return (jsonl.JsonLines(), page_text.PageText())


def detect(path: Path) -> tuple[Importer, Source]:
    """Find the importer for a file by what is in it. Raises SourceError."""
    source = Source(path, _head(path))
    for importer in importers():
        if importer.detect(source):
            return importer, source
    looked_for = "; ".join(f"{i.name} ({i.looks_for})" for i in importers())
    raise SourceError(
        "not a source that sitegen knows", path=path, hint=f"it looked for: {looked_for}."
    )


def _head(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise SourceError("is a folder", path=path, hint="name the files in it.")
        with path.open("rb") as file:
            return file.read(HEAD_BYTES)
    except OSError as error:
        reason = error.strerror or str(error)
        raise SourceError(f"cannot be read: {reason}", path=path, hint="check the path.") from error
