"""A stream that is read once and only forward, in constant memory, to scan file formats."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from sitegen.errors import SourceError

CHUNK_BYTES = 1 << 18


class DamagedError(Exception):
    """A file violates its format, so that it cannot be split into its parts."""


class UnremovableError(DamagedError):
    """A file has, or may well have, metadata that cannot be removed."""


def read_chunk(stream: BinaryIO, size: int) -> bytes:
    """Read up to `size` bytes; none at the end. Raises SourceError for any failure."""
    try:
        return stream.read(size)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error) or "it ends too early"
        raise SourceError(f"cannot be read: {reason}", hint="export it again.") from error


def read_chunks(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the rest of a stream in chunks. Raises SourceError."""
    while data := read_chunk(stream, CHUNK_BYTES):
        yield data


class ForwardStream:
    """A stream with a position, which only moves forward."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._buffer = b""
        self._used = 0
        self._dropped = 0

    @property
    def position(self) -> int:
        """The position in the stream."""
        return self._dropped + self._used

    def read_up_to(self, size: int) -> bytes:
        """Return the next `size` bytes, fewer only at the end of the file."""
        while len(self._buffer) - self._used < size and self._load(self._used):
            pass
        data = self._buffer[self._used : self._used + size]
        self._used += len(data)
        return data

    def read(self, size: int) -> bytes:
        """Return exactly `size` bytes. Raises DamagedError if the file ends earlier."""
        data = self.read_up_to(size)
        if len(data) < size:
            raise DamagedError("ends too early")
        return data

    def number(self, size: int) -> int:
        """Read a big-endian integer. Raises DamagedError."""
        return int.from_bytes(self.read(size))

    def skip(self, size: int) -> bool:
        """Skip some bytes; return whether the file had them all."""
        goal = self.position + size
        while self._dropped + len(self._buffer) < goal:
            self._used = len(self._buffer)
            if not self._load(self._used):
                return False
        self._used = goal - self._dropped
        return True

    def find(self, pattern: re.Pattern[bytes], length: int) -> bool:
        """Move to the next match of a pattern of `length` bytes; without one, to the end."""
        while True:
            match = pattern.search(self._buffer, self._used)
            if match:
                self._used = match.start()
                return True
            keep_from = max(self._used, len(self._buffer) - length + 1)
            if not self._load(keep_from):
                self._used = len(self._buffer)
                return False

    def skip_to_end(self) -> int:
        """Move to the end and return the file's size."""
        while True:
            self._used = len(self._buffer)
            if not self._load(self._used):
                return self.position

    def _load(self, keep_from: int) -> bool:
        """Read more, and drop the bytes before a position in the buffer."""
        data = read_chunk(self._stream, CHUNK_BYTES)
        if not data:
            return False
        self._buffer = self._buffer[keep_from:] + data
        self._dropped += keep_from
        self._used = max(0, self._used - keep_from)
        return True
