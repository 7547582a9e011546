"""A file with pieces of it taken out or blanked, as it streams by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from msgspec import Struct
from msgspec.structs import replace

from sitegen.errors import SourceError
from sitegen.media.metadata.forward_stream import CHUNK_BYTES, DamagedError, chunk

END = 1 << 63  # later than any file ends
MAX_EDITS = 100_000  # edits of one file


class Edit(Struct, frozen=True):
    """Bytes from start to end become others; with a fill they stay as many as they were."""

    start: int
    end: int
    data: bytes = b""
    fill: bytes = b""

    def pieces(self) -> Iterator[bytes]:
        """Yield what stands there instead."""
        yield self.data
        left = self.end - self.start - len(self.data) if self.fill else 0
        while left > 0:
            yield self.fill * min(left, CHUNK_BYTES)
            left -= CHUNK_BYTES


def remove(start: int, end: int = END) -> Edit:
    """Take bytes out."""
    return Edit(start, end)


def blank(start: int, end: int = END, data: bytes = b"", fill: bytes = b"\0") -> Edit:
    """Put something empty over bytes, so that what follows stays where it is."""
    return Edit(start, end, data, fill)


def collect(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """Return all edits. Raises DamagedError for more than can be meant."""
    found: list[Edit] = []
    for edit in edits:
        if len(found) == MAX_EDITS:
            raise DamagedError("has more pieces than any file needs")
        found.append(edit)
    return tuple(found)


def sort_edits(edits: Iterable[Edit], size: int) -> tuple[Edit, ...]:
    """Return edits in the order of a file of that many bytes, inside it, none over another.

    Of those that overlap the first one counts, and the longest of several that begin together.
    """
    found: list[Edit] = []
    at = 0
    for edit in sorted(edits, key=lambda e: (e.start, -e.end, e.data)):
        start, end = max(edit.start, at), min(edit.end, size)
        if start < end:
            data = edit.data if start == edit.start else b""
            data = data[: end - start] if edit.fill else data
            found.append(replace(edit, start=start, end=end, data=data))
            at = end
    return tuple(found)


def apply(stream: BinaryIO, edits: tuple[Edit, ...], size: int | None) -> Iterator[bytes]:
    """Yield a stream's bytes, edited; `size` is how long it was when the edits were found.

    Raises SourceError, also when the stream is not as long any more.
    """
    at = 0
    for edit in edits:
        yield from _read_exactly(stream, edit.start - at)
        for _ in _read_exactly(stream, edit.end - edit.start):
            pass
        yield from edit.pieces()
        at = edit.end
    while data := chunk(stream, CHUNK_BYTES):
        at += len(data)
        yield data
    if size is not None and at != size:
        raise _changed_error()


def _read_exactly(stream: BinaryIO, count: int) -> Iterator[bytes]:
    while count:
        data = chunk(stream, min(count, CHUNK_BYTES))
        if not data:
            raise _changed_error()
        count -= len(data)
        yield data


def _changed_error() -> SourceError:
    return SourceError("changed while it was read", hint="import it again when it is at rest.")
