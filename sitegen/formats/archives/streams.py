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
MAX_RATIO_IN_ALL = 50
AGAIN = "download or copy it again."
BOMB = "no export is like this: it is made to fill a disk or a memory."


class Budget:
    """The bytes that may be unpacked from a bundle; each file counts once, however often read."""

    def __init__(self, path: Path, packed: int) -> None:
        self.path = path
        self.packed = packed
        self._limit = max(FREE_BYTES, packed * MAX_RATIO_IN_ALL)
        self._spent = 0
        self._of: dict[str, int] = {}

    def spend(self, name: str, unpacked: int, packed: int) -> None:
        """Record how much of a file was unpacked so far. Raises SourceError at a bomb."""
        more = unpacked - self._of.get(name, 0)
        if more <= 0:
            return
        self._of[name] = unpacked
        self._spent += more
        if unpacked > max(FREE_BYTES_PER_FILE, packed * MAX_RATIO):
            what = f'holds a bomb: "{name}" unpacks to more than {MAX_RATIO} times its size'
            raise SourceError(what, path=self.path, hint=BOMB)
        if self._spent > self._limit:
            what = f"holds a bomb: it unpacks to more than {MAX_RATIO_IN_ALL} times its size"
            raise SourceError(what, path=self.path, hint=BOMB)


class Stream(io.RawIOBase):
    """A stream whose bytes come from `take`; it owns its file."""

    def __init__(self, file: BinaryIO | None) -> None:
        super().__init__()
        self._file = file

    def take(self, size: int) -> bytes:
        """Return at most so many of the next bytes; none at the end. Raises SourceError."""
        raise NotImplementedError

    def readable(self) -> bool:
        """Return True: the stream can be read."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill a buffer, as io.RawIOBase requires."""
        view = memoryview(buffer).cast("B")
        data = self.take(len(view)) if len(view) else b""
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close the stream and its file."""
        if self._file is not None and not self.closed:
            self._file.close()
        super().close()


class Slice(Stream):
    """A range of a file."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        super().__init__(file)
        self._source = file
        self._left = size
        file.seek(start)

    def take(self, size: int) -> bytes:
        """Return the next bytes; fewer than declared if the file ends early."""
        data = self._source.read(min(size, self._left))
        self._left -= len(data)
        return data


class Inflated(Stream):
    """The inflated contents of a range of raw DEFLATE (RFC 1951). Raises zlib.error, EOFError."""

    def __init__(self, packed: Slice) -> None:
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


class Checked(Stream):
    """A file of a bundle, checked: its declared length, its checksum, and the bomb limits."""

    def __init__(
        self, inner: Stream, name: str, budget: Budget, *, size: int, packed: int, crc: int | None
    ) -> None:
        super().__init__(None)
        self._inner = inner
        self._name = name
        self._budget = budget
        self._size, self._packed, self._crc = size, packed, crc
        self._count = self._sum = 0

    def take(self, size: int) -> bytes:
        """Return the next bytes. Raises SourceError."""
        try:
            data = self._inner.take(min(size, CHUNK_BYTES * 16))
        except zlib.error as error:
            raise self._wrong("is damaged") from error
        except EOFError as error:
            raise self._wrong("is cut off") from error
        except OSError as error:
            raise self._wrong(f"cannot be read: {error.strerror or error}") from error
        self._check(data)
        return data

    def _check(self, data: bytes) -> None:
        self._count += len(data)
        if self._crc is not None:
            self._sum = zlib.crc32(data, self._sum)
        if self._count > self._size:
            raise self._wrong("is longer than it says")
        if not data and self._count < self._size:
            raise self._wrong("is shorter than it says")
        if self._crc is not None and self._count == self._size and self._sum != self._crc:
            raise self._wrong("is damaged: its checksum does not fit")
        self._budget.spend(self._name, self._count, self._packed)

    def _wrong(self, what: str) -> SourceError:
        return SourceError(f'"{self._name}" in it {what}', path=self._budget.path, hint=AGAIN)

    def close(self) -> None:
        """Close the stream that is checked."""
        self._inner.close()
        super().close()


class Guarded(io.BufferedReader):
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
            what = f"has an index of files of more than {self._limit >> 20} MiB"
            raise SourceError(what, path=self._path, hint=BOMB)
        return data if is_all else super().read(size)


def buffer(stream: Stream) -> BinaryIO:
    """Return a buffered stream, with the methods that readers expect."""
    return io.BufferedReader(stream, CHUNK_BYTES)


def read_whole(stream: BinaryIO, size: int, place: SourceError) -> bytes:
    """Read a stream to its end and close it; raise `place` if it is too large for memory."""
    with stream:
        if size > MAX_BYTES_IN_MEMORY:
            raise place
        data = stream.read(MAX_BYTES_IN_MEMORY + 1)
    if len(data) > MAX_BYTES_IN_MEMORY:
        raise place
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
