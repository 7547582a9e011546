"""The ways in: one module a source, found by content, never by name alone.

Each importer turns one source into posts and profiles and accounts for every record it
saw. A new source is one module and one line in `importers()`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from sitegen.errors import SourceError
from sitegen.model import Profile, Thread

HEAD_BYTES = 65_536


class Source(Struct, frozen=True):
    """Something to import: where it is and how it begins (at most HEAD_BYTES)."""

    path: Path
    head: bytes


class Options(Struct, frozen=True):
    """What the person said about the sources."""

    account: str | None = None


class Exclusion(Struct, frozen=True):
    """A record that became no post, and why."""

    record: str
    reason: str


class Repair(Struct, frozen=True):
    """Damage that was mended, by kind, and how often."""

    kind: str
    count: int


class Doubt(Struct, frozen=True):
    """Something that cannot be known: which line of the source, and what."""

    line: int
    what: str


class Imported(Struct, frozen=True):
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
    notes: tuple[str, ...] = ()


class Importer(Protocol):
    """A source that sitegen can read."""

    name: str
    looks_for: str

    def detect(self, source: Source) -> str | None:
        """Return what the source is, in a few words, or None when it is not ours."""

    def read(self, source: Source, options: Options) -> Imported:
        """Read the whole source. Raises SourceError."""


def importers() -> Iterator[Importer]:
    """Go through all importers, the most particular first; each is loaded when it is its turn."""
    from sitegen.importers import jsonl

    yield jsonl.JsonLines()

    from sitegen.importers import page_text

    yield page_text.PageText()


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
