"""Random access to the contents of a compressed file, as needed for a tar inside it.

gzip, the usual form of exports, is read from checkpoints: zlib's state can be copied, so one
checkpoint every few MiB reaches any offset quickly, without a second copy on disk. bzip2 and xz
have no such state: these rare files are unpacked once into an anonymous file, which is gone with
the process. Everything else, such as a plain tar, is read in place.
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
from sitegen.formats.archives.streams import AGAIN, CHUNK_BYTES, Budget, Stream, open_file

GZIP, BZIP2, XZ = b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00"
CHECKPOINT_BYTES = (
    1 << 23
)  # 8 MiB, unpacked in some hundredths of a second; a checkpoint takes 40 KiB
XZ_MEMORY = 1 << 27  # `xz -9` needs half of this
ALL = "the whole"


class Bytes(Protocol):
    """Bytes with random access for several readers at once."""

    def stream(self) -> Stream:
        """Return a new seekable stream."""


class Plain:
    """The bytes of an uncompressed file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def stream(self) -> Stream:
        """Return a new seekable stream."""
        file = open_file(self._path)
        return FileStream(file, file)


class Unpacked:
    """The contents of a bzip2 or xz file, in an anonymous file."""

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
        """Return a new seekable stream."""
        return FileStream(self._file, None, self)


class FileStream(Stream):
    """Reads a file from any offset; several streams may do so at once, also in forked processes."""

    def __init__(self, source: IO[bytes], owned: BinaryIO | None, keeps: object = None) -> None:
        super().__init__(owned)
        self._source = source
        self._keeps = keeps
        self._place = 0

    def take(self, size: int) -> bytes:
        """Return the next bytes."""
        data = os.pread(self._source.fileno(), size, self._place)
        self._place += len(data)
        return data

    def seekable(self) -> bool:
        """Return True: the stream can seek."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Move to an offset from the start."""
        self._place = offset + self._place if whence == io.SEEK_CUR else offset
        return self._place

    def tell(self) -> int:
        """Return the offset."""
        return self._place


class Checkpoint(Struct, frozen=True):
    """A checkpoint: the offsets in the packed and unpacked bytes, and zlib's state."""

    unpacked: int
    packed: int
    unpacker: Any  # zlib does not export the name of this type


class Gzip:
    """The contents of a gzip file (RFC 1952); checkpoints are set by the first reader to pass."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.budget = Budget(path, path.stat().st_size)
        self.marks = [Checkpoint(0, 0, zlib.decompressobj(zlib.MAX_WBITS | 16))]

    def stream(self) -> Stream:
        """Return a new seekable stream."""
        return GzipStream(self, open_file(self.path))

    def before(self, place: int) -> Checkpoint:
        """Return the last checkpoint at or before an offset."""
        return self.marks[bisect_right(self.marks, place, key=lambda mark: mark.unpacked) - 1]

    def wrong(self, what: str) -> SourceError:
        """Return the error for a file that cannot be unpacked."""
        return SourceError(what, path=self.path, hint=AGAIN)


class GzipStream(Stream):
    """Reads a gzip file from any offset, member after member."""

    def __init__(self, gzip: Gzip, file: BinaryIO) -> None:
        super().__init__(file)
        self._gzip = gzip
        self._source = file
        self._start(gzip.marks[0])

    def _start(self, mark: Checkpoint) -> None:
        self._unpacker = mark.unpacker.copy()
        self._place, self._packed = mark.unpacked, mark.packed
        self._waiting = b""
        self._source.seek(mark.packed)

    def take(self, size: int) -> bytes:
        """Return the next bytes; never use more memory than asked for. Raises SourceError."""
        while True:
            if self._unpacker.eof and not self._next_member():
                return b""
            packed = self._waiting or self._source.read(CHUNK_BYTES)
            if not packed:
                raise self._gzip.wrong("is a gzip file that is cut off")
            data = self._unpack(packed, size)
            if data:
                self._gzip.budget.spend(ALL, self._place, self._gzip.budget.packed)
                self._mark()
                return data

    def _unpack(self, packed: bytes, size: int) -> bytes:
        try:
            data: bytes = self._unpacker.decompress(packed, size)
        except zlib.error as error:
            raise self._gzip.wrong("is a damaged gzip file") from error
        self._waiting = self._unpacker.unconsumed_tail or self._unpacker.unused_data
        self._packed = self._source.tell() - len(self._waiting)
        self._place += len(data)
        return data

    def _next_member(self) -> bool:
        """Start the next member; ignore zeros and other padding after the last."""
        while len(self._waiting) < len(GZIP) and (more := self._source.read(CHUNK_BYTES)):
            self._waiting += more
        if not self._waiting.startswith(GZIP):
            self._waiting = b""
            return False
        self._unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
        return True

    def _mark(self) -> None:
        marks = self._gzip.marks
        if self._place >= marks[-1].unpacked + CHECKPOINT_BYTES and not self._unpacker.eof:
            marks.append(Checkpoint(self._place, self._packed, self._unpacker.copy()))

    def seekable(self) -> bool:
        """Return True: the stream can seek."""
        return True

    def tell(self) -> int:
        """Return the offset in the unpacked bytes."""
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Move to an offset from the start, at most to the end. Raises SourceError."""
        target = offset + self._place if whence == io.SEEK_CUR else offset
        mark = self._gzip.before(target)
        if target < self._place or mark.unpacked > self._place:
            self._start(mark)
        while self._place < target and self.take(min(CHUNK_BYTES, target - self._place)):
            pass
        return self._place


def _unpacked(path: Path) -> Iterator[bytes]:
    """Unpack a bzip2 or xz file piece by piece. Raises SourceError."""
    with open_file(path) as file:
        waiting = file.read(CHUNK_BYTES)
        while waiting:
            unpacker = _unpacker(waiting)
            if unpacker is None:
                return
            while not unpacker.eof:
                if unpacker.needs_input and not waiting:
                    raise SourceError("is cut off", path=path, hint=AGAIN)
                try:
                    data = unpacker.decompress(waiting, CHUNK_BYTES)
                except (OSError, lzma.LZMAError) as error:
                    raise SourceError("is damaged, or no archive", path=path, hint=AGAIN) from error
                yield data
                waiting = file.read(CHUNK_BYTES) if unpacker.needs_input else b""
            waiting = unpacker.unused_data
            if len(waiting) < len(XZ):
                waiting += file.read(CHUNK_BYTES)


def _unpacker(head: bytes) -> bz2.BZ2Decompressor | lzma.LZMADecompressor | None:
    if head.startswith(BZIP2):
        return bz2.BZ2Decompressor()
    if head.startswith(XZ):
        return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_MEMORY)
    return None


def bytes_of(path: Path, head: bytes) -> Bytes:
    """Return the bytes of a file, decompressed if it is compressed. Raises SourceError."""
    if head.startswith(GZIP):
        return Gzip(path)
    if head.startswith((BZIP2, XZ)):
        return Unpacked(path)
    return Plain(path)


def first_block(path: Path, head: bytes, size: int) -> bytes:
    """Return the first decompressed bytes of a file; none if it is broken. Raises SourceError."""
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
