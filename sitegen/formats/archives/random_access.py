"""Random access to the contents of a compressed file, such as a tar.

gzip, the usual form of exports, is read from checkpoints: zlib's state can be copied, so one
checkpoint every few MiB reaches any offset quickly, without a second copy on disk. bzip2 and xz
have no such state: these rare files are unpacked once into an anonymous file, which is deleted
with the process. Everything else, such as a plain tar, is read in place.
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
from sitegen.formats.archives.streams import (
    CHUNK_BYTES,
    RETRY_HINT,
    Budget,
    Stream,
    open_file,
)

GZIP, BZIP2, XZ = b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00"
CHECKPOINT_BYTES = 1 << 23  # 8 MiB unpack in some 10 ms; a checkpoint takes 40 KiB
MAX_XZ_MEMORY_BYTES = 1 << 27  # `xz -9` needs half of this
WHOLE = "the whole"


class RandomAccess(Protocol):
    """Bytes with random access for several readers at once."""

    def stream(self) -> Stream:
        """Return a new seekable stream."""


class PlainBytes:
    """The bytes of an uncompressed file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def stream(self) -> Stream:
        """Return a new seekable stream."""
        file = open_file(self._path)
        return FileStream(file, file)


class UnpackedBytes:
    """The contents of a bzip2 or xz file, in an anonymous file."""

    def __init__(self, path: Path) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as this
        weakref.finalize(self, self._file.close)
        budget = Budget(path, path.stat().st_size)
        count = 0
        try:
            for data in _unpack_chunks(path):
                count += len(data)
                budget.spend(WHOLE, count, budget.packed)
                self._file.write(data)
            self._file.flush()
        except OSError as error:
            message = f"cannot be unpacked: {error.strerror or error}"
            raise SourceError(
                message, path=path, hint="set TMPDIR to a folder with room."
            ) from error

    def stream(self) -> Stream:
        """Return a new seekable stream."""
        return FileStream(self._file, None, self)


class FileStream(Stream):
    """Reads a file from any offset; several streams may do so at once, also in forked processes."""

    def __init__(
        self, source: IO[bytes], owned: BinaryIO | None, keep_alive: object = None
    ) -> None:
        super().__init__(owned)
        self._source = source
        self._keep_alive = keep_alive
        self._offset = 0

    def take(self, size: int) -> bytes:
        """Return the next bytes."""
        data = os.pread(self._source.fileno(), size, self._offset)
        self._offset += len(data)
        return data

    def seekable(self) -> bool:
        """Return True: the stream can seek."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Move to an offset from the start."""
        self._offset = offset + self._offset if whence == io.SEEK_CUR else offset
        return self._offset

    def tell(self) -> int:
        """Return the offset."""
        return self._offset


class Checkpoint(Struct, frozen=True):
    """A checkpoint: the offsets in the packed and unpacked bytes, and zlib's state."""

    unpacked: int
    packed: int
    unpacker: Any  # zlib does not export the name of this type


class GzipBytes:
    """The contents of a gzip file (RFC 1952); the first reader that passes sets checkpoints."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.budget = Budget(path, path.stat().st_size)
        self.checkpoints = [Checkpoint(0, 0, zlib.decompressobj(zlib.MAX_WBITS | 16))]

    def stream(self) -> Stream:
        """Return a new seekable stream."""
        return GzipStream(self, open_file(self.path))

    def checkpoint_before(self, offset: int) -> Checkpoint:
        """Return the last checkpoint at or before an offset."""
        return self.checkpoints[
            bisect_right(self.checkpoints, offset, key=lambda checkpoint: checkpoint.unpacked) - 1
        ]

    def error(self, message: str) -> SourceError:
        """Return the error for a file that cannot be unpacked."""
        return SourceError(message, path=self.path, hint=RETRY_HINT)


class GzipStream(Stream):
    """Reads a gzip file from any offset, member after member."""

    def __init__(self, gzip: GzipBytes, file: BinaryIO) -> None:
        super().__init__(file)
        self._gzip = gzip
        self._source = file
        self._start(gzip.checkpoints[0])

    def _start(self, checkpoint: Checkpoint) -> None:
        self._unpacker = checkpoint.unpacker.copy()
        self._offset, self._packed = checkpoint.unpacked, checkpoint.packed
        self._buffer = b""
        self._source.seek(checkpoint.packed)

    def take(self, size: int) -> bytes:
        """Return the next bytes; never use more memory than asked for. Raises SourceError."""
        while True:
            if self._unpacker.eof and not self._next_member():
                return b""
            packed = self._buffer or self._source.read(CHUNK_BYTES)
            if not packed:
                raise self._gzip.error("is a gzip file that is cut off")
            data = self._unpack(packed, size)
            if data:
                self._gzip.budget.spend(WHOLE, self._offset, self._gzip.budget.packed)
                self._add_checkpoint()
                return data

    def _unpack(self, packed: bytes, size: int) -> bytes:
        try:
            data: bytes = self._unpacker.decompress(packed, size)
        except zlib.error as error:
            raise self._gzip.error("is a damaged gzip file") from error
        self._buffer = self._unpacker.unconsumed_tail or self._unpacker.unused_data
        self._packed = self._source.tell() - len(self._buffer)
        self._offset += len(data)
        return data

    def _next_member(self) -> bool:
        """Start the next member; ignore zeros and other padding after the last."""
        while len(self._buffer) < len(GZIP) and (more := self._source.read(CHUNK_BYTES)):
            self._buffer += more
        if not self._buffer.startswith(GZIP):
            self._buffer = b""
            return False
        self._unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
        return True

    def _add_checkpoint(self) -> None:
        checkpoints = self._gzip.checkpoints
        if self._offset >= checkpoints[-1].unpacked + CHECKPOINT_BYTES and not self._unpacker.eof:
            checkpoints.append(Checkpoint(self._offset, self._packed, self._unpacker.copy()))

    def seekable(self) -> bool:
        """Return True: the stream can seek."""
        return True

    def tell(self) -> int:
        """Return the offset in the unpacked bytes."""
        return self._offset

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Move to an offset from the start, at most to the end. Raises SourceError."""
        target = offset + self._offset if whence == io.SEEK_CUR else offset
        checkpoint = self._gzip.checkpoint_before(target)
        if target < self._offset or checkpoint.unpacked > self._offset:
            self._start(checkpoint)
        while self._offset < target and self.take(min(CHUNK_BYTES, target - self._offset)):
            pass
        return self._offset


def _unpack_chunks(path: Path) -> Iterator[bytes]:
    """Unpack a bzip2 or xz file piece by piece. Raises SourceError."""
    with open_file(path) as file:
        buffer = file.read(CHUNK_BYTES)
        while buffer:
            unpacker = _make_unpacker(buffer)
            if unpacker is None:
                return
            while not unpacker.eof:
                if unpacker.needs_input and not buffer:
                    raise SourceError("is cut off", path=path, hint=RETRY_HINT)
                try:
                    data = unpacker.decompress(buffer, CHUNK_BYTES)
                except (OSError, lzma.LZMAError) as error:
                    raise SourceError(
                        "is damaged, or not an archive", path=path, hint=RETRY_HINT
                    ) from error
                yield data
                buffer = file.read(CHUNK_BYTES) if unpacker.needs_input else b""
            buffer = unpacker.unused_data
            if len(buffer) < len(XZ):
                buffer += file.read(CHUNK_BYTES)


def _make_unpacker(head: bytes) -> bz2.BZ2Decompressor | lzma.LZMADecompressor | None:
    if head.startswith(BZIP2):
        return bz2.BZ2Decompressor()
    if head.startswith(XZ):
        return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MAX_XZ_MEMORY_BYTES)
    return None


def open_bytes(path: Path, head: bytes) -> RandomAccess:
    """Return the bytes of a file, decompressed if it is compressed. Raises SourceError."""
    if head.startswith(GZIP):
        return GzipBytes(path)
    if head.startswith((BZIP2, XZ)):
        return UnpackedBytes(path)
    return PlainBytes(path)


def read_first_block(path: Path, head: bytes, size: int) -> bytes:
    """Return the first decompressed bytes of a file; none if it is broken. Raises SourceError."""
    try:
        if head.startswith(GZIP):
            return _gzip_head(head, size)
        if unpacker := _make_unpacker(head):
            return unpacker.decompress(head, size)
    except (zlib.error, lzma.LZMAError, OSError, EOFError):
        return b""
    return head[:size]


def _gzip_head(head: bytes, size: int) -> bytes:
    """Return the first bytes of a gzip file's members. Raises zlib.error."""
    data = b""
    while head.startswith(GZIP) and len(data) < size:
        unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
        data += unpacker.decompress(head, size - len(data))
        head = unpacker.unused_data
    return data
