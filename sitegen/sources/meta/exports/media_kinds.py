"""Detect the kind of a file without an extension: picture, film, sound or nothing."""

from __future__ import annotations

from sitegen.model import MediaKind

HEAD = 64
_BEGINNINGS: tuple[tuple[bytes, MediaKind], ...] = (
    (b"\xff\xd8\xff", "image"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"GIF87a", "image"),
    (b"GIF89a", "image"),
    (b"\x1a\x45\xdf\xa3", "video"),
    (b"OggS", "audio"),
    (b"ID3", "audio"),
)
_RIFF: dict[bytes, MediaKind] = {b"WEBP": "image", b"WAVE": "audio"}
_PICTURE_BRANDS = (b"avif", b"avis", b"heic", b"heix", b"hevc", b"mif1", b"msf1")


def sniff(head: bytes) -> MediaKind | None:
    """Return the kind of a file by its first bytes; None if it is not a picture, film or sound."""
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        if brand in _PICTURE_BRANDS:
            return "image"
        return "audio" if brand == b"M4A " else "video"
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12])
    return next((kind for start, kind in _BEGINNINGS if head.startswith(start)), None)
