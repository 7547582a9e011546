"""The registry of importers; a source is recognised by content, never by name alone."""

from __future__ import annotations

import stat
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path

from sitegen.errors import SourceError
from sitegen.formats import archives
from sitegen.sources import HEAD_BYTES, Importer, Source

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
    """Yield all importers, the most specific first; each is loaded when it is needed."""
    for module, name in IMPORTERS:
        yield getattr(import_module(f"sitegen.sources.{module}"), name)()


def detect(path: Path) -> tuple[Importer, Source]:
    """Find the importer for a file, a folder or an archive by its contents. Raises SourceError.

    A single packed file is unpacked first, and then read like any other.
    """
    source = Source(path, _head(path), archives.open_bundle(path))
    if source.members is None and source.head.startswith(archives.ARCHIVE_SIGNATURES):
        return _detect_packed(source)
    return _claimed(source, importers())


def _detect_packed(source: Source) -> tuple[Importer, Source]:
    from sitegen.formats.archives.decompression import unpack_file
    from sitegen.sources.packed_file import UnwrappingImporter

    unwrapped = unpack_file(source.path, source.head)
    if unwrapped is None:
        return _claimed(source, importers())
    inner = Source(unwrapped.path, _head(unwrapped.path), named=source.path)
    try:
        return _claimed(inner, (UnwrappingImporter(i, unwrapped) for i in importers()))
    except SourceError as error:
        unwrapped.delete()
        raise unwrapped.translate_error(error) from error


def _claimed(source: Source, known: Iterable[Importer]) -> tuple[Importer, Source]:
    for importer in known:
        if importer.detect(source):
            return importer, source
    from sitegen.sources.suggestions import nearest

    near = nearest(source, _recognise)
    raise SourceError(
        "not a source that sitegen knows",
        path=source.path,
        hint=f"{near} sitegen looked for: {_list_importers(near)}.".lstrip(),
    )


def _recognise(path: Path) -> str | None:
    """Return what a file is in a few words; None if no importer claims it."""
    try:
        source = Source(path, _head(path), archives.open_bundle(path))
        return next(filter(None, (importer.detect(source) for importer in importers())), None)
    except SourceError:
        return None


def _list_importers(near: str) -> str:
    """List what importers look for; only their names if the list would be long."""
    full = "; ".join(f"{i.name} ({i.looks_for})" for i in importers())
    if len(near) + len(full) <= MAX_HINT:
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
        reason = error.strerror or str(error)
        raise SourceError(f"cannot be read: {reason}", path=path, hint="check the path.") from error
