"""Edit a file while it is streamed: remove or blank ranges of bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from msgspec import Struct
from msgspec.structs import replace

from sitegen.errors import SourceError
from sitegen.media.metadata.forward_stream import CHUNK_BYTES, DamagedError, read_chunk

END = 1 << 63  # beyond the end of any file
MAX_EDITS = 100_000  # edits of one file


class Edit(Struct, frozen=True):
    """A replacement of the bytes from start to end; with a fill, their number stays the same."""

    start: int
    end: int
    data: bytes = b""
    fill: bytes = b""

    def pieces(self) -> Iterator[bytes]:
        """Yield the bytes of the replacement."""
        yield self.data
        remaining = self.end - self.start - len(self.data) if self.fill else 0
        while remaining > 0:
            yield self.fill * min(remaining, CHUNK_BYTES)
            remaining -= CHUNK_BYTES


def remove_range(start: int, end: int = END) -> Edit:
    """Return the edit that removes bytes."""
    return Edit(start, end)


def blank_range(start: int, end: int = END, data: bytes = b"", fill: bytes = b"\0") -> Edit:
    """Return the edit that overwrites bytes, so that later offsets do not change."""
    return Edit(start, end, data, fill)


def collect_edits(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """Collect edits. Raises DamagedError for an implausible number."""
    collected: list[Edit] = []
    for edit in edits:
        if len(collected) == MAX_EDITS:
            raise DamagedError("has more parts than any file needs")
        collected.append(edit)
    return tuple(collected)


def sort_edits(edits: Iterable[Edit], size: int) -> tuple[Edit, ...]:
    """Sort edits, clip them to a file of `size` bytes, and resolve overlaps.

    Of overlapping edits the first one wins; of several with the same start, the longest.
    """
    resolved: list[Edit] = []
    position = 0
    for edit in sorted(edits, key=lambda e: (e.start, -e.end, e.data)):
        start, end = max(edit.start, position), min(edit.end, size)
        if start < end:
            data = edit.data if start == edit.start else b""
            data = data[: end - start] if edit.fill else data
            resolved.append(replace(edit, start=start, end=end, data=data))
            position = end
    return tuple(resolved)


def apply_edits(stream: BinaryIO, edits: tuple[Edit, ...], size: int | None) -> Iterator[bytes]:
    """Yield the bytes of a stream with edits; `size` is its size when it was scanned.

    Raises SourceError, also if the size of the stream has changed.
    """
    position = 0
    for edit in edits:
        yield from _read_exactly(stream, edit.start - position)
        for _ in _read_exactly(stream, edit.end - edit.start):
            pass
        yield from edit.pieces()
        position = edit.end
    while data := read_chunk(stream, CHUNK_BYTES):
        position += len(data)
        yield data
    if size is not None and position != size:
        raise _changed_error()


def _read_exactly(stream: BinaryIO, count: int) -> Iterator[bytes]:
    while count:
        data = read_chunk(stream, min(count, CHUNK_BYTES))
        if not data:
            raise _changed_error()
        count -= len(data)
        yield data


def _changed_error() -> SourceError:
    return SourceError("changed while it was read", hint="import it again.")
