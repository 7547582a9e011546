"""WebP: keep the image chunks of the RIFF file (RFC 9649), and adjust flags and size."""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.media.metadata import exif
from sitegen.media.metadata.edits import Edit, remove_range
from sitegen.media.metadata.forward_stream import DamagedError, ForwardStream

KEPT_CHUNKS = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
HAS_EXIF, HAS_XMP = 0x08, 0x04
MAX_EXIF_BYTES = 1 << 20


def scan(file: ForwardStream) -> Iterator[Edit]:
    """Yield the edits of a WebP file. Raises DamagedError, SourceError."""
    size = int.from_bytes(file.read(12)[4:8], "little")
    end = 8 + size
    flags: tuple[int, int] | None = None
    orientation, size_change = b"", 0
    while file.position + 8 <= end and len(head := file.read_up_to(8)) == 8:
        start, length, name = file.position - 8, int.from_bytes(head[4:], "little"), head[:4]
        chunk_end = file.position + length + length % 2
        if chunk_end > end + 1 or not name.isascii():
            raise DamagedError("has a chunk that is longer than the file")
        if name == b"VP8X" and length and flags is None:
            flags = file.position, file.number(1)
        elif name == b"EXIF" and length <= MAX_EXIF_BYTES:
            new_chunk = b"" if orientation else _orientation_chunk(file.read_up_to(length))
            orientation = orientation or new_chunk
            yield Edit(start, chunk_end, new_chunk)
            size_change += len(new_chunk) - (chunk_end - start)
        elif name not in KEPT_CHUNKS:
            yield remove_range(start, chunk_end)
            size_change -= chunk_end - start
        if not file.skip(chunk_end - file.position):
            break
    yield remove_range(file.position)
    if size_change:
        yield Edit(4, 8, max(0, size + size_change).to_bytes(4, "little"))
    if flags is not None:
        yield Edit(flags[0], flags[0] + 1, bytes([_set_flags(flags[1], bool(orientation))]))


def _set_flags(flags: int, has_exif: bool) -> int:
    return (flags & ~HAS_XMP & ~HAS_EXIF) | (HAS_EXIF if has_exif else 0)


def _orientation_chunk(data: bytes) -> bytes:
    """Return the chunk with the orientation of Exif, if it is not upright."""
    tiff = exif.orientation_only(data.removeprefix(b"Exif\0\0"))
    return b"EXIF" + len(tiff).to_bytes(4, "little") + tiff if tiff else b""
