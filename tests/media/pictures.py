"""Files that tests make: pictures full of what must not be told, and boxes of films."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

from PIL import Image

SECRET = "Ada Invented"
LATITUDE = (47.0, 12.0, 34.5)
ORIENTATION, MAKER, ARTIST, GPS, EXIF, MAKER_NOTE = 0x0112, 0x010F, 0x013B, 0x8825, 0x8769, 0x927C
XMP = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a>{SECRET}</a></x:xmpmeta>'.encode()


def picture(size: tuple[int, int] = (31, 17), mode: str = "RGB", seed: int = 1) -> Image.Image:
    """Return a picture in which no two neighbours are alike."""
    bands = len(Image.new(mode, (1, 1)).getbands())
    count = size[0] * size[1] * bands
    pixels = bytes((seed * 31 + at * at * 7 + at * 13) % 251 for at in range(251))  # then again
    return Image.frombytes(mode, size, (pixels * (count // 251 + 1))[:count])


def camera_notes(orientation: int = 1) -> Image.Exif:
    """Return Exif as a telephone writes it: a position, a name, notes of the maker."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[MAKER] = SECRET
    exif[ARTIST] = SECRET
    exif.get_ifd(GPS).update({1: "N", 2: LATITUDE, 3: "E", 4: LATITUDE})
    exif.get_ifd(EXIF)[MAKER_NOTE] = SECRET.encode()
    return exif


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    """Return a picture as a file of that format."""
    out = BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def frames(data: bytes) -> list[tuple[object, bytes]]:
    """Return what a file shows: each frame's size, mode, time and pixels."""
    found: list[tuple[object, bytes]] = []
    with Image.open(BytesIO(data)) as image:
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            image.load()
            about = (image.size, image.mode, image.info.get("duration"), image.info.get("loop"))
            found.append((about, image.convert("RGBA").tobytes()))
    return found


def segment(marker: int, payload: bytes) -> bytes:
    """Return a JPEG segment."""
    return bytes((0xFF, marker)) + struct.pack(">H", len(payload) + 2) + payload


def chunk(name: bytes, data: bytes) -> bytes:
    """Return a PNG chunk."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def riff(name: bytes, data: bytes) -> bytes:
    """Return a chunk of a RIFF file."""
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def box(name: bytes, *contents: bytes, wide: bool = False) -> bytes:
    """Return a box of an MP4, with its size in 4 bytes or in 8."""
    data = b"".join(contents)
    if wide:
        return struct.pack(">I4sQ", 1, name, len(data) + 16) + data
    return struct.pack(">I4s", len(data) + 8, name) + data


def film(*tracks: bytes, user: bytes = b"", samples: bytes = b"", brand: bytes = b"isom") -> bytes:
    """Return a film: its brand, the samples, then a description with tracks and user data."""
    mdat = box(b"mdat", samples)
    return box(b"ftyp", brand, b"\0\0\0\0") + mdat + box(b"moov", box(b"mvhd"), *tracks, user)


SAMPLES_AT = 24  # of a film


def track(handler: bytes, offsets: list[int], sizes: list[int], user: bytes = b"") -> bytes:
    """Return a track whose chunks have one sample each."""
    handled = box(b"hdlr", bytes(8), handler, bytes(12), b"\0")
    table = box(
        b"stbl",
        box(b"stsz", bytes(8), struct.pack(f">I{len(sizes)}I", len(sizes), *sizes)),
        box(b"stsc", bytes(4), struct.pack(">IIII", 1, 1, 1, 1)),
        box(b"stco", bytes(4), struct.pack(f">I{len(offsets)}I", len(offsets), *offsets)),
    )
    return box(b"trak", box(b"tkhd"), user, box(b"mdia", handled, box(b"minf", table)))
