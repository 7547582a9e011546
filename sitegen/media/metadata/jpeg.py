"""JPEG: keep the segments that the image needs (ITU-T T.81, annex B), remove all others.

What phones append after the image (second images, videos, notes) is removed too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sitegen.media.metadata import exif
from sitegen.media.metadata.edits import Edit, remove_range
from sitegen.media.metadata.forward_stream import DamagedError, ForwardStream

MARKER_PATTERN = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]", re.DOTALL)
SOI, EOI, SOS, APP0, APP1, APP2, APP14, APP15, COM = (
    0xD8, 0xD9, 0xDA, 0xE0, 0xE1, 0xE2, 0xEE, 0xEF, 0xFE
)  # fmt: skip
RESERVED = range(0x02, 0xC0)
JFIF_SIZE = 14


def scan(file: ForwardStream) -> Iterator[Edit]:
    """Yield the edits of a JPEG file. Raises DamagedError, SourceError."""
    file.skip(2)
    has_exif = False
    while True:
        end_of_previous = file.position
        has_marker = file.find(MARKER_PATTERN, 2)
        if file.position > end_of_previous:
            yield remove_range(end_of_previous, file.position)
        if not has_marker:
            return
        start = file.position
        marker = file.read(2)[1]
        if marker == EOI:
            yield remove_range(file.position)
            return
        if marker == SOI:
            raise DamagedError("begins twice")
        payload = _read_payload(file)
        new_payload = _kept_payload(marker, payload, has_exif)
        has_exif = has_exif or _is_exif(marker, payload)
        if new_payload is not None:
            yield Edit(start, file.position, _segment(marker, new_payload))
        if marker == SOS:
            file.find(MARKER_PATTERN, 2)


def _read_payload(file: ForwardStream) -> bytes:
    size = file.number(2)
    if size < 2:
        raise DamagedError("has a segment without a size")
    return file.read(size - 2)


def _segment(marker: int, payload: bytes) -> bytes:
    if not payload:
        return b""
    return bytes((0xFF, marker)) + (len(payload) + 2).to_bytes(2) + payload


def _kept_payload(marker: int, payload: bytes, has_exif: bool) -> bytes | None:
    """Return the payload to keep of a segment: None for all of it, empty to remove it."""
    if marker == APP0:
        return _without_thumbnail(payload)
    if marker == APP1 and _is_exif(marker, payload) and not has_exif:
        tiff = exif.orientation_only(payload[6:])
        return b"Exif\0\0" + tiff if tiff else b""
    if marker == APP2 and payload.startswith(b"ICC_PROFILE\0"):
        return None
    if marker == APP14 and payload.startswith(b"Adobe"):
        return None
    is_removed = APP0 <= marker <= APP15 or marker == COM or marker in RESERVED
    return b"" if is_removed else None


def _without_thumbnail(payload: bytes) -> bytes | None:
    """Return the JFIF header to keep, without its thumbnail (JFIF 1.02)."""
    if not payload.startswith(b"JFIF\0") or len(payload) < JFIF_SIZE:
        return b""
    return None if len(payload) == JFIF_SIZE else payload[: JFIF_SIZE - 2] + b"\0\0"


def _is_exif(marker: int, payload: bytes) -> bool:
    return marker == APP1 and payload.startswith(b"Exif\0\0")
