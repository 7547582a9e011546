"""Random access to what a compressed file unpacks to, as a tar in it needs.

gzip, in which exports come, is unpacked from marks: zlib lets its state be copied, so a mark
every few MiB finds any place again at once, without a second copy on the disk. bzip2 and xz have
no such state: these rare ones are unpacked once into a file without a name, which is gone with
the process. Everything else, a plain tar, is read where it is.
"""

from __future__ import annotations

import bz2
import io
import lzma
import os
import tempfile
import weakref
import zlib
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, BinaryIO, Protocol

from msgspec import Struct

from sitegen.errors import SourceError
from sitegen.formats.archives.streams import AGAIN, CHUNK, Budget, Stream, opened

GZIP, BZIP2, XZ = b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00"
MARKS_APART = 1 << 23  # 8 MiB, unpacked in some hundredths of a second; a mark takes 40 KiB
XZ_MEMORY = 1 << 27  # what `xz -9` asks for is half of this
ALL = "the whole"


class Bytes(Protocol):
    """Bytes that can be read from any place, by several readers at once."""

    def stream(self) -> Stream:
        """Return a new stream that can seek."""


class Plain:
    """The bytes of a file as they are."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def stream(self) -> Stream:
        """Return a new stream that can seek."""
        file = opened(self._path)
        return FileStream(file, file)


class Unpacked:
    """What a bzip2 or xz file unpacks to, in a file without a name."""

    def __init__(self, path: Path) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as this
        weakref.finalize(self, self._file.close)
        budget = Budget(path, path.stat().st_size)
        count = 0
        try:
            for data in _unpacked(path):
                count += len(data)
                budget.spend(ALL, count, budget.packed)
                self._file.write(data)
            self._file.flush()
        except OSError as error:
            what = f"cannot be unpacked: {error.strerror or error}"
            raise SourceError(what, path=path, hint="set TMPDIR to a folder with room.") from error

    def stream(self) -> Stream:
        """Return a new stream that can seek."""
        return FileStream(self._file, None, self)


class FileStream(Stream):
    """Reads a file from any place; several do so at once, also in processes of a fork."""

    def __init__(self, source: IO[bytes], owned: BinaryIO | None, keeps: object = None) -> None:
        super().__init__(owned)
        self._source = source
        self._keeps = keeps
        self._place = 0

    def take(self, most: int) -> bytes:
        """Return the next bytes."""
        data = os.pread(self._source.fileno(), most, self._place)
        self._place += len(data)
        return data

    def seekable(self) -> bool:
        """Tell that it can seek."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a place, counted from the start."""
        self._place = offset + self._place if whence == io.SEEK_CUR else offset
        return self._place

    def tell(self) -> int:
        """Return the place."""
        return self._place


class Mark(Struct, frozen=True):
    """The state of unpacking at a place: how far in the packed bytes, and zlib's own."""

    unpacked: int
    packed: int
    unpacker: Any  # zlib gives its type no name


class Gzip:
    """The bytes that a gzip file (RFC 1952) unpacks to; marks are set by whoever goes first."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.budget = Budget(path, path.stat().st_size)
        self.marks = [Mark(0, 0, zlib.decompressobj(zlib.MAX_WBITS | 16))]

    def stream(self) -> Stream:
        """Return a new stream that can seek."""
        return GzipStream(self, opened(self.path))

    def before(self, place: int) -> Mark:
        """Return the last mark at a place or before it."""
        return self.marks[bisect_right(self.marks, place, key=lambda mark: mark.unpacked) - 1]

    def wrong(self, what: str) -> SourceError:
        """Make the error for a file that does not unpack."""
        return SourceError(what, path=self.path, hint=AGAIN)


class GzipStream(Stream):
    """Unpacks a gzip file from any place, its members one after the other."""

    def __init__(self, gzip: Gzip, file: BinaryIO) -> None:
        super().__init__(file)
        self._gzip = gzip
        self._source = file
        self._start(gzip.marks[0])

    def _start(self, mark: Mark) -> None:
        self._unpacker = mark.unpacker.copy()
        self._place, self._packed = mark.unpacked, mark.packed
        self._waiting = b""
        self._source.seek(mark.packed)

    def take(self, most: int) -> bytes:
        """Return the next bytes, never more in memory than asked for. Raises SourceError."""
        while True:
            if self._unpacker.eof and not self._next_member():
                return b""
            packed = self._waiting or self._source.read(CHUNK)
            if not packed:
                raise self._gzip.wrong("is a gzip file that is cut off")
            data = self._unpack(packed, most)
            if data:
                self._gzip.budget.spend(ALL, self._place, self._gzip.budget.packed)
                self._mark()
                return data

    def _unpack(self, packed: bytes, most: int) -> bytes:
        try:
            data: bytes = self._unpacker.decompress(packed, most)
        except zlib.error as error:
            raise self._gzip.wrong("is a damaged gzip file") from error
        self._waiting = self._unpacker.unconsumed_tail or self._unpacker.unused_data
        self._packed = self._source.tell() - len(self._waiting)
        self._place += len(data)
        return data

    def _next_member(self) -> bool:
        """Begin the next member; zeros and other padding after the last are left alone."""
        while len(self._waiting) < len(GZIP) and (more := self._source.read(CHUNK)):
            self._waiting += more
        if not self._waiting.startswith(GZIP):
            self._waiting = b""
            return False
        self._unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
        return True

    def _mark(self) -> None:
        marks = self._gzip.marks
        if self._place >= marks[-1].unpacked + MARKS_APART and not self._unpacker.eof:
            marks.append(Mark(self._place, self._packed, self._unpacker.copy()))

    def seekable(self) -> bool:
        """Tell that it can seek."""
        return True

    def tell(self) -> int:
        """Return the place in the unpacked bytes."""
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a place, counted from the start; at most to the end. Raises SourceError."""
        target = offset + self._place if whence == io.SEEK_CUR else offset
        mark = self._gzip.before(target)
        if target < self._place or mark.unpacked > self._place:
            self._start(mark)
        while self._place < target and self.take(min(CHUNK, target - self._place)):
            pass
        return self._place


def _unpacked(path: Path) -> Iterator[bytes]:
    """Unpack a bzip2 or xz file piece by piece. Raises SourceError."""
    with opened(path) as file:
        waiting = file.read(CHUNK)
        while waiting:
            unpacker = _unpacker(waiting)
            if unpacker is None:
                return
            while not unpacker.eof:
                if unpacker.needs_input and not waiting:
                    raise SourceError("is cut off", path=path, hint=AGAIN)
                try:
                    data = unpacker.decompress(waiting, CHUNK)
                except (OSError, lzma.LZMAError) as error:
                    raise SourceError("is damaged, or no archive", path=path, hint=AGAIN) from error
                yield data
                waiting = file.read(CHUNK) if unpacker.needs_input else b""
            waiting = unpacker.unused_data
            if len(waiting) < len(XZ):
                waiting += file.read(CHUNK)


def _unpacker(head: bytes) -> bz2.BZ2Decompressor | lzma.LZMADecompressor | None:
    if head.startswith(BZIP2):
        return bz2.BZ2Decompressor()
    if head.startswith(XZ):
        return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_MEMORY)
    return None


def bytes_of(path: Path, head: bytes) -> Bytes:
    """Return the bytes of a file, unpacked if they begin as packed ones. Raises SourceError."""
    if head.startswith(GZIP):
        return Gzip(path)
    if head.startswith((BZIP2, XZ)):
        return Unpacked(path)
    return Plain(path)


def first_block(path: Path, head: bytes, size: int) -> bytes:
    """Return the first bytes that a file unpacks to, none where it does not. Raises SourceError."""
    try:
        if head.startswith(GZIP):
            return _gzip_head(head, size)
        if unpacker := _unpacker(head):
            return unpacker.decompress(head, size)
    except (zlib.error, lzma.LZMAError, OSError, EOFError):
        return b""
    return head[:size]


def _gzip_head(head: bytes, size: int) -> bytes:
    """Return the first bytes of a gzip file's members. Raises zlib.error."""
    found = b""
    while head.startswith(GZIP) and len(found) < size:
        unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
        found += unpacker.decompress(head, size - len(found))
        head = unpacker.unused_data
    return found
