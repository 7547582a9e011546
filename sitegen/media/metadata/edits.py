"""Edits of a file, which remove or blank ranges of bytes while it is streamed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from msgspec import Struct
from msgspec.structs import replace

from sitegen.errors import SourceError
from sitegen.media.metadata.forward_stream import CHUNK_BYTES, DamagedError, chunk

END = 1 << 63  # beyond the end of any file
MAX_EDITS = 100_000  # edits of one file


class Edit(Struct, frozen=True):
    """Replace the bytes from start to end; with a fill, their number stays the same."""

    start: int
    end: int
    data: bytes = b""
    fill: bytes = b""

    def pieces(self) -> Iterator[bytes]:
        """Yield the replacement."""
        yield self.data
        left = self.end - self.start - len(self.data) if self.fill else 0
        while left > 0:
            yield self.fill * min(left, CHUNK_BYTES)
            left -= CHUNK_BYTES


def remove(start: int, end: int = END) -> Edit:
    """Return the edit that removes bytes."""
    return Edit(start, end)


def blank(start: int, end: int = END, data: bytes = b"", fill: bytes = b"\0") -> Edit:
    """Return the edit that overwrites bytes, so that later offsets stay the same."""
    return Edit(start, end, data, fill)


def collect(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """Collect edits. Raises DamagedError for an implausible number."""
    found: list[Edit] = []
    for edit in edits:
        if len(found) == MAX_EDITS:
            raise DamagedError("has more pieces than any file needs")
        found.append(edit)
    return tuple(found)


def sort_edits(edits: Iterable[Edit], size: int) -> tuple[Edit, ...]:
    """Sort edits, clip them to a file of that many bytes, and resolve overlaps.

    Of overlapping edits the first one wins, and the longest of several with the same start.
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
    """Yield the bytes of a stream with edits; `size` is its size when it was scanned.

    Raises SourceError, also if the size of the stream has changed.
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
