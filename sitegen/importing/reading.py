"""From what a person named to what it holds: files, folders, archives and live accounts."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sitegen import importers
from sitegen.errors import SeveralErrors, SitegenError, SourceError
from sitegen.importers import Imported, Options
from sitegen.importing import unread
from sitegen.importing.unread import Watched

ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
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
    found: list[Read] = []
    problems: list[SitegenError] = []
    sizes = [_size(Path(source)) for source in sources]
    for number, source in enumerate(sources):
        progress(sum(sizes[:number]), sum(sizes))
        try:
            found.append(_one(source, options, live))
        except SourceError as error:
            problems.append(error)
    if problems:
        raise SeveralErrors.of(problems)
    return tuple(found)


def _one(source: str | Path, options: Options, live: Live) -> Read:
    path = Path(source)
    if not os.path.lexists(path) and (found := live(str(source), options)):
        name, imported = found
        return Read(name, None, accounted(imported, name))
    if ADDRESS.match(str(source)) and not os.path.lexists(path):
        raise SourceError(
            "is an address, and nothing is fetched from there",
            path=str(source),  # as a path, it would lose a slash
            hint="save the page and give that file, or give an export of the account.",
        )
    if _is_empty(path):
        raise SourceError("is empty", path=path, hint="save or export it again.")
    importer, opened = importers.detect(path)
    if opened.members is None:
        return Read(str(path), path, accounted(importer.read(opened, options), path))
    watched = Watched(opened.members)
    imported = accounted(importer.read(replace(opened, members=watched), options), path)
    told = (*imported.notes, *unread.notes(watched, imported))
    return Read(str(path), path, replace(imported, notes=told))


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
