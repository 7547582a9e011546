"""Strip metadata about places, people and devices from files, without decoding them.

There is one module per format. Each scans a stream once and yields the bytes to change; pixels and
samples do not change, and little is held in memory.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import BinaryIO

from msgspec import Struct

from sitegen.media.metadata import gif, iso_media, jpeg, png, webp
from sitegen.media.metadata.edits import Edit, collect_edits, sort_edits
from sitegen.media.metadata.forward_stream import (
    DamagedError,
    ForwardStream,
    UnremovableError,
    read_chunks,
)

Open = Callable[[], BinaryIO]
NOT_REMOVED = "its metadata could not be removed"
SCANS: dict[str, Callable[[ForwardStream], Iterator[Edit]]] = {
    "jpg": jpeg.scan,
    "png": png.scan,
    "webp": webp.scan,
    "gif": gif.scan,
    "heic": iso_media.scan_pictures,
    "avif": iso_media.scan_pictures,
    "mp4": iso_media.scan,
    "mov": iso_media.scan,
    "m4a": iso_media.scan,
}
# A TIFF may have metadata anywhere, and browsers do not show one.
REFUSED_EXTENSIONS = frozenset(("tiff",))
SEARCHED_EXTENSIONS = frozenset(("bin", "txt"))
TRACES = re.compile(
    rb"exif\0\0|exif.{0,6}(?:II\*\0|MM\0\*)|<x:xmpmeta|http://ns\.adobe\.com/|photoshop 3\.0|"
    rb"com\.apple\.quicktime\.|\xa9xyz\0.{3}[+-]\d|loci\0{4}|raw profile type",
    re.IGNORECASE | re.DOTALL,
)
# Every match of the pattern contains one of these, and they are found much faster.
TRACE_WORDS = (
    b"exif", b"<x:xmpmeta", b"http://ns.adobe.com/", b"photoshop 3.0", b"com.apple.quicktime.",
    b"\xa9xyz", b"loci", b"raw profile type",
)  # fmt: skip
MAX_TRACE_BYTES = 32


class EditPlan(Struct, frozen=True):
    """The edits of a file, and its size when it was scanned, if it was.

    `note` says that nothing could be removed; `is_private` then means that the file must not be
    shown, since it has traces of metadata, or probably has some.
    """

    edits: tuple[Edit, ...] = ()
    size: int | None = None
    note: str | None = None
    is_private: bool = False


def plan_edits(open_file: Open, extension: str) -> EditPlan:
    """Plan the edits that strip a file of metadata. Raises SourceError."""
    scan = SCANS.get(extension)
    if scan is None:
        return _plan_unknown(open_file, extension)
    try:
        with open_file() as stream:
            file = ForwardStream(stream)
            edits = collect_edits(scan(file))
            size = file.skip_to_end()
            return EditPlan(sort_edits(edits, size), size)
    except UnremovableError:
        return EditPlan(note=NOT_REMOVED, is_private=True)
    except DamagedError:
        return EditPlan(note=NOT_REMOVED, is_private=_has_traces(open_file))


def _plan_unknown(open_file: Open, extension: str) -> EditPlan:
    """Plan no edits for a file of another kind; refuse it if it probably has metadata."""
    if extension in REFUSED_EXTENSIONS or (
        extension in SEARCHED_EXTENSIONS and _has_traces(open_file)
    ):
        return EditPlan(note=NOT_REMOVED, is_private=True)
    return EditPlan()


def _has_traces(open_file: Open) -> bool:
    """Return whether a file that cannot be parsed has traces of metadata."""
    with open_file() as stream:
        tail = b""
        for data in read_chunks(stream):
            plain = (tail + data).lower()
            if any(sign in plain for sign in TRACE_WORDS) and TRACES.search(tail + data):
                return True
            tail = (tail + data)[-MAX_TRACE_BYTES:]
    return False
