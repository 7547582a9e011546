"""Check the names of a bundle's files: which are safe, and which are litter."""

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

TOO_MANY_HINT = "no export has so many: give the folder or file of the export itself."
UNPACK_HINT = "unpack it yourself, and give the folder."

Entry = TypeVar("Entry")


class Refused(Struct, frozen=True):
    """Marks an entry that is not a regular file, or must not be read."""

    reason: str


class Listing(Generic[Entry]):
    """The files of a bundle; of several entries with one name the last wins, as when unpacking.

    Nothing is ever written under these names, but only relative names with "/" are accepted, so
    that callers can compare and show them without special cases. Some programs on Windows
    write a backslash for "/", and some tools unpack it unchanged. Raises SourceError if
    no file can be read, or if there are too many.
    """

    def __init__(self, path: Path, listed: Iterable[tuple[str, Entry | Refused]]) -> None:
        self.path = path
        self.entries: dict[str, Entry] = {}
        refused: list[tuple[str, str]] = []
        for number, (original, entry) in enumerate(listed):
            if number == MAX_FILES:
                raise self.error(f"has more than {MAX_FILES} files", TOO_MANY_HINT)
            raw = original.replace("\\", "/")
            name = normalise(raw)
            problem = name_problem(raw)
            if is_litter(name):
                continue
            if problem or isinstance(entry, Refused):
                refused.append((printable(raw), problem or cast(Refused, entry).reason))
                continue
            if name in self.entries:
                refused.append(
                    (name, "has the same name as another entry, and the last one counts")
                )
            self.entries[name] = entry
        self.refused: tuple[tuple[str, str], ...] = tuple(refused)
        self._by_base_name: dict[str, list[str]] = defaultdict(list)
        self._names = tuple(sorted(self.entries))
        for name in self._names:
            self._by_base_name[base_name(name)].append(name)
        self._require_entries()

    def _require_entries(self) -> None:
        if self.refused and not self.entries:
            name, reason = self.refused[0]
            raise self.error(f'has no file that can be read: "{name}" {reason}', UNPACK_HINT)

    def names(self) -> tuple[str, ...]:
        """Return the names of all files, sorted."""
        return self._names

    def find(self, suffix: str) -> tuple[str, ...]:
        """Return the names that equal `suffix` or end with "/" and `suffix`, sorted."""
        ending = f"/{suffix}"
        candidates = self._by_base_name.get(base_name(suffix), ())
        return tuple(n for n in candidates if n == suffix or n.endswith(ending))

    def entry(self, name: str) -> Entry:
        """Return the entry of a file. Raises SourceError."""
        entry = self.entries.get(name)
        if entry is None:
            raise self.error(f'has no file "{printable(name)}"', "is it whole?")
        return entry

    def error(self, message: str, hint: str = "download or copy it again.") -> SourceError:
        """Return the error for a bundle that cannot be read."""
        return SourceError(message, path=self.path, hint=hint)


def name_problem(raw: str) -> str | None:
    """Return what makes an entry's name unsafe; None if it is safe."""
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
    """Return whether a file was left by an operating system and is not part of an export."""
    return any(part in LITTER or part.startswith("._") for part in name.split("/"))


def base_name(name: str) -> str:
    """Return a name without its folders."""
    return name.rpartition("/")[2]


def printable(name: str) -> str:
    """Return a name that is safe to show in any terminal and file."""
    return "".join(c if c.isprintable() else "\ufffd" for c in name)
