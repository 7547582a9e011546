"""Files of boxes: MP4, MOV, M4A, HEIC, AVIF (ISO/IEC 14496-12, QuickTime).

Metadata is blanked in place and its box renamed to `free`, so that all offsets in the file stay
valid. Samples and items of metadata are blanked where the file says that they are; a damaged one
may say that of its boxes, without which nobody could tell what else is in it.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from sitegen.media.metadata.edits import END, Edit, blank_range
from sitegen.media.metadata.forward_stream import DamagedError, ForwardStream, UnremovableError
from sitegen.media.metadata.heif_items import MAX_META_BYTES, item_edits, structure
from sitegen.media.metadata.mp4_samples import Samples, sample_extents

CONTAINERS = frozenset((b"moov", b"trak", b"mdia", b"minf", b"stbl"))
PRIVATE_BOXES = frozenset((b"udta", b"meta", b"uuid"))
# The boxes that a file and its `moov` need; all others are blanked.
KEPT_FILE_BOXES = frozenset((
    b"ftyp", b"styp", b"pdin", b"moov", b"moof", b"mfra", b"mdat", b"wide", b"sidx", b"ssix",
    b"prft", b"imda",
))  # fmt: skip
DATA_BOXES = frozenset((b"mdat", b"imda"))  # of samples and items
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


class Layout:
    """What a file consists of: the ranges of its boxes, and the edits of the data in them."""

    def __init__(self) -> None:
        self.structure: list[tuple[int, int]] = []
        self.data: list[Edit] = []
        self.handlers = set[bytes]()

    def checked_data(self) -> list[Edit]:
        """Return the edits of data. Raises DamagedError if one would change a box."""
        boxes = [(start, end, True) for start, end in self.structure if start < end]
        data = [(edit.start, edit.end, False) for edit in self.data]
        end_of = {True: 0, False: 0}  # where the boxes and the data so far end
        for start, end, is_box in sorted([*boxes, *data]):
            if start < end_of[not is_box]:
                raise DamagedError("has metadata where its boxes are")
            end_of[is_box] = max(end_of[is_box], end)
        return self.data


def _scan(file: ForwardStream, has_items: bool) -> Iterator[Edit]:
    is_fragmented, layout = False, Layout()
    for box in _boxes(file, END):
        is_fragmented = is_fragmented or box.name == b"moof"
        head_or_all = box.content if box.name in DATA_BOXES else box.end
        if box.name == b"moov":
            yield from _scan_movie(file, box, layout)
        elif box.name == b"meta" and has_items:
            layout.data += _item_edits(file, box, layout)
            head_or_all = box.content
        elif box.name not in KEPT_FILE_BOXES:
            yield from _blank_box(box)
        layout.structure.append((box.start, head_or_all))
    if is_fragmented and layout.handlers & METADATA_TRACKS:
        raise UnremovableError("has metadata in fragments")
    yield from layout.checked_data()


def _item_edits(file: ForwardStream, box: Box, layout: Layout) -> Iterator[Edit]:
    """Yield the edits of the items of a picture, and add what is around them."""
    if box.end - box.content > MAX_META_BYTES:
        raise UnremovableError("has too long a list of items")
    meta = file.read(box.end - box.content)
    layout.structure += structure(meta, box.content)
    yield from item_edits(meta, box.content)


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


def _scan_movie(file: ForwardStream, movie_box: Box, layout: Layout) -> Iterator[Edit]:
    """Yield the edits of a `moov` box, and add the handlers and metadata samples of its tracks."""
    for box in _boxes(file, movie_box.end):
        if box.name == b"trak":
            track = Track()
            yield from _scan_track(file, box, track)
            layout.handlers.add(track.handler)
            layout.data += _samples(track)
        elif box.name == COMPRESSED:
            raise UnremovableError("has a description that is compressed")
        elif box.name not in KEPT_MOVIE_BOXES:
            yield from _blank_box(box)


def _scan_track(file: ForwardStream, track_box: Box, track: Track) -> list[Edit]:
    """Return the edits of a track; a metadata track is blanked."""
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
    return edits if track.handler not in METADATA_TRACKS else [*_blank_box(track_box)]


def _samples(track: Track) -> Iterator[Edit]:
    """Yield the edits of the samples of a metadata track."""
    if track.handler in METADATA_TRACKS:
        for extent in sample_extents(Samples.parse(track.tables)):
            yield blank_range(*extent)


def _blank_box(box: Box) -> Iterator[Edit]:
    """Blank a box and rename it to `free`, which is ignored."""
    yield Edit(box.start + 4, box.start + 8, b"free")
    yield blank_range(box.content, box.end)
