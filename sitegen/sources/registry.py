"""Register the importers, and find the one for a source by its content."""

from __future__ import annotations

import stat
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from sitegen.errors import SitegenError, SourceError
from sitegen.formats import archives
from sitegen.formats.archives.streams import unreadable_error
from sitegen.sources import HEAD_BYTES, Imported, Importer, Options, Source

if TYPE_CHECKING:
    from sitegen.formats.archives.decompression import UnpackedCopy

MAX_HINT = 800  # characters: twelve lines of a terminal

# The module and class of each source, by its name.
IMPORTERS = (
    ("json_lines.importer", "JsonLines"),
    ("bluesky.repository.importer", "BlueskyRepository"),
    ("x.importer", "XArchive"),
    ("mastodon.importer", "MastodonExport"),
    ("meta.importer", "ThreadsExport"),
    ("meta.importer", "InstagramExport"),
    ("bluesky.api.importer", "BlueskyApi"),
    ("feeds.microformats.medium", "MediumExport"),
    ("feeds.backup_archive", "Backups"),
    ("feeds.importer", "Feed"),
    ("feeds.microformats.importer", "HFeed"),
    ("page_text.saved_page", "SavedPage"),
    ("feeds.microformats.importer", "OtherMicroformats"),
    ("page_text.importer", "PageText"),
)


def importers() -> Iterator[Importer]:
    """Yield all importers, the most specific first; each is loaded when it is reached."""
    for module, name in IMPORTERS:
        yield getattr(import_module(f"sitegen.sources.{module}"), name)()


def detect(path: Path) -> tuple[Importer, Source]:
    """Find the importer for a file, folder or archive. Raises SourceError.

    A single packed file is unpacked first.
    """
    source = Source(path, _head(path), archives.open_bundle(path))
    if source.members is None and source.head.startswith(archives.ARCHIVE_SIGNATURES):
        return _detect_packed(source)
    return _find_importer(source, importers())


def _detect_packed(source: Source) -> tuple[Importer, Source]:
    from sitegen.formats.archives.decompression import unpack_file

    unpacked = unpack_file(source.path, source.head)
    if unpacked is None:
        return _find_importer(source, importers())
    inner = Source(unpacked.path, _head(unpacked.path), named=source.path)
    try:
        return _find_importer(inner, (_UnpackingImporter(i, unpacked) for i in importers()))
    except SourceError as error:
        unpacked.delete()
        raise unpacked.translate_error(error) from error


class _UnpackingImporter:
    """Reads the unpacked copy of a packed file by another importer."""

    def __init__(self, importer: Importer, unpacked: UnpackedCopy) -> None:
        self.name = importer.name
        self.looks_for = importer.looks_for
        self._importer = importer
        self._unpacked = unpacked

    def detect(self, source: Source) -> str | None:
        """Return what the source is, in a few words, or None if it is not for this importer."""
        try:
            return self._importer.detect(source)
        except SitegenError as error:
            raise self._unpacked.translate_error(error) from error

    def read(self, source: Source, options: Options) -> Imported:
        """Read the whole source and delete the copy. Raises SourceError."""
        try:
            return self._importer.read(source, options)
        except SitegenError as error:
            raise self._unpacked.translate_error(error) from error
        finally:
            self._unpacked.delete()


def _find_importer(source: Source, candidates: Iterable[Importer]) -> tuple[Importer, Source]:
    for importer in candidates:
        if importer.detect(source):
            return importer, source
    from sitegen.sources.suggestions import suggest

    suggestion = suggest(source, _recognise)
    raise SourceError(
        "not a source that sitegen knows",
        path=source.path,
        hint=f"{suggestion} sitegen looked for: {_list_importers(suggestion)}.".lstrip(),
    )


def _recognise(path: Path) -> str | None:
    """Return what a file is, in a few words; None if no importer recognises it."""
    try:
        source = Source(path, _head(path), archives.open_bundle(path))
        return next(filter(None, (importer.detect(source) for importer in importers())), None)
    except SourceError:
        return None


def _list_importers(suggestion: str) -> str:
    """List what importers look for; only their names if the list would be long."""
    full = "; ".join(f"{i.name} ({i.looks_for})" for i in importers())
    if len(suggestion) + len(full) <= MAX_HINT:
        return full
    return ", ".join(importer.name for importer in importers())


def _head(path: Path) -> bytes:
    try:
        if path.is_dir():
            return b""
        if not stat.S_ISREG(path.stat().st_mode):  # reading a pipe would block
            raise SourceError("is no file", path=path, hint="save it as a file first.")
        with path.open("rb") as file:
            return file.read(HEAD_BYTES)
    except OSError as error:
        raise unreadable_error(path, error) from error
