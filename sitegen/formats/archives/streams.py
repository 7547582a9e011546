"""Streams out of a bundle: nothing is believed of a size, and a bomb ends in an error.

What is really unpacked is counted. The limits leave room for every export: media hardly
shrink in an archive, and JSON that a machine indented shrinks to a twentieth.
"""

from __future__ import annotations

import io
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from sitegen.errors import SourceError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

CHUNK = 1 << 16
IN_MEMORY = 1 << 28  # 256 MiB: the most that `read` holds at once
FREE = 1 << 25  # 32 MiB: so much may come of any file, however small it is packed
FREE_IN_ALL = 1 << 28
RATIO = 200  # the most that one file may grow; DEFLATE ends at 1,032
RATIO_IN_ALL = 50
AGAIN = "download or copy it again."
BOMB = "no export is like this: it is made to fill a disk or a memory."


class Budget:
    """How much may be unpacked of one bundle; each file counts once, however often it is read."""

    def __init__(self, path: Path, packed: int) -> None:
        self.path = path
        self.packed = packed
        self._limit = max(FREE_IN_ALL, packed * RATIO_IN_ALL)
        self._spent = 0
        self._of: dict[str, int] = {}

    def spend(self, name: str, unpacked: int, packed: int) -> None:
        """Count what was unpacked of a file up to now. Raises SourceError at a bomb."""
        more = unpacked - self._of.get(name, 0)
        if more <= 0:
            return
        self._of[name] = unpacked
        self._spent += more
        if unpacked > max(FREE, packed * RATIO):
            what = f'holds a bomb: "{name}" unpacks to more than {RATIO} times its size'
            raise SourceError(what, path=self.path, hint=BOMB)
        if self._spent > self._limit:
            what = f"holds a bomb: it unpacks to more than {RATIO_IN_ALL} times its size"
            raise SourceError(what, path=self.path, hint=BOMB)


class Stream(io.RawIOBase):
    """A stream of bytes that come by `take`; it owns the file that they come from."""

    def __init__(self, file: BinaryIO | None) -> None:
        super().__init__()
        self._file = file

    def take(self, most: int) -> bytes:
        """Return the next bytes, at most so many; none at the end. Raises SourceError."""
        raise NotImplementedError

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill a buffer, as io.RawIOBase has it."""
        view = memoryview(buffer).cast("B")
        data = self.take(len(view)) if len(view) else b""
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close the file too."""
        if self._file is not None and not self.closed:
            self._file.close()
        super().close()


class Slice(Stream):
    """A stretch of a file."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        super().__init__(file)
        self._source = file
        self._left = size
        file.seek(start)

    def take(self, most: int) -> bytes:
        """Return the next bytes; fewer than promised where the file ends before."""
        data = self._source.read(min(most, self._left))
        self._left -= len(data)
        return data


class Inflated(Stream):
    """What a stretch of raw DEFLATE unpacks to (RFC 1951). Raises zlib.error, EOFError."""

    def __init__(self, packed: Slice) -> None:
        super().__init__(None)
        self._packed = packed
        self._unpacker = zlib.decompressobj(-zlib.MAX_WBITS)

    def take(self, most: int) -> bytes:
        """Return the next bytes, never more in memory than asked for."""
        while not self._unpacker.eof:
            packed = self._unpacker.unconsumed_tail or self._packed.take(CHUNK)
            data = self._unpacker.decompress(packed, most)
            if data:
                return data
            if not packed:
                raise EOFError
        return b""

    def close(self) -> None:
        """Close what it unpacks."""
        self._packed.close()
        super().close()


class Checked(Stream):
    """A file of a bundle: as long as it says, with the checksum that it says, no bomb."""

    def __init__(
        self, inner: Stream, name: str, budget: Budget, *, size: int, packed: int, crc: int | None
    ) -> None:
        super().__init__(None)
        self._inner = inner
        self._name = name
        self._budget = budget
        self._size, self._packed, self._crc = size, packed, crc
        self._count = self._sum = 0

    def take(self, most: int) -> bytes:
        """Return the next bytes. Raises SourceError."""
        try:
            data = self._inner.take(min(most, CHUNK * 16))
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
        """Close what it checks."""
        self._inner.close()
        super().close()


class Guarded(io.BufferedReader):
    """A file that gives no more at once than an index of files may take.

    The readers of ZIP and tar believe what a header says of its length.
    """

    def __init__(self, raw: io.RawIOBase, path: Path, most: int) -> None:
        super().__init__(raw, CHUNK)
        self._path = path
        self._most = most

    def read(self, size: int | None = -1, /) -> bytes:
        """Return the next bytes. Raises SourceError where too many are asked for."""
        is_all = size is None or size < 0
        data = super().read(self._most + 1) if is_all else b""
        if len(data) > self._most or (size or 0) > self._most:
            what = f"has an index of files of more than {self._most >> 20} MiB"
            raise SourceError(what, path=self._path, hint=BOMB)
        return data if is_all else super().read(size)


def buffered(stream: Stream) -> BinaryIO:
    """Return a stream with the methods that readers expect."""
    return io.BufferedReader(stream, CHUNK)


def whole(stream: BinaryIO, size: int, place: SourceError) -> bytes:
    """Read a stream to its end and close it; raises `place` where that is too much to hold."""
    with stream:
        if size > IN_MEMORY:
            raise place
        data = stream.read(IN_MEMORY + 1)
    if len(data) > IN_MEMORY:
        raise place
    return data


def opened(path: Path) -> BinaryIO:
    """Open a file for reading. Raises SourceError."""
    try:
        return path.open("rb")
    except OSError as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: OSError) -> SourceError:
    """Make the error for what the system does not let be read."""
    return SourceError(
        f"cannot be read: {error.strerror or error}", path=path, hint="check the path."
    )
