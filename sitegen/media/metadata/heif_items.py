"""Blank Exif and XMP among the items of a HEIC or AVIF (ISO/IEC 14496-12, 8.11)."""

from __future__ import annotations

from collections.abc import Container, Iterator

from msgspec import Struct

from sitegen.media.metadata import exif
from sitegen.media.metadata.edits import Edit, blank_range
from sitegen.media.metadata.forward_stream import DamagedError, UnremovableError

MAX_META_BYTES = 1 << 22
PICTURE_OFFSET = b"\0\0\0\0"
METADATA_KINDS = frozenset((b"Exif", b"mime", b"uri "))
IN_FILE, IN_BOX = 0, 1


class Cursor:
    """A position in bytes, from which numbers are read."""

    def __init__(self, data: bytes, position: int, end: int) -> None:
        self.data, self.position, self.end = data, position, end

    def number(self, size: int) -> int:
        """Read a big-endian integer. Raises DamagedError."""
        return int.from_bytes(self.read_bytes(size))

    def read_bytes(self, size: int) -> bytes:
        """Return the next bytes. Raises DamagedError."""
        if size < 0 or self.position + size > self.end:
            raise DamagedError("has a list that is longer than its box")
        self.position += size
        return self.data[self.position - size : self.position]


class ItemBox(Struct, frozen=True):
    """A box within the list: its name and the range of its content."""

    name: bytes
    start: int
    end: int


def item_edits(meta: bytes, offset: int) -> Iterator[Edit]:
    """Yield the edits for the content of a `meta` box; `offset` is its position in the file.

    Raises DamagedError, and UnremovableError if an item cannot be blanked.
    """
    boxes = _boxes_of(meta)
    if b"iinf" not in boxes or b"iloc" not in boxes:
        return
    kinds = dict(_metadata_items(meta, boxes[b"iinf"]))
    idat = boxes.get(b"idat")
    for item, method, start, end in _extents(meta, boxes[b"iloc"], kinds.keys()):
        if method == IN_BOX and idat:
            start, end = offset + idat.start + start, offset + idat.start + end
        elif method != IN_FILE:
            raise UnremovableError("has metadata within other items")
        yield blank_range(start, end, _empty_metadata(kinds[item], end - start))


def structure(meta: bytes, offset: int) -> Iterator[tuple[int, int]]:
    """Yield the ranges of a `meta` box that are not the data of items. Raises DamagedError."""
    idat = _boxes_of(meta).get(b"idat")
    if idat:
        yield offset, offset + idat.start
        yield offset + idat.end, offset + len(meta)
    else:
        yield offset, offset + len(meta)


def _boxes_of(meta: bytes) -> dict[bytes, ItemBox]:
    return {box.name: box for box in _item_boxes(meta, 4, len(meta))}


def _empty_metadata(kind: bytes, size: int) -> bytes:
    """Return empty Exif, for readers that fail if there is none."""
    empty = PICTURE_OFFSET + exif.EMPTY
    return empty if kind == b"Exif" and size >= len(empty) else b""


def _item_boxes(data: bytes, position: int, end: int) -> Iterator[ItemBox]:
    while position + 8 <= end:
        size, content = int.from_bytes(data[position : position + 4]), position + 8
        if size == 1:
            size, content = int.from_bytes(data[position + 8 : position + 16]), position + 16
        box_end = position + size if size else end
        if not content <= box_end <= end:
            raise DamagedError("has a box that is longer than its container")
        yield ItemBox(data[position + 4 : position + 8], content, box_end)
        position = box_end


def _metadata_items(meta: bytes, box: ItemBox) -> Iterator[tuple[int, bytes]]:
    """Yield the metadata items, by number, with their kinds."""
    version = meta[box.start : box.start + 1]
    entries = box.start + 4 + (2 if version == b"\0" else 4)
    for entry in _item_boxes(meta, entries, box.end):
        cursor = Cursor(meta, entry.start, entry.end)
        entry_version = cursor.number(4) >> 24
        item = cursor.number(4 if entry_version >= 3 else 2)
        cursor.read_bytes(2)
        kind = cursor.read_bytes(4) if entry_version >= 2 else b"mime"
        if kind in METADATA_KINDS:
            yield item, kind


def _extents(
    meta: bytes, box: ItemBox, items: Container[int]
) -> Iterator[tuple[int, int, int, int]]:
    """Yield the extents of wanted items: number, construction method, start, end."""
    cursor = Cursor(meta, box.start, box.end)
    version = cursor.number(4) >> 24
    sizes = cursor.number(2)
    offset_size, length_size, base_size, index_size = (
        sizes >> shift & 15 for shift in (12, 8, 4, 0)
    )
    for _ in range(cursor.number(4 if version >= 2 else 2)):
        item = cursor.number(4 if version >= 2 else 2)
        method = cursor.number(2) & 15 if version else IN_FILE
        cursor.read_bytes(2)
        base, count = cursor.number(base_size), cursor.number(2)
        size_of_index = index_size if version else 0
        if item not in items:
            cursor.read_bytes(count * (size_of_index + offset_size + length_size))
            continue
        for _ in range(count):
            cursor.read_bytes(size_of_index)
            start = base + cursor.number(offset_size)
            length = cursor.number(length_size)
            if not length:
                raise UnremovableError("has metadata of unknown length")
            yield item, method, start, start + length
