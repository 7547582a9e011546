"""Attachments as sources have them, good and bad."""

from __future__ import annotations

from io import BytesIO
from typing import BinaryIO

from sitegen.errors import SourceError
from sitegen.sources import Attachment


def attached(name: str, data: bytes) -> Attachment:
    """Return a file of a source."""
    return Attachment(name, lambda: BytesIO(data))


class Cut(BytesIO):
    """A stream that fails when it should end."""

    def __init__(self, data: bytes, error: Exception) -> None:
        super().__init__(data)
        self.error = error

    def read(self, size: int | None = -1, /) -> bytes:
        """Return bytes while there are some."""
        data = super().read(size)
        if data:
            return data
        raise self.error


class Long(BytesIO):
    """A stream of many bytes that are nowhere; it counts those that were read."""

    def __init__(self, head: bytes, size: int) -> None:
        super().__init__()
        self.head, self.left = head, size

    def read(self, size: int | None = -1, /) -> bytes:
        """Return the head, and then as many zeros as there are."""
        wanted = len(self.head) + self.left if size is None or size < 0 else size
        if self.head:
            data, self.head = self.head[:wanted], self.head[wanted:]
            return data
        count = min(wanted, self.left)
        self.left -= count
        return bytes(count)


def cut(name: str, data: bytes, error: Exception | None = None) -> Attachment:
    """Return a file that cannot be read to its end."""
    return Attachment(name, lambda: Cut(data, error or SourceError("is cut off")))


def changing(name: str, *versions: bytes) -> Attachment:
    """Return a file that is another each time it is opened; the last one stays."""
    left = list(versions)

    def opened() -> BinaryIO:
        return BytesIO(left.pop(0) if len(left) > 1 else left[0])

    return Attachment(name, opened)
