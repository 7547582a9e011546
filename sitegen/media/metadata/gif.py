"""GIF: keep images, their controls and the loop (GIF89a); remove comments and the like."""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.media.metadata.edits import Edit, remove_range
from sitegen.media.metadata.forward_stream import DamagedError, ForwardStream

EXTENSION, PICTURE, TRAILER, EMPTY_BLOCK = b"\x21", b"\x2c", b"\x3b", b"\0"
PLAIN_TEXT, CONTROL, APPLICATION = b"\x01", b"\xf9", b"\xff"
KEPT_EXTENSIONS = (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")


def scan(file: ForwardStream) -> Iterator[Edit]:
    """Yield the edits of a GIF file. Raises DamagedError, SourceError."""
    file.skip(6)
    _skip_colours(file, file.read(7)[4])
    while block := file.read_up_to(1):
        start = file.position - 1
        if block == TRAILER:
            yield remove_range(file.position)
            return
        if block == PICTURE:
            _skip_colours(file, file.read(9)[8])
            file.skip(1)
            _skip_blocks(file)
        elif block == EXTENSION:
            is_kept = _is_kept(file)
            _skip_blocks(file)
            if not is_kept:
                yield remove_range(start, file.position)
        elif block != EMPTY_BLOCK:
            raise DamagedError("has a block of unknown kind")


def _skip_colours(file: ForwardStream, flags: int) -> None:
    if flags & 0x80:
        file.skip(3 << (flags & 7) + 1)


def _skip_blocks(file: ForwardStream) -> None:
    """Skip sub-blocks up to the empty one that ends them."""
    while size := file.read_up_to(1)[:1]:
        if size == EMPTY_BLOCK or not file.skip(size[0]):
            return


def _is_kept(file: ForwardStream) -> bool:
    """Read the beginning of an extension; return whether it belongs to the image."""
    label = file.read(1)
    if label != APPLICATION:
        return label in (CONTROL, PLAIN_TEXT)
    size = file.number(1)
    return file.read_up_to(size) in KEPT_EXTENSIONS
