"""What a file is, by how it begins."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.media.sniffing import HEAD_BYTES, UNKNOWN, Kind, detect_kind

from . import pictures

EBML = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\x82"
OGG = b"OggS\0\x02" + bytes(20) + b"\x01\x1e"
HEADS = {
    "jpg": ("image", pictures.saved(pictures.picture(), "JPEG")),
    "png": ("image", pictures.saved(pictures.picture(), "PNG")),
    "gif": ("image", pictures.saved(pictures.picture(), "GIF")),
    "webp": ("image", pictures.saved(pictures.picture(), "WEBP")),
    "avif": ("image", pictures.saved(pictures.picture(), "AVIF")),
    "bmp": ("image", pictures.saved(pictures.picture(), "BMP")),
    "tiff": ("image", pictures.saved(pictures.picture(), "TIFF")),
    "heic": ("image", pictures.box(b"ftyp", b"heic", bytes(4), b"mif1heic")),
    "svg": ("file", b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- a > b --><!DOCTYPE svg>\n<svg width="1">'),
    "mp4": ("video", pictures.box(b"ftyp", b"isom", bytes(4), b"isommp42")),
    "mov": ("video", pictures.box(b"ftyp", b"qt  ", bytes(4), b"qt  ")),
    "m4a": ("audio", pictures.box(b"ftyp", b"M4A ", bytes(4), b"M4A mp42")),
    "webm": ("video", EBML + b"\x84webm"),
    "mkv": ("video", EBML + b"\x88matroska"),
    "ogg": ("audio", OGG + b"\x01vorbis"),
    "mp3": ("audio", b"ID3\x04\0\0\0\0\0\x23"),
    "wav": ("audio", b"RIFF\x24\0\0\0WAVEfmt "),
    "flac": ("audio", b"fLaC\0\0\0\x22"),
    "pdf": ("file", b"%PDF-1.7\n"),
    "vtt": ("file", b"\xef\xbb\xbfWEBVTT\n\n00:01.000 --> 00:02.000\n"),
    "srt": ("file", b"1\r\n00:00:01,000 --> 00:00:02,000\r\nHello\r\n"),
}  # fmt: skip


@pytest.mark.parametrize("extension", HEADS)
def test_a_file_is_known_by_its_first_bytes(extension: str) -> None:
    kind, head = HEADS[extension]
    assert detect_kind(head[:HEAD_BYTES]) == Kind(kind, extension)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (pictures.box(b"ftyp", b"mif1", bytes(4), b"mif1avif"), Kind("image", "avif")),
        (pictures.box(b"ftyp", b"avis", bytes(4), b"avis"), Kind("image", "avif")),
        (pictures.box(b"ftyp", b"msf1", bytes(4), b"hevc"), Kind("image", "heic")),
        (pictures.box(b"moov", bytes(8)), Kind("video", "mov")),
        (OGG + b"\x80theora", Kind("video", "ogg")),
        (b"\xff\xfb\x90\x64", Kind("audio", "mp3")),
        (b"GIF87a", Kind("image", "gif")),
    ],
)
def test_one_kind_may_begin_in_several_ways(head: bytes, expected: Kind) -> None:
    assert detect_kind(head) == expected


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\xff\xd8",
        b"<!DOCTYPE html><html><body><svg>",
        b"<script>alert('<svg>')</script>",
        b"BM is how a letter may begin, and go on for very long",
        b"RIFF\x24\0\0\0AVI LIST",
        b"WEBVTTED is not a word",
        b"\x1a\x45\xdf\xa3 of something else",
        b"\xff\xf1\x50\x80",
        b"PK\x03\x04",
        b"MZ\x90\0",
    ],
)
def test_what_nobody_knows_is_only_a_file(head: bytes) -> None:
    assert detect_kind(head) == UNKNOWN


@given(st.binary(max_size=64), st.sampled_from([b"", *(head[:16] for _, head in HEADS.values())]))
def test_any_bytes_are_of_some_kind(rest: bytes, head: bytes) -> None:
    found = detect_kind(head + rest)
    assert found.extension.islower() or found.extension == "mp3"
    assert found.extension in (*HEADS, "bin")
