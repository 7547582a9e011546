"""The files of a bundle by name: which names are safe, and what is only litter."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Generic, TypeVar, cast

from msgspec import Struct

from sitegen.errors import SourceError

MOST_FILES = 1_000_000
LITTER = frozenset((".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX"))
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
DRIVE = re.compile(r"[A-Za-z]:")

NO_EXPORT = "no export has so many: name the export's own folder or file."
UNPACK = "unpack it yourself, and name the folder."

Entry = TypeVar("Entry")


class Refused(Struct, frozen=True):
    """Stands for an entry that is no file, or none that may be read."""

    reason: str


class Listing(Generic[Entry]):
    """The files of a bundle: the last of several with one name counts, as unpackers have it.

    Nothing is ever written by these names, yet only relative ones with "/" are let in, so
    that whoever compares or shows them need not think of others. Some programs on Windows
    write a backslash for "/", and others unpack that as it is. Raises SourceError where
    nothing at all can be read, or where there is no end of files.
    """

    def __init__(self, path: Path, found: Iterable[tuple[str, Entry | Refused]]) -> None:
        self.path = path
        self.entries: dict[str, Entry] = {}
        refused: list[tuple[str, str]] = []
        for number, (written, entry) in enumerate(found):
            if number == MOST_FILES:
                raise self.wrong(f"has more than {MOST_FILES} files", NO_EXPORT)
            raw = written.replace("\\", "/")
            name = tidy(raw)
            fault = unsafe(raw)
            if is_litter(name):
                continue
            if fault or isinstance(entry, Refused):
                refused.append((printable(raw), fault or cast(Refused, entry).reason))
                continue
            if name in self.entries:
                refused.append((name, "is there again under the same name, and the last counts"))
            self.entries[name] = entry
        self.refused: tuple[tuple[str, str], ...] = tuple(refused)
        self._by_last: dict[str, list[str]] = defaultdict(list)
        self._names = tuple(sorted(self.entries))
        for name in self._names:
            self._by_last[last_part(name)].append(name)
        self._must_have_any()

    def _must_have_any(self) -> None:
        if self.refused and not self.entries:
            name, reason = self.refused[0]
            raise self.wrong(f'has no file that can be read: "{name}" {reason}', UNPACK)

    def names(self) -> tuple[str, ...]:
        """Return the names of all files, sorted."""
        return self._names

    def find(self, suffix: str) -> tuple[str, ...]:
        """Return the names that are `suffix` or end in it after a "/"; sorted."""
        ending = f"/{suffix}"
        candidates = self._by_last.get(last_part(suffix), ())
        return tuple(n for n in candidates if n == suffix or n.endswith(ending))

    def entry(self, name: str) -> Entry:
        """Return what is known of a file. Raises SourceError."""
        found = self.entries.get(name)
        if found is None:
            raise self.wrong(f'has no file "{printable(name)}"', "is it whole?")
        return found

    def wrong(self, what: str, hint: str = "download or copy it again.") -> SourceError:
        """Make the error for a bundle that cannot be read."""
        return SourceError(what, path=self.path, hint=hint)


def unsafe(raw: str) -> str | None:
    """Say why an entry's name may not be used, None where it may."""
    if CONTROLS.search(raw):
        return "has a control character in its name"
    if raw.startswith("/") or DRIVE.match(raw):
        return "has an absolute name"
    if not raw.isascii() and any("\ud800" <= c <= "\udfff" for c in raw):
        return "has a name that is not UTF-8"
    parts = raw.split("/")
    if ".." in parts:
        return "leads out of the folder"
    return None if tidy(raw) else "has no name"


def tidy(raw: str) -> str:
    """Leave out what names nothing: "." and empty parts."""
    return "/".join(part for part in raw.split("/") if part not in ("", "."))


def is_litter(name: str) -> bool:
    """Tell what operating systems leave in folders and archives: no part of any export."""
    return any(part in LITTER or part.startswith("._") for part in name.split("/"))


def last_part(name: str) -> str:
    """Return a name without its folders."""
    return name.rpartition("/")[2]


def printable(name: str) -> str:
    """Return a name that any terminal and any file can show."""
    return "".join(c if c.isprintable() else "\ufffd" for c in name)
