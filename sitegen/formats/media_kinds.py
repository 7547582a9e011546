"""The kinds of media files: as stated, by their names, or by their first bytes."""

from __future__ import annotations

import re

from sitegen.model import MediaKind

_KINDS: dict[str, MediaKind] = {"image": "image", "video": "video", "audio": "audio"}
_IMAGES = "jpg jpeg jpe jfif png apng gif webp avif heic heif bmp tif tiff jxl svg ico"
_VIDEOS = "mp4 m4v webm mov mkv ogv"
_SOUNDS = "mp3 m4a aac wav flac ogg oga opus"
# Names with any other ending, such as subtitles, are those of files.
_ENDINGS: dict[str, MediaKind] = {
    **dict.fromkeys(_IMAGES.split(), "image"),
    **dict.fromkeys(_VIDEOS.split(), "video"),
    **dict.fromkeys(_SOUNDS.split(), "audio"),
}
SNIFFED_BYTES = 64
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


def kind_by_name(name: str) -> MediaKind | None:
    """Return the kind of a file by the ending of its name or address; None for other endings."""
    path = re.split(r"[?#]", name)[0] if "://" in name else name
    stem, _, ending = path.rpartition(".")
    is_hidden = not stem or stem.endswith("/")  # ".png" is a name without an ending
    return None if is_hidden else _ENDINGS.get(ending.lower())


def kind_of(address: str, *stated: str | None) -> MediaKind:
    """Return the kind of a file by a stated type such as `image/png`, else by its address."""
    for media_type in filter(None, stated):
        if kind := _KINDS.get(media_type.partition("/")[0].strip().lower()):
            return kind
    return kind_by_name(address) or "file"
