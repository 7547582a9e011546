"""PNG: keep the chunks that the image needs (W3C PNG, third edition), remove the others."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from sitegen.media.metadata import exif
from sitegen.media.metadata.edits import Edit, remove_range
from sitegen.media.metadata.forward_stream import DamagedError, ForwardStream

SIGNATURE = 8
MAX_CHUNK_BYTES = (1 << 31) - 1
MAX_EXIF_BYTES = 1 << 20
# Besides the critical chunks: colours, transparency, dimensions, and frames of animations.
KEPT_CHUNKS = frozenset((
    b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"mDCV", b"cLLI", b"bKGD",
    b"hIST", b"pHYs", b"sPLT", b"acTL", b"fcTL", b"fdAT",
))  # fmt: skip


def scan(file: ForwardStream) -> Iterator[Edit]:
    """Yield the edits of a PNG file. Raises DamagedError, SourceError."""
    file.skip(SIGNATURE)
    while len(head := file.read_up_to(8)) == 8:
        start, size, name = file.position - 8, int.from_bytes(head[:4]), head[4:]
        if size > MAX_CHUNK_BYTES or not name.isalpha():
            raise DamagedError("has a chunk without a name")
        if name == b"eXIf" and size <= MAX_EXIF_BYTES:
            yield Edit(start, file.position + size + 4, _orientation_chunk(file.read_up_to(size)))
            size = 0
        elif name[:1].islower() and name not in KEPT_CHUNKS:
            yield remove_range(start, file.position + size + 4)
        if not file.skip(size + 4):
            return
        if name == b"IEND":
            yield remove_range(file.position)
            return


def _orientation_chunk(tiff: bytes) -> bytes:
    """Return the chunk with the orientation of Exif, if it is not upright."""
    data = exif.orientation_only(tiff)
    if not data:
        return b""
    return len(data).to_bytes(4) + b"eXIf" + data + zlib.crc32(b"eXIf" + data).to_bytes(4)
