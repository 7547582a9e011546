"""tar archives (POSIX.1-2001 pax, GNU, v7), plain or compressed: indexed once, files streamed."""

from __future__ import annotations

import struct
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from sitegen.errors import SourceError
from sitegen.formats.archives.member_names import MAX_FILES, TOO_MANY_HINT, Listing, Refused
from sitegen.formats.archives.random_access import RandomAccess, open_bytes, read_first_block
from sitegen.formats.archives.streams import (
    RETRY_HINT,
    Budget,
    CheckedStream,
    LimitedReader,
    Stream,
    buffered,
    read_whole,
    unreadable_error,
)

MAX_HEADER_BYTES = 1 << 20  # the longest header of one file: names of a few thousand bytes
REFUSED_TYPES = {
    tarfile.SYMTYPE: "is a symbolic link",
    tarfile.LNKTYPE: "is a hard link",
    tarfile.CHRTYPE: "is a device",
    tarfile.BLKTYPE: "is a device",
    tarfile.FIFOTYPE: "is a pipe",
    tarfile.GNUTYPE_SPARSE: "is a file with holes",
}
FILE_TYPES = (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE)


class TarEntry(Struct, frozen=True):
    """A file in a tar: the range of its bytes in the unpacked tar."""

    start: int
    size: int


class Tar(Listing[TarEntry]):
    """The files of a tar."""

    def __init__(self, path: Path, head: bytes) -> None:
        self._bytes = open_bytes(path, head)
        super().__init__(path, _read_headers(path, self._bytes))
        self._budget = Budget(path, path.stat().st_size)

    def size(self, name: str) -> int:
        """Return the declared size of a file in bytes. Raises SourceError."""
        return self.entry(name).size

    def open(self, name: str) -> BinaryIO:
        """Return a file's bytes as a stream that counts them. Raises SourceError."""
        entry = self.entry(name)
        stream = TarSlice(self._bytes.stream(), entry)
        return buffered(
            CheckedStream(stream, name, self._budget, size=entry.size, packed=entry.size, crc=None)
        )

    def read(self, name: str) -> bytes:
        """Return all bytes of a file; refuse one too large for memory. Raises SourceError."""
        too_large = self.error(f'"{name}" in it is too large to be read', "is it an export?")
        return read_whole(self.open(name), self.size(name), too_large)


class TarSlice(Stream):
    """A file's range of the unpacked tar; the first read seeks to it."""

    def __init__(self, inner: Stream, entry: TarEntry) -> None:
        super().__init__(None)
        self._inner = inner
        self._remaining = entry.size
        self._start: int | None = entry.start

    def take(self, size: int) -> bytes:
        """Return the next bytes; fewer than declared if the tar ends early."""
        if self._start is not None:
            self._inner.seek(self._start)
            self._start = None
        data = self._inner.take(min(size, self._remaining)) if self._remaining else b""
        self._remaining -= len(data)
        return data

    def close(self) -> None:
        """Close the underlying stream."""
        self._inner.close()
        super().close()


def is_tar(path: Path, head: bytes) -> bool:
    """Return whether a file, decompressed if needed, begins with a tar header."""
    block = read_first_block(path, head, tarfile.BLOCKSIZE)
    try:
        tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except (tarfile.TarError, ValueError):
        return False
    return True


def _read_headers(path: Path, packed: RandomAccess) -> Iterator[tuple[str, TarEntry | Refused]]:
    """Yield the entries of a tar in one pass over its headers. Raises SourceError."""
    try:
        with (
            LimitedReader(packed.stream(), path, MAX_HEADER_BYTES) as file,
            tarfile.open(fileobj=file, mode="r:", encoding="utf-8") as archive,
        ):
            yield from _read_entries(path, archive)
            yield from _check_end(path, file, archive.offset)
    except tarfile.TarError as error:
        raise SourceError(
            f"is a tar that is damaged: {error}", path=path, hint=RETRY_HINT
        ) from error
    except OSError as error:
        raise unreadable_error(path, error) from error
    except (struct.error, ValueError, OverflowError, RecursionError) as error:
        raise SourceError("is a tar that is damaged", path=path, hint=RETRY_HINT) from error


def _read_entries(path: Path, archive: tarfile.TarFile) -> Iterator[tuple[str, TarEntry | Refused]]:
    offset = -1
    for number, info in enumerate(archive):
        # A negative size would make the reader seek back forever (CVE-2025-8194).
        if info.size < 0 or archive.offset <= offset:
            raise SourceError("is a tar that is damaged", path=path, hint=RETRY_HINT)
        if number > MAX_FILES:
            raise SourceError(f"has more than {MAX_FILES} files", path=path, hint=TOO_MANY_HINT)
        offset = archive.offset
        if info.type in FILE_TYPES:
            yield info.name, TarEntry(info.offset_data, info.size)
        elif info.type != tarfile.DIRTYPE:
            yield info.name, Refused(REFUSED_TYPES.get(info.type, "is not a regular file"))


def _check_end(path: Path, file: BinaryIO, offset: int) -> Iterator[tuple[str, Refused]]:
    """Check that a tar ends in zeros: Python's reader takes any damaged header as the end."""
    file.seek(offset)
    block = file.read(tarfile.BLOCKSIZE)
    if any(block):
        raise SourceError("is a tar that is damaged", path=path, hint=RETRY_HINT)
    if not block:
        yield "the end of the tar", Refused("is missing: it may be cut off")
