"""Detect the type of a file from its first bytes; names and declared types are not trusted."""

from __future__ import annotations

import re

from msgspec import Struct

from sitegen.model import MediaKind

HEAD_BYTES = 4096  # enough to detect a type


class Kind(Struct, frozen=True):
    """The kind of media of a file, and the extension that browsers know, in lower case."""

    kind: MediaKind
    extension: str


UNKNOWN = Kind("file", "bin")
# Containers that may have only sound: then the kind that is stated counts.
SOUND_OR_VIDEO = frozenset(("mp4", "mov", "webm", "mkv", "ogg"))
# An SVG may run scripts; its first bytes do not show whether it is only a picture.
SVG = Kind("file", "svg")
MATROSKA = {b"webm": Kind("video", "webm"), b"matroska": Kind("video", "mkv")}
SIGNATURES: tuple[tuple[re.Pattern[bytes], Kind], ...] = tuple(
    (re.compile(pattern, re.DOTALL), kind)
    for pattern, kind in (
        (rb"\xff\xd8\xff", Kind("image", "jpg")),
        (rb"\x89PNG\r\n\x1a\n", Kind("image", "png")),
        (rb"GIF8[79]a", Kind("image", "gif")),
        (rb"RIFF....WEBP", Kind("image", "webp")),
        (rb"RIFF....WAVE|RF64....WAVE", Kind("audio", "wav")),
        (rb"BM.{4}\0{4}.{4}[\x0c\x28\x34\x38\x40\x6c\x7c]\0\0\0", Kind("image", "bmp")),
        (rb"II\*\0|MM\0\*|II\+\0|MM\0\+", Kind("image", "tiff")),
        (rb"OggS.{24}.{0,400}?(?:\x80theora|\x01video)", Kind("video", "ogg")),
        (rb"OggS", Kind("audio", "ogg")),
        (rb"fLaC", Kind("audio", "flac")),
        (rb"ID3[\x02-\x04].[\x00-\xf0]", Kind("audio", "mp3")),
        (rb"\xff[\xe2-\xe7\xf2-\xf7\xfa-\xff][\x10-\xef]", Kind("audio", "mp3")),
        (rb"%PDF-", Kind("file", "pdf")),
        (rb"(?:\xef\xbb\xbf)?WEBVTT(?:[ \t\r\n]|\Z)", Kind("file", "vtt")),
        (rb"(?:\xef\xbb\xbf)?\s*\d+\s*\r?\n\d+:\d\d:\d\d[,.]\d+ *-->", Kind("file", "srt")),
        (rb"....(?:moov|mdat|wide|pnot)", Kind("video", "mov")),
    )
)
DOCTYPE = re.compile(rb"\x42\x82[\x80-\xff]([a-z]+)")
SVG_START = re.compile(
    rb"(?:\xef\xbb\xbf)?"
    rb"(?:\s++|(?><\?.*?\?>)|(?><!--.*?-->)|(?><!DOCTYPE[^>\[]*+(?:\[.*?\]\s*+)?>))*+"
    rb"<(?:[a-z]+:)?svg[\s>/]",
    re.IGNORECASE | re.DOTALL,
)
AVIF_BRANDS = frozenset((b"avif", b"avis"))
HEIC_BRANDS = frozenset(
    (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"mif2")
)
AUDIO_BRANDS = frozenset((b"M4A ", b"M4B ", b"M4P ", b"F4A "))


def detect_kind(head: bytes) -> Kind:
    """Detect the kind of a file from its first HEAD_BYTES; an unknown one is a "file"."""
    head = head[:HEAD_BYTES]
    if head[4:8] == b"ftyp":
        return _kind_from_brands(head)
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        doctype = DOCTYPE.search(head)
        return MATROSKA.get(doctype[1], UNKNOWN) if doctype else UNKNOWN
    for pattern, kind in SIGNATURES:
        if pattern.match(head):
            return kind
    return SVG if SVG_START.match(head) else UNKNOWN


def shown_kind(stated: MediaKind, detected: Kind) -> MediaKind:
    """Return the kind to show a file as: its bytes override what is stated, except for sound."""
    is_container = detected.kind == "video" and detected.extension in SOUND_OR_VIDEO
    return stated if is_container and stated == "audio" else detected.kind


def _kind_from_brands(head: bytes) -> Kind:
    """Return the kind of a file of boxes from its brands (ISO/IEC 14496-12, 4.3)."""
    end = min(int.from_bytes(head[:4]), len(head), 512)
    major, others = head[8:12], {head[at : at + 4] for at in range(16, end - 3, 4)}
    if major in AVIF_BRANDS or (major in HEIC_BRANDS and others & AVIF_BRANDS):
        return Kind("image", "avif")
    if major in HEIC_BRANDS:
        return Kind("image", "heic")
    if major in AUDIO_BRANDS:
        return Kind("audio", "m4a")
    return Kind("video", "mov" if major == b"qt  " else "mp4")
