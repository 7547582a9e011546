"""Read the sources that a person names: files, folders, archives and live accounts."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sitegen.errors import SeveralErrors, SitegenError, SourceError
from sitegen.formats.archives import file_digests
from sitegen.ingest import coverage, downloads
from sitegen.ingest.coverage import TrackedMembers
from sitegen.ingest.damage import check_damage
from sitegen.ingest.downloads import Part
from sitegen.model import Privacy
from sitegen.sources import Imported, Multipart, Options, Source, accounting

ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
Progress = Callable[[int, int], None]
Reader = Callable[[Options], "Read"]
Facts = dict[tuple[str, str], Privacy]
Live = Callable[[str, Options], tuple[str, Imported] | None]


class Read(Struct, frozen=True):
    """A source and what was imported from it.

    Its path is None for a live account, its digest is then empty.
    """

    name: str
    path: Path | None
    imported: Imported
    digest: str = ""


def read(
    sources: Sequence[str | Path],
    options: Options,
    progress: Progress = lambda done, total: None,
    live: Live = lambda name, options: None,
) -> tuple[Read, ...]:
    """Read every source, so that all errors are reported at once.

    `live` fetches the account that a source names, and returns its permanent name and data; None
    if it is not an account. Raises SourceError, or SeveralErrors of them.
    """
    reader = _SourceReader(options, live)
    sizes = [_size(Path(source)) for source in sources]
    for number, source in enumerate(sources):
        progress(sum(sizes[:number]), sum(sizes))
        reader.take(number, source)
    reader.join()
    reader.reconsider()
    if reader.problems:
        raise SeveralErrors.of(reader.problems)
    return tuple([reader.found[place] for place in sorted(reader.found)])


class _SourceReader:
    """Reads the sources of an import; parts of a download have the place of the first part."""

    def __init__(self, options: Options, live: Live) -> None:
        self.options = options
        self.live = live
        self.found: dict[tuple[int, int], Read] = {}
        self.parts: dict[tuple[int, int], Part] = {}
        self.readers: dict[tuple[int, int], Reader] = {}
        self.problems: list[SitegenError] = []

    def take(self, number: int, source: str | Path) -> None:
        """Read a source, or only record it if it may be one of several parts."""
        path = Path(source)
        try:
            if not os.path.lexists(path) and (fetched := self.live(str(source), self.options)):
                name, imported = fetched
                self.found[number, 0] = Read(name, None, accounting.check(imported, name))
                return
            for at, part in enumerate(_open(str(source))):
                if isinstance(part.importer, Multipart):
                    self.parts[number, at] = part
                else:
                    self._read((number, at), partial(_read_part, part, [part.source]))
        except SourceError as error:
            self.problems.append(error)

    def join(self) -> None:
        """Read downloads that may have several parts, each as one source."""
        places = {id(part.source): place for place, part in self.parts.items()}
        for part, sources in downloads.downloads([*self.parts.values()]):
            try:
                first = min(places[id(source)] for source in sources)
                self._read(first, partial(_read_part, part, sources))
            except SourceError as error:
                self.problems.append(error)

    def reconsider(self) -> None:
        """Read sources again if others state that their accounts are not public.

        Neither the order of the sources nor the split of a download may make anything public.
        """
        stated = {place: _not_public(read.imported) for place, read in self.found.items()}
        for place, reader in self.readers.items():
            others = _merge_facts(facts for other, facts in stated.items() if other != place)
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


def _not_public(imported: Imported) -> Facts:
    return {key: state for key, state in imported.privacy.items() if state != "public"}


def _merge_facts(all_facts: Iterable[Facts]) -> Facts:
    """Merge privacy facts; an account with contradictory facts is private."""
    united: Facts = {}
    for facts in all_facts:
        for key, state in facts.items():
            united[key] = "private" if "private" in (state, united.get(key)) else state
    return united


def _networks(imported: Imported) -> set[str]:
    return {post.network for thread in imported.threads for post in thread.posts}


def _open(source: str) -> tuple[Part, ...]:
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
    return downloads.open_parts(path)


def _read_part(part: Part, sources: Sequence[Source], options: Options) -> Read:
    name = downloads.name_of([each.path for each in sources])
    source, path = part.source, part.source.path
    tracked = TrackedMembers(source.members) if source.members is not None else None
    if tracked is not None:
        tracked.opened |= part.opened
        source = replace(source, members=tracked)
    found = check_damage(accounting.check(part.importer.read(source, options), name), path)
    if tracked is not None:
        notes = coverage.notes(tracked, found, part.beside)
        found = replace(found, notes=(*found.notes, *notes))
    digest = file_digests.of_paths([each.named or each.path for each in sources])
    return Read(name, path, found, digest)


def _is_empty(path: Path) -> bool:
    try:
        return path.is_file() and not path.stat().st_size
    except OSError:
        return False  # reading it will raise the error


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except (OSError, ValueError):
        return 0  # reading it will raise the error
