"""Exif (CIPA DC-008): of all that a camera records, only the orientation is kept."""

from __future__ import annotations

ORIENTATION = 0x0112
UPRIGHT = 1
SHORT, LONG = 3, 4
EMPTY = b"MM\0*\0\0\0\x08\0\0\0\0\0\0"


def orientation_only(tiff: bytes) -> bytes:
    """Return Exif data with only the orientation of the given data; empty if it is upright."""
    value = orientation(tiff)
    if value == UPRIGHT:
        return b""
    entry = ORIENTATION.to_bytes(2) + SHORT.to_bytes(2) + b"\0\0\0\1" + value.to_bytes(2) + b"\0\0"
    return b"MM\0*\0\0\0\x08\0\x01" + entry + b"\0\0\0\0"


def orientation(tiff: bytes) -> int:
    """Return the orientation, 1 to 8, in the first directory of Exif; 1 if there is none."""
    order = {b"II*\0": "little", b"MM\0*": "big"}.get(tiff[:4])
    if order is None:
        return UPRIGHT

    def number(at: int, size: int) -> int:
        piece = tiff[at : at + size]
        return int.from_bytes(piece, "little" if order == "little" else "big")

    first = number(4, 4)
    for at in range(first + 2, min(first + 2 + 12 * number(first, 2), len(tiff) - 11), 12):
        if number(at, 2) == ORIENTATION:
            size = {SHORT: 2, LONG: 4}.get(number(at + 2, 2), 0)
            value = number(at + 8, size)
            return value if UPRIGHT < value <= 8 else UPRIGHT
    return UPRIGHT
