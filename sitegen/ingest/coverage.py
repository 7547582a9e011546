"""What a folder or an archive holds and an import did not read: refused entries, other files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import BinaryIO

from sitegen.formats.archives import Members
from sitegen.sources import Imported

FEW = 3  # files that are named; the others are counted
LENGTH = 40  # characters of a name that are shown


class Watched:
    """The files of a folder or an archive, with a list of those that were opened."""

    def __init__(self, members: Members) -> None:
        self._members = members
        self.refused = members.refused
        self.opened: set[str] = set()

    def names(self) -> tuple[str, ...]:
        """Return the names of all files, sorted."""
        return self._members.names()

    def find(self, suffix: str) -> tuple[str, ...]:
        """Return the names that are `suffix` or end in it after a "/"."""
        return self._members.find(suffix)

    def size(self, name: str) -> int:
        """Return how many bytes a file says it has."""
        return self._members.size(name)

    def open(self, name: str) -> BinaryIO:
        """Return a file's bytes as a stream, and take down that it was read. Raises SourceError."""
        self.opened.add(name)
        return self._members.open(name)

    def read(self, name: str) -> bytes:
        """Return all bytes of a file, and take down that it was read. Raises SourceError."""
        self.opened.add(name)
        return self._members.read(name)


def notes(watched: Watched, imported: Imported, beside: Sequence[str] = ()) -> Iterator[str]:
    """Tell which entries are refused and why, and which files nothing was made of.

    `beside` are files outside of what was read that nothing was made of either.
    """
    for reason in dict.fromkeys(reason for _, reason in watched.refused):
        names = [name for name, why in watched.refused if why == reason]
        yield f"left out, for it {reason}: {_listed(names)}"
    shown = {PurePosixPath(a.name).name for a in imported.attachments.values()}
    rest = [n for n in watched.names() if n not in watched.opened and _last(n) not in shown]
    rest += beside
    if rest:
        yield f"not opened: {_listed(rest)}"


def _listed(names: list[str]) -> str:
    shown = ", ".join(_shortened(name) for name in names[:FEW])
    return f"{shown} and {len(names) - FEW:,} more" if len(names) > FEW else shown


def _shortened(name: str) -> str:
    return name if len(name) <= LENGTH else f"…{name[1 - LENGTH :]}"


def _last(name: str) -> str:
    return name.rpartition("/")[2]
