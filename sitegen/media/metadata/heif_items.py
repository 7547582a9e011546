"""The items of a HEIC or AVIF: blank Exif and XMP in place (ISO/IEC 14496-12, 8.11)."""

from __future__ import annotations

from collections.abc import Container, Iterator

from msgspec import Struct

from sitegen.media.metadata import exif
from sitegen.media.metadata.edits import Edit, blank
from sitegen.media.metadata.forward_stream import DamagedError, UnremovableError

MAX_META_BYTES = 1 << 22
PICTURE_OFFSET = b"\0\0\0\0"
METADATA = frozenset((b"Exif", b"mime", b"uri "))
IN_FILE, IN_BOX = 0, 1


class Cursor:
    """A position in bytes, from which numbers are read."""

    def __init__(self, data: bytes, at: int, end: int) -> None:
        self.data, self.at, self.end = data, at, end

    def number(self, size: int) -> int:
        """Read a big-endian integer. Raises DamagedError."""
        return int.from_bytes(self.take(size))

    def take(self, size: int) -> bytes:
        """Return the next bytes. Raises DamagedError."""
        if size < 0 or self.at + size > self.end:
            raise DamagedError("has a list that is longer than its box")
        self.at += size
        return self.data[self.at - size : self.at]


class Inner(Struct, frozen=True):
    """A box within the list: its name and the range of its content."""

    name: bytes
    start: int
    end: int


def item_edits(meta: bytes, at: int) -> Iterator[Edit]:
    """Yield the edits for the content of a `meta` box, which is at an offset in the file.

    Raises DamagedError, and UnremovableError if an item cannot be blanked.
    """
    boxes = {box.name: box for box in _inner(meta, 4, len(meta))}
    if b"iinf" not in boxes or b"iloc" not in boxes:
        return
    found = dict(_metadata_items(meta, boxes[b"iinf"]))
    store = boxes.get(b"idat")
    for item, method, start, end in _extents(meta, boxes[b"iloc"], found.keys()):
        if method == IN_BOX and store:
            start, end = at + store.start + start, at + store.start + end
        elif method != IN_FILE:
            raise UnremovableError("has metadata within other items")
        yield blank(start, end, _empty(found[item], end - start))


def _empty(kind: bytes, size: int) -> bytes:
    """Return empty Exif, for readers that fail if there is none."""
    empty = PICTURE_OFFSET + exif.EMPTY
    return empty if kind == b"Exif" and size >= len(empty) else b""


def _inner(data: bytes, at: int, end: int) -> Iterator[Inner]:
    while at + 8 <= end:
        size, content = int.from_bytes(data[at : at + 4]), at + 8
        if size == 1:
            size, content = int.from_bytes(data[at + 8 : at + 16]), at + 16
        after = at + size if size else end
        if not content <= after <= end:
            raise DamagedError("has a box that is longer than what it is in")
        yield Inner(data[at + 4 : at + 8], content, after)
        at = after


def _metadata_items(meta: bytes, box: Inner) -> Iterator[tuple[int, bytes]]:
    """Yield the metadata items, by number, with their kinds."""
    version = meta[box.start : box.start + 1]
    entries = box.start + 4 + (2 if version == b"\0" else 4)
    for entry in _inner(meta, entries, box.end):
        cursor = Cursor(meta, entry.start, entry.end)
        version_of_entry = cursor.number(4) >> 24
        item = cursor.number(4 if version_of_entry >= 3 else 2)
        cursor.take(2)
        kind = cursor.take(4) if version_of_entry >= 2 else b"mime"
        if kind in METADATA:
            yield item, kind


def _extents(
    meta: bytes, box: Inner, wanted: Container[int]
) -> Iterator[tuple[int, int, int, int]]:
    """Yield the extents of wanted items: number, construction method, start, end."""
    cursor = Cursor(meta, box.start, box.end)
    version = cursor.number(4) >> 24
    sizes = cursor.number(2)
    of_offset, of_length, of_base, of_index = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    for _ in range(cursor.number(4 if version >= 2 else 2)):
        item = cursor.number(4 if version >= 2 else 2)
        method = cursor.number(2) & 15 if version else IN_FILE
        cursor.take(2)
        base, count = cursor.number(of_base), cursor.number(2)
        index = of_index if version else 0
        if item not in wanted:
            cursor.take(count * (index + of_offset + of_length))
            continue
        for _ in range(count):
            cursor.take(index)
            start = base + cursor.number(of_offset)
            length = cursor.number(of_length)
            if not length:
                raise UnremovableError("has metadata of unknown length")
            yield item, method, start, start + length
