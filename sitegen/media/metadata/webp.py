"""WebP: keep the image chunks of the RIFF file (RFC 9649), and adjust flags and size."""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.media.metadata import exif
from sitegen.media.metadata.edits import Edit, remove
from sitegen.media.metadata.forward_stream import DamagedError, ForwardStream

KEPT_CHUNKS = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
HAS_EXIF, HAS_XMP = 0x08, 0x04
MAX_EXIF_BYTES = 1 << 20


def scan(file: ForwardStream) -> Iterator[Edit]:
    """Yield the edits of a WebP file. Raises DamagedError, SourceError."""
    size = int.from_bytes(file.read(12)[4:8], "little")
    end = 8 + size
    flags: tuple[int, int] | None = None
    turned, change = b"", 0
    while file.at + 8 <= end and len(head := file.upto(8)) == 8:
        start, length, name = file.at - 8, int.from_bytes(head[4:], "little"), head[:4]
        after = file.at + length + length % 2
        if after > end + 1 or not name.isascii():
            raise DamagedError("has a chunk that is longer than the file")
        if name == b"VP8X" and length and flags is None:
            flags = file.at, file.number(1)
        elif name == b"EXIF" and length <= MAX_EXIF_BYTES:
            kept = b"" if turned else _orientation(file.upto(length))
            turned = turned or kept
            yield Edit(start, after, kept)
            change += len(kept) - (after - start)
        elif name not in KEPT_CHUNKS:
            yield remove(start, after)
            change -= after - start
        if not file.skip(after - file.at):
            break
    yield remove(file.at)
    if change:
        yield Edit(4, 8, max(0, size + change).to_bytes(4, "little"))
    if flags is not None:
        yield Edit(flags[0], flags[0] + 1, bytes([_without(flags[1], bool(turned))]))


def _without(flags: int, has_exif: bool) -> int:
    return (flags & ~HAS_XMP & ~HAS_EXIF) | (HAS_EXIF if has_exif else 0)


def _orientation(data: bytes) -> bytes:
    """Return the chunk with the orientation of Exif, if it is not upright."""
    tiff = exif.minimal(data.removeprefix(b"Exif\0\0"))
    return b"EXIF" + len(tiff).to_bytes(4, "little") + tiff if tiff else b""
