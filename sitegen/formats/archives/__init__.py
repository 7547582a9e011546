"""Read bundles of files: folders, ZIPs and tars, which are detected by content, never by name.

Nothing is extracted to disk by name, links are never followed, nested archives are never
opened, and declared sizes are not trusted: see the modules `member_names` and `streams`.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from msgspec import Struct

from sitegen.formats.archives.member_names import Listing, Refused, printable
from sitegen.formats.archives.streams import CHUNK_BYTES, open_file, read_whole, unreadable_error

ARCHIVE_SIGNATURES = (b"PK", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
TAR_HEADER_BYTES = 512


class Members(Protocol):
    """The files of a folder, ZIP or tar, by safe relative names with "/"."""

    refused: tuple[tuple[str, str], ...]
    """Entries that are not safe to read, and why."""

    def names(self) -> tuple[str, ...]:
        """Return the names of all files, sorted."""

    def find(self, suffix: str) -> tuple[str, ...]:
        """Return the names that equal `suffix` or end with "/" and `suffix`."""

    def size(self, name: str) -> int:
        """Return the declared size of a file in bytes."""

    def open(self, name: str) -> BinaryIO:
        """Return a file's bytes as a stream that counts them. Raises SourceError."""

    def read(self, name: str) -> bytes:
        """Return all bytes of a file; refuse one too large for memory. Raises SourceError."""


class FileEntry(Struct, frozen=True):
    """A file in a folder."""

    path: Path
    size: int


class Folder(Listing[FileEntry]):
    """The files in a folder and its subfolders."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, _walk(path))

    def size(self, name: str) -> int:
        """Return the size of a file in bytes, as listed. Raises SourceError."""
        return self.entry(name).size

    def open(self, name: str) -> BinaryIO:
        """Open a file; never follow a link. Raises SourceError."""
        path = self.entry(name).path
        flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
        flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        try:
            return os.fdopen(os.open(path, flags), "rb")
        except OSError as error:
            raise unreadable_error(path, error) from error

    def read(self, name: str) -> bytes:
        """Return all bytes of a file; refuse one too large for memory. Raises SourceError."""
        too_large = self.error(f'"{name}" in it is too large to be read', "is it an export?")
        return read_whole(self.open(name), self.size(name), too_large)


class SingleFile(Folder):
    """A single file as a bundle, for sources of which people often have only one file.

    `siblings` are files beside it that belong to it, if they exist.
    """

    def __init__(self, path: Path, *siblings: Path) -> None:
        try:
            size = path.stat().st_size
        except OSError as error:
            raise unreadable_error(path, error) from error
        existing = (sibling for sibling in siblings if sibling != path)
        self.name = printable(path.name).replace("\\", "_").lstrip(".")
        entries = [(self.name, FileEntry(path, size))]
        entries += [
            (p.name, FileEntry(p, p.stat().st_size)) for p in existing if _is_regular_file(p)
        ]
        Listing.__init__(self, path, entries)
        self._named = path

    def open(self, name: str) -> BinaryIO:
        """Open a file; the path that the person named may be a link."""
        path = self.entry(name).path
        return open_file(path) if path == self._named else super().open(name)


def _is_regular_file(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def open_bundle(path: Path) -> Members | None:
    """Open a bundle of files; return None for any other file. Raises SourceError."""
    if path.is_dir():
        return Folder(path)
    with open_file(path) as file:
        try:
            head = file.read(CHUNK_BYTES)
        except OSError as error:
            raise unreadable_error(path, error) from error
    if not head.startswith(ARCHIVE_SIGNATURES) and b"\0" not in head[:TAR_HEADER_BYTES]:
        return (
            None  # a tar's first header is padded with NUL: without one, no reader has to be loaded
        )
    from sitegen.formats.archives.tar import Tar, is_tar
    from sitegen.formats.archives.zip import SIGNATURES, Zip

    if head.startswith(SIGNATURES):
        return Zip(path)
    return Tar(path, head) if is_tar(path, head) else None


def _walk(top: Path) -> Iterator[tuple[str, FileEntry | Refused]]:
    """Yield all files below a folder. Raises SourceError."""
    queue = [("", top)]
    while queue:
        prefix, folder = queue.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    name = prefix + entry.name
                    if entry.is_dir(follow_symlinks=False):
                        queue.append((f"{name}/", folder / entry.name))
                    else:
                        yield name, _file_entry(entry, folder / entry.name)
        except OSError as error:
            if folder == top:
                raise unreadable_error(top, error) from error
            yield prefix, Refused(f"cannot be read: {error.strerror or error}")


def _file_entry(entry: os.DirEntry[str], path: Path) -> FileEntry | Refused:
    status = entry.stat(follow_symlinks=False)
    if stat.S_ISLNK(status.st_mode):
        return Refused("is a symbolic link")
    return (
        FileEntry(path, status.st_size)
        if stat.S_ISREG(status.st_mode)
        else Refused("is not a regular file")
    )
