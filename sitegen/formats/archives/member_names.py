"""The names of a bundle's files: which are safe, and which are litter."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Generic, TypeVar, cast

from msgspec import Struct

from sitegen.errors import SourceError

MAX_FILES = 1_000_000
LITTER = frozenset((".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX"))
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
DRIVE = re.compile(r"[A-Za-z]:")

NO_EXPORT = "no export has so many: name the export's own folder or file."
UNPACK = "unpack it yourself, and name the folder."

Entry = TypeVar("Entry")


class Refused(Struct, frozen=True):
    """Marks an entry that is not a regular file, or must not be read."""

    reason: str


class Listing(Generic[Entry]):
    """The files of a bundle; of several entries with one name the last counts, as when unpacking.

    Nothing is ever written under these names, but only relative names with "/" are accepted, so
    that code which compares or shows them needs no other case. Some programs on Windows
    write a backslash for "/", and some tools unpack it unchanged. Raises SourceError where
    nothing can be read at all, or where there are too many files.
    """

    def __init__(self, path: Path, found: Iterable[tuple[str, Entry | Refused]]) -> None:
        self.path = path
        self.entries: dict[str, Entry] = {}
        refused: list[tuple[str, str]] = []
        for number, (written, entry) in enumerate(found):
            if number == MAX_FILES:
                raise self.wrong(f"has more than {MAX_FILES} files", NO_EXPORT)
            raw = written.replace("\\", "/")
            name = normalise(raw)
            fault = objection(raw)
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
        """Return the names that equal `suffix` or end with "/" and `suffix`, sorted."""
        ending = f"/{suffix}"
        candidates = self._by_last.get(last_part(suffix), ())
        return tuple(n for n in candidates if n == suffix or n.endswith(ending))

    def entry(self, name: str) -> Entry:
        """Return the entry of a file. Raises SourceError."""
        found = self.entries.get(name)
        if found is None:
            raise self.wrong(f'has no file "{printable(name)}"', "is it whole?")
        return found

    def wrong(self, what: str, hint: str = "download or copy it again.") -> SourceError:
        """Return the error for a bundle that cannot be read."""
        return SourceError(what, path=self.path, hint=hint)


def objection(raw: str) -> str | None:
    """Return why an entry's name is unsafe, or None if it is safe."""
    if CONTROLS.search(raw):
        return "has a control character in its name"
    if raw.startswith("/") or DRIVE.match(raw):
        return "has an absolute name"
    if not raw.isascii() and any("\ud800" <= c <= "\udfff" for c in raw):
        return "has a name that is not UTF-8"
    parts = raw.split("/")
    if ".." in parts:
        return "leads out of the folder"
    return None if normalise(raw) else "has no name"


def normalise(raw: str) -> str:
    """Remove "." and empty parts from a name."""
    return "/".join(part for part in raw.split("/") if part not in ("", "."))


def is_litter(name: str) -> bool:
    """Return whether a file is litter of an operating system and no part of any export."""
    return any(part in LITTER or part.startswith("._") for part in name.split("/"))


def last_part(name: str) -> str:
    """Return a name without its folders."""
    return name.rpartition("/")[2]


def printable(name: str) -> str:
    """Return a name that is safe to show in any terminal and file."""
    return "".join(c if c.isprintable() else "\ufffd" for c in name)
