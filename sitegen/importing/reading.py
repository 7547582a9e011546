"""From what a person named to what it holds: files, folders, archives and live accounts."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sitegen.errors import SeveralErrors, SitegenError, SourceError
from sitegen.importers import Imported, Multipart, Options
from sitegen.importing import parts, unread
from sitegen.importing.parts import Part
from sitegen.importing.unread import Watched

Progress = Callable[[int, int], None]
Live = Callable[[str, Options], tuple[str, Imported] | None]


class Read(Struct, frozen=True):
    """One source and what it held; its path is None for a live account."""

    name: str
    path: Path | None
    imported: Imported


def read(
    sources: Sequence[str | Path],
    options: Options,
    progress: Progress = lambda done, total: None,
    live: Live = lambda name, options: None,
) -> tuple[Read, ...]:
    """Read every source, so that a person hears of all that cannot be read at once.

    `live` fetches what is no file but names an account, and gives what it is always called by; None
    for what is neither.
    Raises SourceError, or SeveralErrors of them.
    """
    found: list[tuple[int, Read]] = []
    waiting: list[tuple[int, Part]] = []
    problems: list[SitegenError] = []
    sizes = [_size(Path(source)) for source in sources]
    for number, source in enumerate(sources):
        progress(sum(sizes[:number]), sum(sizes))
        try:
            fetched = _live(source, options, live)
            held = () if fetched else _opened(Path(source))
            found += [(number, fetched)] if fetched else []
            waiting += [(number, part) for part in held if isinstance(part.importer, Multipart)]
            for part in held:
                if not isinstance(part.importer, Multipart):
                    found.append((number, _one(part, str(part.source.path), options)))
        except SourceError as error:
            problems.append(error)
    numbers = {part.source.path: number for number, part in reversed(waiting)}
    for part, paths in parts.downloads([part for _, part in waiting]):
        try:
            first = min(numbers[path] for path in paths)
            found.append((first, _one(part, parts.name_of(paths), options)))
        except SourceError as error:
            problems.append(error)
    if problems:
        raise SeveralErrors.of(problems)
    return tuple([read for _, read in sorted(found, key=lambda each: each[0])])


def _live(source: str | Path, options: Options, live: Live) -> Read | None:
    path = Path(source)
    if os.path.lexists(path) or not (found := live(str(source), options)):
        return None
    name, imported = found
    return Read(name, None, accounted(imported, name))


def _opened(path: Path) -> tuple[Part, ...]:
    if _is_empty(path):
        raise SourceError("is empty", path=path, hint="save or export it again.")
    return parts.opened(path)


def _one(part: Part, name: str, options: Options) -> Read:
    path, members = part.source.path, part.source.members
    if members is None:
        return Read(name, path, accounted(part.importer.read(part.source, options), path))
    watched = Watched(members)
    opened = replace(part.source, members=watched)
    imported = accounted(part.importer.read(opened, options), name)
    told = (*imported.notes, *unread.notes(watched, imported))
    return Read(name, path, replace(imported, notes=told))


def accounted(imported: Imported, source: str | Path) -> Imported:
    """Make sure that every record became a post or was named with a reason."""
    posts = sum(len(thread.posts) for thread in imported.threads)
    if imported.records != posts + len(imported.exclusions):
        raise SitegenError(
            f"{imported.records} records became {posts} posts and "
            f"{len(imported.exclusions)} exclusions: some were lost",
            path=source,
            hint="this is a mistake in sitegen; nothing was written. Please report it.",
        )
    return imported


def _is_empty(path: Path) -> bool:
    try:
        return path.is_file() and not path.stat().st_size
    except OSError:
        return False  # reading it will tell


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except (OSError, ValueError):
        return 0  # reading it will tell
