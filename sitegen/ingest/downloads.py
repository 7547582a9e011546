"""From the files that a person names to whole sources: several files may be one download."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sitegen.errors import SourceError
from sitegen.formats.archives import Folder
from sitegen.formats.archives.joined import Joined, labels
from sitegen.sources import Importer, Multipart, Source, registry

_ARCHIVE = re.compile(r".+\.(?:zip|tgz|tar|tar\.(?:gz|bz2|xz))", re.I)


class Part(Struct, frozen=True):
    """A file or a folder that may be a part of a source, and who can read it.

    `opened` are those of its members that are parts of the source themselves; `beside` are files of
    the folder that it was found in that nobody reads.
    """

    importer: Importer
    source: Source
    opened: frozenset[str] = frozenset()
    beside: tuple[str, ...] = ()


def opened(path: Path) -> tuple[Part, ...]:
    """Find out what a path holds: one source, or for a folder of archives one in each.

    Raises SourceError.
    """
    try:
        part = Part(*registry.detect(path))
    except SourceError:
        archives = _archives(path)
        if not archives:
            raise
        found = [Part(*registry.detect(archive)) for archive in archives]
        names = {archive.name for archive in archives}
        beside = [name for name in Folder(path).names() if name not in names]
        return replace(found[0], beside=tuple(beside)), *found[1:]
    if not isinstance(part.importer, Multipart):
        return (part,)
    return part, *_parts_within(path)


def downloads(parts: Sequence[Part]) -> Iterator[tuple[Part, tuple[Source, ...]]]:
    """Join the parts of each download: what to read as one, and which sources it came from."""
    by_source = {id(part.source): part for part in parts}
    importer = parts[0].importer if parts else None
    if not isinstance(importer, Multipart):
        return
    if len(parts) == 1:
        yield parts[0], (parts[0].source,)
        return
    for group in importer.downloads([part.source for part in parts]):
        yield _joined([by_source[id(source)] for source in group]), group


def name_of(paths: Sequence[Path]) -> str:
    """Name a download by the paths of its parts, with the folder that they share once."""
    folder = paths[0].parent
    return ", ".join(
        str(path) if not n or path.parent != folder else path.name for n, path in enumerate(paths)
    )


def _joined(parts: Sequence[Part]) -> Part:
    if len(parts) == 1:
        return parts[0]
    sources = [part.source for part in parts]
    names = labels(source.path for source in sources)
    members = {name: s.members for name, s in zip(names, sources, strict=True) if s.members}
    opened = {
        f"{name}/{other.path.name}"
        for name, source in zip(names, sources, strict=True)
        for other in sources
        if other.path.parent == source.path
    }
    return Part(
        parts[0].importer,
        Source(sources[0].path, b"", Joined(members), names),
        frozenset(opened),
        tuple([name for part in parts for name in part.beside]),
    )


def _parts_within(folder: Path) -> Iterator[Part]:
    """Yield archives beside an unpacked part that a download's other parts may be in."""
    for archive in _archives(folder):
        try:
            part = Part(*registry.detect(archive))
        except SourceError:
            continue  # no part of it: listed with the files that were not opened
        if isinstance(part.importer, Multipart):
            yield part


def _archives(folder: Path) -> list[Path]:
    """Return the archives in a folder, by name; what they are, their bytes decide."""
    if not os.path.isdir(folder):
        return []
    try:
        with os.scandir(folder) as entries:
            found = [e.name for e in entries if e.is_file(follow_symlinks=False)]
    except OSError:
        return []
    return [folder / name for name in sorted(found) if _ARCHIVE.fullmatch(name)]
