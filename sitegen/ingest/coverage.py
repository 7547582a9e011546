"""Coverage of a folder or an archive: refused entries, and files that no importer opened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import BinaryIO

from sitegen.formats.archives import Members
from sitegen.formats.archives.member_names import base_name
from sitegen.sources import Imported

MAX_LISTED_NAMES = 3  # the others are counted
MAX_NAME_LENGTH = 40


class TrackedMembers:
    """The files of a folder or an archive, which records those that were opened."""

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
        """Return the stated size of a file in bytes."""
        return self._members.size(name)

    def open(self, name: str) -> BinaryIO:
        """Open a file as a stream, and record that it was opened. Raises SourceError."""
        self.opened.add(name)
        return self._members.open(name)

    def read(self, name: str) -> bytes:
        """Read a whole file, and record that it was opened. Raises SourceError."""
        self.opened.add(name)
        return self._members.read(name)


def notes(
    tracked: TrackedMembers, imported: Imported, siblings: Sequence[str] = ()
) -> Iterator[str]:
    """Yield notes on refused entries, with reasons, and on files that were not used.

    `siblings` are unused files beside the source that was read.
    """
    for reason in dict.fromkeys(reason for _, reason in tracked.refused):
        names = [name for name, why in tracked.refused if why == reason]
        yield f"left out, since it {reason}: {_list_names(names)}"
    attached = {PurePosixPath(a.name).name for a in imported.attachments.values()}
    unused = [
        n for n in tracked.names() if n not in tracked.opened and base_name(n) not in attached
    ]
    unused += siblings
    if unused:
        yield f"not opened: {_list_names(unused)}"


def _list_names(names: list[str]) -> str:
    shown = ", ".join(_shorten(name) for name in names[:MAX_LISTED_NAMES])
    return (
        f"{shown} and {len(names) - MAX_LISTED_NAMES:,} more"
        if len(names) > MAX_LISTED_NAMES
        else shown
    )


def _shorten(name: str) -> str:
    return name if len(name) <= MAX_NAME_LENGTH else f"…{name[1 - MAX_NAME_LENGTH :]}"
