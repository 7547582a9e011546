"""Join the parts of a download into one bundle, with a folder for each part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import BinaryIO

from sitegen.errors import SourceError
from sitegen.formats.archives import Members
from sitegen.formats.archives.member_names import printable


class JoinedMembers:
    """The files of several bundles, without copying them or loading them into memory."""

    def __init__(self, parts: Mapping[str, Members]) -> None:
        self._parts = parts
        self._names = tuple(sorted(f"{label}/{n}" for label, m in parts.items() for n in m.names()))
        self.refused = tuple(
            [(f"{label}/{name}", why) for label, m in parts.items() for name, why in m.refused]
        )

    def names(self) -> tuple[str, ...]:
        """Return the names of all files, sorted."""
        return self._names

    def find(self, suffix: str) -> tuple[str, ...]:
        """Return the names that equal `suffix` or end with "/" and `suffix`, sorted."""
        names = [f"{label}/{n}" for label, m in self._parts.items() for n in m.find(suffix)]
        label, _, inner_suffix = suffix.partition("/")
        if label in self._parts and inner_suffix in self._parts[label].find(inner_suffix):
            names.append(suffix)
        return tuple(sorted(set(names)))

    def size(self, name: str) -> int:
        """Return the declared size of a file in bytes. Raises SourceError."""
        members, inner = self._locate(name)
        return members.size(inner)

    def open(self, name: str) -> BinaryIO:
        """Return a file's bytes as a stream that counts them. Raises SourceError."""
        members, inner = self._locate(name)
        return members.open(inner)

    def read(self, name: str) -> bytes:
        """Return all bytes of a file; refuse one too large for memory. Raises SourceError."""
        members, inner = self._locate(name)
        return members.read(inner)

    def _locate(self, name: str) -> tuple[Members, str]:
        label, _, inner = name.partition("/")
        if label not in self._parts:
            message = f'there is no part with "{printable(name)}" in the download'
            raise SourceError(message, hint="are all of its parts given?")
        return self._parts[label], inner


def part_labels(paths: Iterable[Path]) -> tuple[str, ...]:
    """Return a folder name for each part: its file name, made unique where needed."""
    unique: list[str] = []
    for path in paths:
        name = path.absolute().name or "part"
        while name in unique:
            name += "~"
        unique.append(name)
    return tuple(unique)
