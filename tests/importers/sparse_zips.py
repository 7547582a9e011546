"""ZIPs larger than a disk: most of them is a hole."""

from __future__ import annotations

import os
import struct
import zlib
from pathlib import Path


def sparse_zip(
    path: Path, size: int, film: str = "data/media/1-film.mp4", other: str = "data/heron.js"
) -> None:
    """Write a ZIP64 with a stored film of holes and a small file after it."""
    crc = zeros_crc(size)
    small = b'window.heron = ["reed"]'
    with path.open("wb") as file:
        listing = b""
        for name, data, length, check in (
            (film.encode(), None, size, crc),
            (other.encode(), small, len(small), zlib.crc32(small)),
        ):
            start = file.tell()
            extra = struct.pack("<HHQQ", 1, 16, length, length)
            whole = struct.pack("<HHQQQ", 1, 24, length, length, start)
            kind = struct.pack("<HHHHH", 45, 0, 0, 0, 33)
            sizes = struct.pack("<LLLH", check, 2**32 - 1, 2**32 - 1, len(name))
            file.write(b"PK\x03\x04" + kind + sizes + struct.pack("<H", len(extra)) + name + extra)
            listing += b"PK\x01\x02\x2d\x03" + kind + sizes + struct.pack("<H", len(whole))
            listing += struct.pack("<HHHLL", 0, 0, 0, 0, 2**32 - 1) + name + whole
            file.seek(length, os.SEEK_CUR) if data is None else file.write(data)
        place = file.tell()
        file.write(listing)
        end = file.tell()
        file.write(
            struct.pack("<4sQHHLLQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, 2, 2, len(listing), place)
        )
        file.write(struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1))
        file.write(struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 2, 2, len(listing), 2**32 - 1, 0))


def zeros_crc(size: int) -> int:
    crc, chunk = 0, bytes(1 << 24)
    for start in range(0, size, len(chunk)):
        crc = zlib.crc32(chunk[: size - start], crc)
    return crc
