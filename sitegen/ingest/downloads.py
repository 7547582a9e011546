"""Group the files that a person names into sources; a download may have several parts."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sitegen.errors import SourceError
from sitegen.formats.archives import Folder
from sitegen.formats.archives.joined import JoinedMembers, part_labels
from sitegen.sources import Importer, Multipart, Source, registry

_ARCHIVE = re.compile(r".+\.(?:zip|tgz|tar|tar\.(?:gz|bz2|xz))", re.I)


class Part(Struct, frozen=True):
    """A file or folder that may be part of a source, and its importer.

    `opened` are its members that are parts themselves; `siblings` are files in the same folder
    that no importer reads.
    """

    importer: Importer
    source: Source
    opened: frozenset[str] = frozenset()
    siblings: tuple[str, ...] = ()


def open_parts(path: Path) -> tuple[Part, ...]:
    """Detect the sources of a path: one, or one for each archive in a folder of archives.

    Raises SourceError.
    """
    try:
        part = Part(*registry.detect(path))
    except SourceError:
        archives = _list_archives(path)
        if not archives:
            raise
        parts = [Part(*registry.detect(archive)) for archive in archives]
        names = {archive.name for archive in archives}
        siblings = [name for name in Folder(path).names() if name not in names]
        return replace(parts[0], siblings=tuple(siblings)), *parts[1:]
    if not isinstance(part.importer, Multipart):
        return (part,)
    return part, *_find_parts(path)


def join_downloads(parts: Sequence[Part]) -> Iterator[tuple[Part, tuple[Source, ...]]]:
    """Join the parts of each download; yield the joined part and its sources."""
    by_source = {id(part.source): part for part in parts}
    importer = parts[0].importer if parts else None
    if not isinstance(importer, Multipart):
        return
    if len(parts) == 1:
        yield parts[0], (parts[0].source,)
        return
    for download in importer.downloads([part.source for part in parts]):
        yield _join_parts([by_source[id(source)] for source in download]), download


def describe_paths(paths: Sequence[Path]) -> str:
    """Name a download by the paths of its parts; a shared folder is given once."""
    folder = paths[0].parent
    return ", ".join(
        str(path) if not number or path.parent != folder else path.name
        for number, path in enumerate(paths)
    )


def _join_parts(parts: Sequence[Part]) -> Part:
    if len(parts) == 1:
        return parts[0]
    sources = [part.source for part in parts]
    names = part_labels(source.path for source in sources)
    members = {name: s.members for name, s in zip(names, sources, strict=True) if s.members}
    opened = {
        f"{name}/{inner.path.name}"
        for name, source in zip(names, sources, strict=True)
        for inner in sources
        if inner.path.parent == source.path
    }
    return Part(
        parts[0].importer,
        Source(sources[0].path, b"", JoinedMembers(members), names),
        frozenset(opened),
        tuple([name for part in parts for name in part.siblings]),
    )


def _find_parts(folder: Path) -> Iterator[Part]:
    """Yield archives beside an unpacked part that may be other parts of the download."""
    for archive in _list_archives(folder):
        try:
            part = Part(*registry.detect(archive))
        except SourceError:
            continue  # not a part: reported as a file that was not opened
        if isinstance(part.importer, Multipart):
            yield part


def _list_archives(folder: Path) -> list[Path]:
    """Return the files in a folder that are named like archives."""
    if not os.path.isdir(folder):
        return []
    try:
        with os.scandir(folder) as entries:
            names = [e.name for e in entries if e.is_file(follow_symlinks=False)]
    except OSError:
        return []
    return [folder / name for name in sorted(names) if _ARCHIVE.fullmatch(name)]
