"""tar archives (POSIX.1-2001 pax, GNU, v7), plain or compressed: indexed once, files streamed."""

from __future__ import annotations

import struct
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from sitegen.errors import SourceError
from sitegen.formats.archives.member_names import MAX_FILES, NO_EXPORT, Listing, Refused
from sitegen.formats.archives.random_access import Bytes, bytes_of, first_block
from sitegen.formats.archives.streams import (
    AGAIN,
    Budget,
    Checked,
    Guarded,
    Stream,
    buffer,
    read_whole,
    unreadable_error,
)

HEADER_BYTES = 1 << 20  # the longest header of one file: names of a few thousand bytes
NO_FILES = {
    tarfile.SYMTYPE: "is a symbolic link",
    tarfile.LNKTYPE: "is a hard link",
    tarfile.CHRTYPE: "is a device",
    tarfile.BLKTYPE: "is a device",
    tarfile.FIFOTYPE: "is a pipe",
    tarfile.GNUTYPE_SPARSE: "is a file with holes",
}
FILES = (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE)


class Part(Struct, frozen=True):
    """A file in a tar: the range of its bytes in the unpacked tar."""

    start: int
    size: int


class Tar(Listing[Part]):
    """The files of a tar."""

    def __init__(self, path: Path, head: bytes) -> None:
        self._bytes = bytes_of(path, head)
        super().__init__(path, _read_headers(path, self._bytes))
        self._budget = Budget(path, path.stat().st_size)

    def size(self, name: str) -> int:
        """Return the declared size of a file in bytes. Raises SourceError."""
        return self.entry(name).size

    def open(self, name: str) -> BinaryIO:
        """Return a file's bytes as a stream that counts them. Raises SourceError."""
        found = self.entry(name)
        stretch = Stretch(self._bytes.stream(), found)
        return buffer(
            Checked(stretch, name, self._budget, size=found.size, packed=found.size, crc=None)
        )

    def read(self, name: str) -> bytes:
        """Return all bytes of a file; refuse one too large for memory. Raises SourceError."""
        too_large = self.wrong(f'"{name}" in it is too large to be read', "is it an export?")
        return read_whole(self.open(name), self.size(name), too_large)


class Stretch(Stream):
    """A file's range of the unpacked tar; the first read seeks to it."""

    def __init__(self, inner: Stream, part: Part) -> None:
        super().__init__(None)
        self._inner = inner
        self._left = part.size
        self._start: int | None = part.start

    def take(self, size: int) -> bytes:
        """Return the next bytes; fewer than declared if the tar ends early."""
        if self._start is not None:
            self._inner.seek(self._start)
            self._start = None
        data = self._inner.take(min(size, self._left)) if self._left else b""
        self._left -= len(data)
        return data

    def close(self) -> None:
        """Close the underlying stream."""
        self._inner.close()
        super().close()


def is_tar(path: Path, head: bytes) -> bool:
    """Return whether a file, decompressed if needed, begins with a tar header."""
    block = first_block(path, head, tarfile.BLOCKSIZE)
    try:
        tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except (tarfile.TarError, ValueError):
        return False
    return True


def _read_headers(path: Path, packed: Bytes) -> Iterator[tuple[str, Part | Refused]]:
    """Yield the entries of a tar in one pass over its headers. Raises SourceError."""
    try:
        with (
            Guarded(packed.stream(), path, HEADER_BYTES) as file,
            tarfile.open(fileobj=file, mode="r:", encoding="utf-8") as archive,
        ):
            yield from _parts(path, archive)
            yield from _end(path, file, archive.offset)
    except tarfile.TarError as error:
        raise SourceError(f"is a tar that is damaged: {error}", path=path, hint=AGAIN) from error
    except OSError as error:
        raise unreadable_error(path, error) from error
    except (struct.error, ValueError, OverflowError, RecursionError) as error:
        raise SourceError("is a tar that is damaged", path=path, hint=AGAIN) from error


def _parts(path: Path, archive: tarfile.TarFile) -> Iterator[tuple[str, Part | Refused]]:
    place = -1
    for number, info in enumerate(archive):
        # Negative sizes would seek back for ever (CVE-2025-8194).
        if info.size < 0 or archive.offset <= place:
            raise SourceError("is a tar that is damaged", path=path, hint=AGAIN)
        if number > MAX_FILES:
            raise SourceError(f"has more than {MAX_FILES} files", path=path, hint=NO_EXPORT)
        place = archive.offset
        if info.type in FILES:
            yield info.name, Part(info.offset_data, info.size)
        elif info.type != tarfile.DIRTYPE:
            yield info.name, Refused(NO_FILES.get(info.type, "is no file"))


def _end(path: Path, file: BinaryIO, place: int) -> Iterator[tuple[str, Refused]]:
    """Check the end of a tar for zeros: Python's reader takes any damaged header for the end."""
    file.seek(place)
    block = file.read(tarfile.BLOCKSIZE)
    if any(block):
        raise SourceError("is a tar that is damaged", path=path, hint=AGAIN)
    if not block:
        yield "the end of the tar", Refused("is missing: it may be cut off")
