"""Files of boxes: MP4, MOV, M4A, HEIC, AVIF (ISO/IEC 14496-12, QuickTime).

Metadata is blanked in place and its box renamed to `free`, so that all offsets in the file stay
valid.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from sitegen.media.metadata.edits import END, Edit, blank_range
from sitegen.media.metadata.forward_stream import DamagedError, ForwardStream, UnremovableError
from sitegen.media.metadata.heif_items import MAX_META_BYTES, item_edits
from sitegen.media.metadata.mp4_samples import Samples, sample_extents

CONTAINERS = frozenset((b"moov", b"trak", b"mdia", b"minf", b"stbl"))
PRIVATE_BOXES = frozenset((b"udta", b"meta", b"uuid"))
# The boxes that a file and its `moov` need; all others are blanked.
KEPT_FILE_BOXES = frozenset((
    b"ftyp", b"styp", b"pdin", b"moov", b"moof", b"mfra", b"mdat", b"wide", b"sidx", b"ssix",
    b"prft", b"imda",
))  # fmt: skip
KEPT_MOVIE_BOXES = frozenset((b"mvhd", b"iods", b"mvex", b"pssh", b"prfl", b"clip"))
SAMPLE_TABLES = frozenset((b"stsz", b"stz2", b"stsc", b"stco", b"co64"))
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
    """The parts of a track that were read: its handler, and the tables of its samples."""

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
            yield from _scan_movie(file, box, handlers)
        elif box.name == b"meta" and has_items:
            if box.end - box.content > MAX_META_BYTES:
                raise UnremovableError("has too long a list of items")
            yield from item_edits(file.read(box.end - box.content), box.content)
        elif box.name not in KEPT_FILE_BOXES:
            yield from _blank_box(box)
    if is_fragmented and handlers & METADATA_TRACKS:
        raise UnremovableError("has metadata in fragments")


def _boxes(file: ForwardStream, end: int) -> Iterator[Box]:
    """Yield the boxes up to an end, skipping the content of each. Raises DamagedError."""
    while file.position + 8 <= end and len(head := file.read_up_to(8)) == 8:
        start, size, name = file.position - 8, int.from_bytes(head[:4]), head[4:]
        if size == 1:
            size = file.number(8)
        box = Box(name, start, file.position, start + size if size else end)
        if not file.position <= box.end <= end:
            raise DamagedError("has a box that is longer than its container")
        yield box
        if box.end == END:
            file.skip_to_end()
        elif not file.skip(box.end - file.position):
            return
    if end < END:
        file.skip(max(0, end - file.position))


def _scan_movie(file: ForwardStream, movie_box: Box, handlers: set[bytes]) -> Iterator[Edit]:
    """Yield the edits of a `moov` box, and add the handlers of its tracks."""
    for box in _boxes(file, movie_box.end):
        if box.name == b"trak":
            track = Track()
            edits = _scan_track(file, box, track)
            handlers.add(track.handler)
            yield from edits
        elif box.name == COMPRESSED:
            raise UnremovableError("has a description that is compressed")
        elif box.name not in KEPT_MOVIE_BOXES:
            yield from _blank_box(box)


def _scan_track(file: ForwardStream, track_box: Box, track: Track) -> list[Edit]:
    """Return the edits of a track; a metadata track is blanked with its samples."""
    edits: list[Edit] = []
    open_boxes = [_boxes(file, track_box.end)]
    while open_boxes:
        box = next(open_boxes[-1], None)
        if box is None:
            open_boxes.pop()
        elif box.name in CONTAINERS and len(open_boxes) < len(CONTAINERS):
            open_boxes.append(_boxes(file, box.end))
        elif box.name in PRIVATE_BOXES:
            edits += _blank_box(box)
        elif box.name == b"hdlr" and not track.handler:
            track.handler = file.read(min(box.end - file.position, 12))[8:]
        elif box.name in SAMPLE_TABLES and box.end - file.position <= MAX_TABLE_BYTES:
            track.tables[box.name] = file.read(box.end - file.position)
    if track.handler not in METADATA_TRACKS:
        return edits
    samples = (blank_range(*extent) for extent in sample_extents(Samples.parse(track.tables)))
    return [*_blank_box(track_box), *samples]


def _blank_box(box: Box) -> Iterator[Edit]:
    """Blank a box and rename it to `free`, which is ignored."""
    yield Edit(box.start + 4, box.start + 8, b"free")
    yield blank_range(box.content, box.end)
