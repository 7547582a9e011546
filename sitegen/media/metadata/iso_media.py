"""Files of boxes: MP4, MOV, M4A, HEIC, AVIF (ISO/IEC 14496-12, QuickTime).

Metadata is blanked in place and its box renamed to `free`, so that all offsets in the file stay
valid.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from sitegen.media.metadata.edits import END, Edit, blank
from sitegen.media.metadata.forward_stream import DamagedError, ForwardStream, UnremovableError
from sitegen.media.metadata.heif_items import MAX_META_BYTES, item_edits
from sitegen.media.metadata.mp4_samples import Samples, extents

CONTAINERS = frozenset((b"moov", b"trak", b"mdia", b"minf", b"stbl"))
PRIVATE = frozenset((b"udta", b"meta", b"uuid"))
# The boxes that a file and its `moov` need; all others are blanked.
FILE_KEPT = frozenset((
    b"ftyp", b"styp", b"pdin", b"moov", b"moof", b"mfra", b"mdat", b"wide", b"sidx", b"ssix",
    b"prft", b"imda",
))  # fmt: skip
MOVIE_KEPT = frozenset((b"mvhd", b"iods", b"mvex", b"pssh", b"prfl", b"clip"))
TABLES = frozenset((b"stsz", b"stz2", b"stsc", b"stco", b"co64"))
# Tracks besides sound and video: positions over time, movements, camera settings.
METADATA_TRACKS = frozenset((b"meta", b"camm", b"gpmd"))
COMPRESSED = b"cmov"
MAX_TABLE_BYTES = 1 << 22


class Box(Struct, frozen=True):
    """A box: its name, its start, the start of its content, its end."""

    name: bytes
    start: int
    content: int
    end: int


class Track:
    """What has been read of a track: its handler, and the tables of its samples."""

    def __init__(self) -> None:
        self.handler = b""
        self.tables: dict[bytes, bytes] = {}


def scan(file: ForwardStream) -> Iterator[Edit]:
    """Yield the edits of a video or sound file. Raises DamagedError, SourceError."""
    yield from _scan(file, has_items=False)


def scan_pictures(file: ForwardStream) -> Iterator[Edit]:
    """Yield the edits of a HEIC or AVIF. Raises DamagedError, SourceError."""
    yield from _scan(file, has_items=True)


def _scan(file: ForwardStream, has_items: bool) -> Iterator[Edit]:
    is_fragmented, handlers = False, set[bytes]()
    for box in _boxes(file, END):
        is_fragmented = is_fragmented or box.name == b"moof"
        if box.name == b"moov":
            yield from _movie(file, box, handlers)
        elif box.name == b"meta" and has_items:
            if box.end - box.content > MAX_META_BYTES:
                raise UnremovableError("lists more than can be looked through")
            yield from item_edits(file.read(box.end - box.content), box.content)
        elif box.name not in FILE_KEPT:
            yield from _free(box)
    if is_fragmented and handlers & METADATA_TRACKS:
        raise UnremovableError("has metadata in fragments")


def _boxes(file: ForwardStream, end: int) -> Iterator[Box]:
    """Yield the boxes up to an end, skipping the content of each. Raises DamagedError."""
    while file.at + 8 <= end and len(head := file.upto(8)) == 8:
        start, size, name = file.at - 8, int.from_bytes(head[:4]), head[4:]
        if size == 1:
            size = file.number(8)
        box = Box(name, start, file.at, start + size if size else end)
        if not file.at <= box.end <= end:
            raise DamagedError("has a box that is longer than what it is in")
        yield box
        if box.end == END:
            file.to_end()
        elif not file.skip(box.end - file.at):
            return
    if end < END:
        file.skip(max(0, end - file.at))


def _movie(file: ForwardStream, movie: Box, handlers: set[bytes]) -> Iterator[Edit]:
    """Yield the edits of a `moov` box, and add the handlers of its tracks."""
    for box in _boxes(file, movie.end):
        if box.name == b"trak":
            known = Track()
            edits = _track(file, box, known)
            handlers.add(known.handler)
            yield from edits
        elif box.name == COMPRESSED:
            raise UnremovableError("has a description that is compressed")
        elif box.name not in MOVIE_KEPT:
            yield from _free(box)


def _track(file: ForwardStream, track: Box, known: Track) -> list[Edit]:
    """Return the edits of a track; a metadata track is blanked with its samples."""
    edits: list[Edit] = []
    inner = [_boxes(file, track.end)]
    while inner:
        box = next(inner[-1], None)
        if box is None:
            inner.pop()
        elif box.name in CONTAINERS and len(inner) < len(CONTAINERS):
            inner.append(_boxes(file, box.end))
        elif box.name in PRIVATE:
            edits += _free(box)
        elif box.name == b"hdlr" and not known.handler:
            known.handler = file.read(min(box.end - file.at, 12))[8:]
        elif box.name in TABLES and box.end - file.at <= MAX_TABLE_BYTES:
            known.tables[box.name] = file.read(box.end - file.at)
    if known.handler not in METADATA_TRACKS:
        return edits
    found = (blank(*extent) for extent in extents(Samples.of(known.tables)))
    return [*_free(track), *found]


def _free(box: Box) -> Iterator[Edit]:
    """Blank a box and rename it to `free`, which is ignored."""
    yield Edit(box.start + 4, box.start + 8, b"free")
    yield blank(box.content, box.end)
