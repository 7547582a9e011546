"""Streams of bundled files: declared sizes are not trusted, and a bomb ends in an error.

The bytes that are actually unpacked are counted. The limits leave room for every export: media
hardly shrink in an archive, and indented JSON shrinks to a twentieth.
"""

from __future__ import annotations

import io
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from sitegen.errors import SourceError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

CHUNK_BYTES = 1 << 16
MAX_BYTES_IN_MEMORY = 1 << 28  # 256 MiB: the most that `read` loads into memory
FREE_BYTES_PER_FILE = 1 << 25  # 32 MiB: allowed for any file, however small it is packed
FREE_BYTES = 1 << 28
MAX_RATIO = 200  # the highest ratio for one file; DEFLATE ends at 1,032
MAX_TOTAL_RATIO = 50
RETRY_HINT = "download or copy it again."
BOMB_HINT = "this is not an export: it was made to fill a disk or the memory."


class Budget:
    """The bytes that may be unpacked from a bundle; each file counts once, however often read."""

    def __init__(self, path: Path, packed: int) -> None:
        self.path = path
        self.packed = packed
        self._limit = max(FREE_BYTES, packed * MAX_TOTAL_RATIO)
        self._spent = 0
        self._by_name: dict[str, int] = {}

    def spend(self, name: str, unpacked: int, packed: int) -> None:
        """Record how much of a file was unpacked so far. Raises SourceError at a bomb."""
        added = unpacked - self._by_name.get(name, 0)
        if added <= 0:
            return
        self._by_name[name] = unpacked
        self._spent += added
        if unpacked > max(FREE_BYTES_PER_FILE, packed * MAX_RATIO):
            message = f'has a bomb: "{name}" unpacks to more than {MAX_RATIO} times its size'
            raise SourceError(message, path=self.path, hint=BOMB_HINT)
        if self._spent > self._limit:
            message = f"is a bomb: it unpacks to more than {MAX_TOTAL_RATIO} times its size"
            raise SourceError(message, path=self.path, hint=BOMB_HINT)


class Stream(io.RawIOBase):
    """A stream whose bytes come from `take`; it owns its file."""

    def __init__(self, file: BinaryIO | None) -> None:
        super().__init__()
        self._file = file

    def take(self, size: int) -> bytes:
        """Return at most `size` of the next bytes; none at the end. Raises SourceError."""
        raise NotImplementedError

    def readable(self) -> bool:
        """Return True: the stream can be read."""
        return True

    def readinto(self, buffered: WriteableBuffer) -> int:
        """Fill a buffer, as io.RawIOBase requires."""
        view = memoryview(buffered).cast("B")
        data = self.take(len(view)) if len(view) else b""
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close the stream and its file."""
        if self._file is not None and not self.closed:
            self._file.close()
        super().close()


class FileSlice(Stream):
    """A range of a file."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        super().__init__(file)
        self._source = file
        self._remaining = size
        file.seek(start)

    def take(self, size: int) -> bytes:
        """Return the next bytes; fewer than declared if the file ends early."""
        data = self._source.read(min(size, self._remaining))
        self._remaining -= len(data)
        return data


class InflatedStream(Stream):
    """The inflated contents of a range of raw DEFLATE (RFC 1951). Raises zlib.error, EOFError."""

    def __init__(self, packed: FileSlice) -> None:
        super().__init__(None)
        self._packed = packed
        self._unpacker = zlib.decompressobj(-zlib.MAX_WBITS)

    def take(self, size: int) -> bytes:
        """Return the next bytes; never use more memory than asked for."""
        while not self._unpacker.eof:
            packed = self._unpacker.unconsumed_tail or self._packed.take(CHUNK_BYTES)
            data = self._unpacker.decompress(packed, size)
            if data:
                return data
            if not packed:
                raise EOFError
        return b""

    def close(self) -> None:
        """Close the packed stream."""
        self._packed.close()
        super().close()


class CheckedStream(Stream):
    """A file of a bundle, checked: its declared length, its checksum, and the bomb limits."""

    def __init__(
        self, inner: Stream, name: str, budget: Budget, *, size: int, packed: int, crc: int | None
    ) -> None:
        super().__init__(None)
        self._inner = inner
        self._name = name
        self._budget = budget
        self._size, self._packed, self._crc = size, packed, crc
        self._count = self._checksum = 0

    def take(self, size: int) -> bytes:
        """Return the next bytes. Raises SourceError."""
        try:
            data = self._inner.take(min(size, CHUNK_BYTES * 16))
        except zlib.error as error:
            raise self._error("is damaged") from error
        except EOFError as error:
            raise self._error("is cut off") from error
        except OSError as error:
            raise self._error(f"cannot be read: {error.strerror or error}") from error
        self._check(data)
        return data

    def _check(self, data: bytes) -> None:
        self._count += len(data)
        if self._crc is not None:
            self._checksum = zlib.crc32(data, self._checksum)
        if self._count > self._size:
            raise self._error("is longer than declared")
        if not data and self._count < self._size:
            raise self._error("is shorter than declared")
        if self._crc is not None and self._count == self._size and self._checksum != self._crc:
            raise self._error("is damaged: its checksum does not match")
        self._budget.spend(self._name, self._count, self._packed)

    def _error(self, message: str) -> SourceError:
        return SourceError(
            f'"{self._name}" in it {message}', path=self._budget.path, hint=RETRY_HINT
        )

    def close(self) -> None:
        """Close the stream that is checked."""
        self._inner.close()
        super().close()


class LimitedReader(io.BufferedReader):
    """A file that limits how much is read at once while an archive's index is parsed.

    The readers of ZIP and tar trust the lengths that a header declares.
    """

    def __init__(self, raw: io.RawIOBase, path: Path, size: int) -> None:
        super().__init__(raw, CHUNK_BYTES)
        self._path = path
        self._limit = size

    def read(self, size: int | None = -1, /) -> bytes:
        """Return the next bytes. Raises SourceError when too many are requested."""
        is_all = size is None or size < 0
        data = super().read(self._limit + 1) if is_all else b""
        if len(data) > self._limit or (size or 0) > self._limit:
            message = f"has an index of more than {self._limit >> 20} MiB"
            raise SourceError(message, path=self._path, hint=BOMB_HINT)
        return data if is_all else super().read(size)


def buffered(stream: Stream) -> BinaryIO:
    """Return a buffered stream, with the methods that readers expect."""
    return io.BufferedReader(stream, CHUNK_BYTES)


def read_whole(stream: BinaryIO, size: int, too_large: SourceError) -> bytes:
    """Read a stream to its end and close it; raise `too_large` if it does not fit into memory."""
    with stream:
        if size > MAX_BYTES_IN_MEMORY:
            raise too_large
        data = stream.read(MAX_BYTES_IN_MEMORY + 1)
    if len(data) > MAX_BYTES_IN_MEMORY:
        raise too_large
    return data


def open_file(path: Path) -> BinaryIO:
    """Open a file for reading. Raises SourceError."""
    try:
        return path.open("rb")
    except OSError as error:
        raise unreadable_error(path, error) from error


def unreadable_error(path: Path, error: OSError) -> SourceError:
    """Return the error for a file that the system does not let us read."""
    return SourceError(
        f"cannot be read: {error.strerror or error}", path=path, hint="check the path."
    )
