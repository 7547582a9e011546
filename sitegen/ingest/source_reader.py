"""From what a person named to what it holds: files, folders, archives and live accounts."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sitegen.errors import SeveralErrors, SitegenError, SourceError
from sitegen.ingest import coverage, downloads
from sitegen.ingest.coverage import Watched
from sitegen.ingest.damage import judged
from sitegen.ingest.downloads import Part
from sitegen.model import Privacy
from sitegen.sources import Imported, Multipart, Options

ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
Progress = Callable[[int, int], None]
Reader = Callable[[Options], "Read"]
Facts = dict[tuple[str, str], Privacy]
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
    reading = _Reading(options, live)
    sizes = [_size(Path(source)) for source in sources]
    for number, source in enumerate(sources):
        progress(sum(sizes[:number]), sum(sizes))
        reading.take(number, source)
    reading.join()
    reading.reconsider()
    if reading.problems:
        raise SeveralErrors.of(reading.problems)
    return tuple([reading.found[place] for place in sorted(reading.found)])


class _Reading:
    """All sources of an import being read; each has its place, parts that of their first."""

    def __init__(self, options: Options, live: Live) -> None:
        self.options = options
        self.live = live
        self.found: dict[tuple[int, int], Read] = {}
        self.parts: dict[tuple[int, int], Part] = {}
        self.readers: dict[tuple[int, int], Reader] = {}
        self.problems: list[SitegenError] = []

    def take(self, number: int, source: str | Path) -> None:
        """Read what a person named, but for what others may be parts of."""
        path = Path(source)
        try:
            if not os.path.lexists(path) and (fetched := self.live(str(source), self.options)):
                name, imported = fetched
                self.found[number, 0] = Read(name, None, accounted(imported, name))
                return
            for at, part in enumerate(_opened(str(source))):
                if isinstance(part.importer, Multipart):
                    self.parts[number, at] = part
                else:
                    self._read((number, at), partial(_one, part, str(part.source.path)))
        except SourceError as error:
            self.problems.append(error)

    def join(self) -> None:
        """Read what may come in parts, each download as one source."""
        places = {id(part.source): place for place, part in self.parts.items()}
        for part, sources in downloads.downloads([*self.parts.values()]):
            name = downloads.name_of([source.path for source in sources])
            try:
                first = min(places[id(source)] for source in sources)
                self._read(first, partial(_one, part, name))
            except SourceError as error:
                self.problems.append(error)

    def reconsider(self) -> None:
        """Read again what the other sources may close by what they state of accounts.

        Neither the order of the sources nor how a download was split may open anything.
        """
        stated = {place: _closed(read.imported) for place, read in self.found.items()}
        for place, reader in self.readers.items():
            others = _united(facts for other, facts in stated.items() if other != place)
            networks = _networks(self.found[place].imported)
            if closing := {key: s for key, s in others.items() if key[0] in networks}:
                beside = frozenset(network for network, _ in closing)
                privacy = {**self.options.privacy, **closing}
                self.found[place] = reader(
                    replace(self.options, privacy=privacy, closed_beside=beside)
                )

    def _read(self, place: tuple[int, int], reader: Reader) -> None:
        self.found[place] = reader(self.options)
        self.readers[place] = reader


def _closed(imported: Imported) -> Facts:
    return {key: state for key, state in imported.privacy.items() if state != "public"}


def _united(found: Iterable[Facts]) -> Facts:
    """Return all facts; where two say something else of one account, it is private."""
    united: Facts = {}
    for facts in found:
        for key, state in facts.items():
            united[key] = "private" if "private" in (state, united.get(key)) else state
    return united


def _networks(imported: Imported) -> set[str]:
    return {post.network for thread in imported.threads for post in thread.posts}


def _opened(source: str) -> tuple[Part, ...]:
    if not source:
        raise SourceError("no source is named", hint="name a file, a folder or an account.")
    path = Path(source)
    if ADDRESS.match(source) and not os.path.lexists(path):
        raise SourceError(
            "is an address, and nothing is fetched from there",
            path=source,  # as a path, it would lose a slash
            hint="save the page and give that file, or give an export of the account.",
        )
    if _is_empty(path):
        raise SourceError("is empty", path=path, hint="save or export it again.")
    return downloads.opened(path)


def _one(part: Part, name: str, options: Options) -> Read:
    source, path = part.source, part.source.path
    watched = Watched(source.members) if source.members is not None else None
    if watched is not None:
        watched.opened |= part.opened
        source = replace(source, members=watched)
    found = judged(accounted(part.importer.read(source, options), name), path)
    if watched is not None:
        notes = coverage.notes(watched, found, part.beside)
        found = replace(found, notes=(*found.notes, *notes))
    return Read(name, path, found)


def accounted(imported: Imported, source: str | Path) -> Imported:
    """Check that every record became a post or was named with a reason."""
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
