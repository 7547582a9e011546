"""A stream that is read once, forward only, in constant memory, for scanners of formats."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from sitegen.errors import SourceError

CHUNK_BYTES = 1 << 18


class DamagedError(Exception):
    """A file violates its format, so that its parts cannot be distinguished."""


class UnremovableError(DamagedError):
    """A file has, or may well have, metadata that cannot be removed."""


def chunk(stream: BinaryIO, size: int) -> bytes:
    """Read some bytes of a source, none at its end. Raises SourceError for any failure."""
    try:
        return stream.read(size)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error) or "it ends too early"
        raise SourceError(f"cannot be read: {reason}", hint="export it again.") from error


def chunks(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the rest of a stream in chunks. Raises SourceError."""
    while data := chunk(stream, CHUNK_BYTES):
        yield data


class ForwardStream:
    """A stream with a position, which only moves forward."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._buffer = b""
        self._used = 0
        self._before = 0

    @property
    def at(self) -> int:
        """The position in the stream."""
        return self._before + self._used

    def upto(self, size: int) -> bytes:
        """Return the next bytes, fewer only at the end of the file."""
        while len(self._buffer) - self._used < size and self._load(self._used):
            pass
        found = self._buffer[self._used : self._used + size]
        self._used += len(found)
        return found

    def read(self, size: int) -> bytes:
        """Return exactly that many bytes. Raises DamagedError if the file ends before."""
        found = self.upto(size)
        if len(found) < size:
            raise DamagedError("ends too early")
        return found

    def number(self, size: int) -> int:
        """Read a big-endian integer. Raises DamagedError."""
        return int.from_bytes(self.read(size))

    def skip(self, size: int) -> bool:
        """Skip some bytes; return whether the file had them all."""
        goal = self.at + size
        while self._before + len(self._buffer) < goal:
            self._used = len(self._buffer)
            if not self._load(self._used):
                return False
        self._used = goal - self._before
        return True

    def find(self, pattern: re.Pattern[bytes], length: int) -> bool:
        """Move to the next match of a pattern of that length, or else to the end."""
        while True:
            found = pattern.search(self._buffer, self._used)
            if found:
                self._used = found.start()
                return True
            kept = max(self._used, len(self._buffer) - length + 1)
            if not self._load(kept):
                self._used = len(self._buffer)
                return False

    def to_end(self) -> int:
        """Move to the end and return the file's size."""
        while True:
            self._used = len(self._buffer)
            if not self._load(self._used):
                return self.at

    def _load(self, kept: int) -> bool:
        """Read more, and drop the bytes before a position in the buffer."""
        more = chunk(self._stream, CHUNK_BYTES)
        if not more:
            return False
        self._buffer = self._buffer[kept:] + more
        self._before += kept
        self._used = max(0, self._used - kept)
        return True
