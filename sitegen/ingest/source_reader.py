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

URL_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
Progress = Callable[[int, int], None]
ReadAgain = Callable[[Options], "ReadSource"]
PrivacyByAccount = dict[tuple[str, str], Privacy]
FetchAccount = Callable[[str, Options], tuple[str, Imported] | None]


class ReadSource(Struct, frozen=True):
    """A source that was read: its name, its path, its records, and the digest of its bytes.

    The path is None for a live account; the digest is then empty.
    """

    name: str
    path: Path | None
    imported: Imported
    digest: str = ""


def read(
    sources: Sequence[str | Path],
    options: Options,
    progress: Progress = lambda done, total: None,
    fetch_account: FetchAccount = lambda name, options: None,
) -> tuple[ReadSource, ...]:
    """Read all sources, and report all errors at once.

    `fetch_account` returns the permanent name and the data of an account; None for any other name.

    Raises SourceError, or SeveralErrors of them.
    """
    reader = _SourceReader(options, fetch_account)
    sizes = [_size(Path(source)) for source in sources]
    for number, source in enumerate(sources):
        progress(sum(sizes[:number]), sum(sizes))
        reader.read_or_defer(number, source)
    reader.read_downloads()
    reader.apply_privacy()
    if reader.errors:
        raise SeveralErrors.combine(reader.errors)
    return tuple([reader.results[position] for position in sorted(reader.results)])


class _SourceReader:
    """Reads the sources of an import; a download has the position of its first part."""

    def __init__(self, options: Options, fetch_account: FetchAccount) -> None:
        self.options = options
        self.fetch_account = fetch_account
        self.results: dict[tuple[int, int], ReadSource] = {}
        self.deferred_parts: dict[tuple[int, int], Part] = {}
        self.readers: dict[tuple[int, int], ReadAgain] = {}
        self.errors: list[SitegenError] = []

    def read_or_defer(self, number: int, source: str | Path) -> None:
        """Read a source, or defer it if it may be one of several parts."""
        path = Path(source)
        try:
            if not os.path.lexists(path) and (
                fetched := self.fetch_account(str(source), self.options)
            ):
                name, imported = fetched
                self.results[number, 0] = ReadSource(name, None, accounting.check(imported, name))
                return
            for index, part in enumerate(_open_source(str(source))):
                if isinstance(part.importer, Multipart):
                    self.deferred_parts[number, index] = part
                else:
                    self._read_at((number, index), partial(_read_part, part, [part.source]))
        except SourceError as error:
            self.errors.append(error)

    def read_downloads(self) -> None:
        """Read downloads that may have several parts, each as one source."""
        positions = {id(part.source): position for position, part in self.deferred_parts.items()}
        for part, sources in downloads.join_downloads([*self.deferred_parts.values()]):
            try:
                first = min(positions[id(source)] for source in sources)
                self._read_at(first, partial(_read_part, part, sources))
            except SourceError as error:
                self.errors.append(error)

    def apply_privacy(self) -> None:
        """Read sources again if other sources state that their accounts are not public.

        Neither the order of the sources nor the parts of a download may make anything public.
        """
        restricted = {
            position: _restricted_accounts(read.imported) for position, read in self.results.items()
        }
        for position, reader in self.readers.items():
            elsewhere = _merge_privacy(
                accounts for other, accounts in restricted.items() if other != position
            )
            networks = _networks(self.results[position].imported)
            if restrictions := {key: s for key, s in elsewhere.items() if key[0] in networks}:
                siblings = frozenset(network for network, _ in restrictions)
                privacy = {**self.options.privacy, **restrictions}
                self.results[position] = reader(
                    replace(self.options, privacy=privacy, closed_beside=siblings)
                )

    def _read_at(self, position: tuple[int, int], reader: ReadAgain) -> None:
        self.results[position] = reader(self.options)
        self.readers[position] = reader


def _restricted_accounts(imported: Imported) -> PrivacyByAccount:
    return {key: state for key, state in imported.privacy.items() if state != "public"}


def _merge_privacy(mappings: Iterable[PrivacyByAccount]) -> PrivacyByAccount:
    """Merge the privacy that sources state; on contradiction, an account is private."""
    merged: PrivacyByAccount = {}
    for mapping in mappings:
        for key, state in mapping.items():
            merged[key] = "private" if "private" in (state, merged.get(key)) else state
    return merged


def _networks(imported: Imported) -> set[str]:
    return {post.network for thread in imported.threads for post in thread.posts}


def _open_source(source: str) -> tuple[Part, ...]:
    if not source:
        raise SourceError("no source is named", hint="name a file, a folder or an account.")
    path = Path(source)
    if URL_SCHEME.match(source) and not os.path.lexists(path):
        raise SourceError(
            "is a URL, and sitegen does not fetch it",
            path=source,  # a path would lose a slash
            hint="save the page and give that file, or give an export of the account.",
        )
    if _is_empty(path):
        raise SourceError("is empty", path=path, hint="save or export it again.")
    return downloads.open_parts(path)


def _read_part(part: Part, sources: Sequence[Source], options: Options) -> ReadSource:
    name = downloads.describe_paths([source.path for source in sources])
    source, path = part.source, part.source.path
    tracked = TrackedMembers(source.members) if source.members is not None else None
    if tracked is not None:
        tracked.opened |= part.opened
        source = replace(source, members=tracked)
    imported = check_damage(accounting.check(part.importer.read(source, options), name), path)
    if tracked is not None:
        notes = coverage.notes(tracked, imported, part.siblings)
        imported = replace(imported, notes=(*imported.notes, *notes))
    digest = file_digests.of_paths([each.named or each.path for each in sources])
    return ReadSource(name, path, imported, digest)


def _is_empty(path: Path) -> bool:
    try:
        return path.is_file() and not path.stat().st_size
    except OSError:
        return False  # reading it raises the error


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except (OSError, ValueError):
        return 0  # reading it raises the error
