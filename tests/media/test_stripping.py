"""Pictures and films tell nobody where, by whom and with what they were made; pixels stay."""

from __future__ import annotations

import struct
from collections.abc import Callable
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import short_law
from PIL import Image, ImageOps

from sitegen.media.metadata import NOT_REMOVED, EditPlan, plan_edits
from sitegen.media.metadata.edits import apply_edits
from sitegen.media.sniffing import detect_kind

from . import pictures
from .pictures import (
    SECRET,
    XMP,
    box,
    camera_notes,
    chunk,
    film,
    frames,
    picture,
    riff,
    saved,
    segment,
    track,
)

GPS_TAG = 0x8825


def planned(data: bytes) -> EditPlan:
    """Find out what is to be changed in a file."""
    return plan_edits(lambda: BytesIO(data), detect_kind(data).extension)


def stripped(data: bytes) -> bytes:
    """Return a file as it would be stored."""
    found = planned(data)
    assert found.note is None
    return b"".join(apply_edits(BytesIO(data), found.edits, found.size))


def orientation(data: bytes) -> int:
    """Return which way up a file says it is."""
    with Image.open(BytesIO(data)) as image:
        return int(image.getexif().get(pictures.ORIENTATION, 1))


def notes(data: bytes) -> dict[int, object]:
    """Return all that a file's Exif tells, but for which way up it is."""
    with Image.open(BytesIO(data)) as image:
        exif = image.getexif()
        found = dict(exif) | dict(exif.get_ifd(GPS_TAG)) | dict(exif.get_ifd(pictures.EXIF))
    return {tag: value for tag, value in found.items() if tag != pictures.ORIENTATION}


def _png_texts() -> bytes:
    data = saved(picture(), "PNG", exif=camera_notes(), dpi=(72, 72), icc_profile=b"profile" * 9)
    at = data.index(b"IDAT") - 4
    words = SECRET.encode()
    texts = [
        chunk(b"tEXt", b"Author\0" + words),
        chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP),
        chunk(b"tIME", b"\x07\xe9\1\1\1\1\1"),
        chunk(b"prVt", words),
    ]
    return data[:at] + b"".join(texts) + data[at:] + words


def _jpeg_segments() -> bytes:
    data = saved(picture(), "JPEG", exif=camera_notes(), icc_profile=b"profile" * 12_000)
    words = SECRET.encode()
    extended = b"http://ns.adobe.com/xmp/extension/\0" + words
    others = [
        segment(0xE0, b"JFXX\0\x10" + words),
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP),
        segment(0xE1, extended),
        segment(0xE1, b"Exif\0\0" + words),
        segment(0xE2, b"MPF\0" + words),
        segment(0xE4, words),
        segment(0xED, b"Photoshop 3.0\0" + words),
        segment(0xEE, b"Adobe\0\x64" + bytes(4) + b"\1"),
        segment(0xFE, words),
        words,
        b"\xff\xff\xff",
    ]
    at = 20  # behind SOI and JFIF
    return data[:at] + b"".join(others) + data[at:] + words + saved(picture(), "JPEG")


def _jpeg_with_a_small_picture() -> bytes:
    data = saved(picture(), "JPEG")
    small = segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\x04\x01" + SECRET.encode())
    return data[:2] + small + data[20:]


def _gif_notes() -> bytes:
    pages = [picture(mode="P", seed=n) for n in range(3)]
    data = saved(pages[0], "GIF", save_all=True, append_images=pages[1:], loop=0, duration=90,
                 comment=SECRET.encode())  # fmt: skip
    at = 13 + 3 * (2 << (data[10] & 7))
    trailer = b"\1" + bytes(range(255, -1, -1)) + b"\0"
    return data[:at] + b"\x21\xff\x0bXMP DataXMP" + XMP + trailer + data[at:] + SECRET.encode()


FILES: dict[str, Callable[[], bytes]] = {
    "jpeg": lambda: saved(picture(), "JPEG", exif=camera_notes(), xmp=XMP, comment=SECRET),
    "progressive jpeg": lambda: saved(
        picture((90, 70)), "JPEG", progressive=True, exif=camera_notes(3)
    ),
    "jpeg of four inks": lambda: saved(picture(mode="CMYK"), "JPEG", exif=camera_notes()),
    "jpeg with restarts": lambda: saved(
        picture((90, 70)), "JPEG", restart_marker_rows=1, exif=camera_notes()
    ),
    "jpeg with a second picture": lambda: saved(
        picture(), "MPO", save_all=True, append_images=[picture(seed=2)], exif=camera_notes()
    ),
    "jpeg of all segments": _jpeg_segments,
    "jpeg with a small picture": _jpeg_with_a_small_picture,
    "png": _png_texts,
    "png of several frames": lambda: saved(
        picture(), "PNG", save_all=True, append_images=[picture(seed=n) for n in (2, 3)],
        duration=70, loop=2, exif=camera_notes(),
    ),
    "webp": lambda: saved(picture(), "WEBP", exif=camera_notes(), xmp=XMP, icc_profile=b"icc" * 9),
    "webp of several frames": lambda: saved(
        picture(), "WEBP", save_all=True, append_images=[picture(seed=n) for n in (2, 3)],
        duration=70, lossless=True, exif=camera_notes(), xmp=XMP,
    ),
    "gif": _gif_notes,
    "avif": lambda: saved(picture(), "AVIF", exif=camera_notes(), xmp=XMP),
    "avif of several frames": lambda: saved(
        picture(), "AVIF", save_all=True, append_images=[picture(seed=2)], exif=camera_notes()
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_picture_keeps_its_pixels_and_loses_all_else(name: str) -> None:
    data = FILES[name]()
    assert SECRET.encode() in data
    cleaned = stripped(data)
    for private in (SECRET.encode(), b"x:xmpmeta", b"GPS", b"MPF\0", b"Photoshop"):
        assert private not in cleaned
    assert frames(cleaned)[: len(frames(data))] == frames(data)[: len(frames(cleaned))]
    assert len(frames(cleaned)) == (1 if "second" in name else len(frames(data)))
    assert notes(cleaned) == {}
    assert orientation(cleaned) == orientation(data)
    assert stripped(cleaned) == cleaned


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("way_up", range(1, 9))
def test_a_picture_stays_the_right_way_up(form: str, way_up: int) -> None:
    data = saved(picture(), form, exif=camera_notes(way_up))
    cleaned = stripped(data)
    assert orientation(cleaned) == way_up
    assert notes(cleaned) == {}
    with Image.open(BytesIO(data)) as before, Image.open(BytesIO(cleaned)) as after:
        turned = ImageOps.exif_transpose(before), ImageOps.exif_transpose(after)
        assert turned[0].tobytes() == turned[1].tobytes()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_colours_and_measures_stay(form: str) -> None:
    profile = bytes(range(256)) * 600
    data = saved(picture(), form, icc_profile=profile, dpi=(72, 72), exif=camera_notes())
    with Image.open(BytesIO(stripped(data))) as image, Image.open(BytesIO(data)) as before:
        assert image.info["icc_profile"] == profile
        assert image.info.get("dpi") == before.info.get("dpi")


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "P"])
def test_a_picture_that_tells_nothing_stays_as_it_is(form: str, mode: str) -> None:
    image = picture(mode=mode)
    plain = image if form != "JPEG" or mode == "L" else image.convert("RGB")
    data = saved(plain, form)
    assert stripped(data) == data


@given(
    st.sampled_from(["JPEG", "PNG", "WEBP", "GIF"]),
    st.tuples(st.integers(1, 40), st.integers(1, 40)),
    st.integers(0, 250),
    st.integers(0, 9),
    st.binary(max_size=40),
)
def test_any_pixels_are_the_same_before_and_after(
    form: str, size: tuple[int, int], seed: int, way_up: int, remark: bytes
) -> None:
    options = {"comment": remark} if form == "GIF" else {"exif": camera_notes(way_up)}
    data = saved(picture(size, seed=seed), form, **options) + remark
    cleaned = stripped(data)
    assert frames(cleaned) == frames(data)
    assert notes(cleaned) == {}


LOCATION = struct.pack(">HH", 18, 0x15C7) + b"+47.2097+012.5783/"
USER_DATA = {
    "a place": box(b"udta", box(b"\xa9xyz", LOCATION)),
    "a place with a name": box(b"udta", box(b"loci", bytes(6) + b"Invented\0" + LOCATION)),
    "keys": box(b"meta", box(b"keys", b"com.apple.quicktime.location.ISO6709"), LOCATION),
    "a wide box": box(b"udta", box(b"\xa9xyz", LOCATION), wide=True),
    "XMP": box(b"uuid", bytes(16) + LOCATION),
}


@pytest.mark.parametrize("brand", [b"isom", b"qt  ", b"M4A "])
@pytest.mark.parametrize("user", USER_DATA)
def test_a_film_tells_no_place_and_nothing_in_it_moves(user: str, brand: bytes) -> None:
    notes = USER_DATA[user]
    samples = bytes(range(200))
    sound = track(b"soun", [pictures.SAMPLES_AT], [200], notes)
    data = film(sound, user=notes, samples=samples, brand=brand) + notes
    cleaned = stripped(data)
    assert b"+47" not in cleaned
    assert b"location" not in cleaned
    assert len(cleaned) == len(data)
    assert cleaned[: data.index(b"moov")] == data[: data.index(b"moov")]
    assert cleaned.count(b"free") == 3
    kept = [at for at in range(len(data)) if data[at] != cleaned[at]]
    first = data.index(notes)
    assert kept[0] == first + 4
    assert stripped(cleaned) == cleaned


def test_positions_over_time_are_blanked_where_they_are() -> None:
    samples = b"sound one " + b"+47.20 012" + b"sound two " + b"+47.21 013"
    at = pictures.SAMPLES_AT
    sound = track(b"soun", [at, at + 20], [10, 10])
    places = track(b"meta", [at + 10, at + 30], [10, 10])
    data = film(sound, places, samples=samples)
    cleaned = stripped(data)
    assert cleaned == data.replace(b"+47.20 012", bytes(10)).replace(
        b"+47.21 013", bytes(10)
    ).replace(places, box(b"free", bytes(len(places) - 8)))


def test_metadata_tracks_that_do_not_say_where_they_are_keep_the_film_away() -> None:
    lost = box(b"trak", box(b"mdia", box(b"hdlr", bytes(8), b"meta", bytes(13))))
    fragments = film(track(b"meta", [], [])) + box(b"moof", box(b"traf"))
    for data in (film(lost), fragments, film(box(b"cmov", b"packed"))):
        assert planned(data) == EditPlan(note=NOT_REMOVED, is_private=True)


def heic(tiff: bytes, method: int = 0) -> bytes:
    """Return a HEIC without pixels: Exif in the file or in the list itself, and XMP."""
    exif = b"\0\0\0\x06Exif\0\0" + tiff
    entry = box(b"infe", b"\2\0\0\0", struct.pack(">HH", 1, 0), b"Exif\0")
    packet = box(b"infe", b"\2\0\0\0", struct.pack(">HH", 2, 0), b"mime\0application/rdf+xml\0")
    listed = box(b"iinf", bytes(4), struct.pack(">H", 2), entry, packet)
    store = box(b"idat", exif) if method else b""
    brand = box(b"ftyp", b"heic", bytes(4), b"mif1")
    size = len(brand) + 12 + len(listed) + len(store) + 16 + 2 * 16
    start = (0 if method else size + 8, size + 8 + (0 if method else len(exif)))
    rows = [
        struct.pack(">HHHHII", 1, method, 0, 1, start[0], len(exif)),
        struct.pack(">HHHHII", 2, 0, 0, 1, start[1], len(XMP)),
    ]
    places = box(b"iloc", b"\1\0\0\0", b"\x44\0", struct.pack(">H", 2), *rows)
    meta = box(b"meta", bytes(4), listed, store, places)
    assert len(brand + meta) == size
    return brand + meta + box(b"mdat", b"" if method else exif, XMP, b"pixels")


@pytest.mark.parametrize("method", [0, 1])
def test_items_of_a_heic_are_blanked_where_they_are(method: int) -> None:
    tiff = camera_notes().tobytes()[6:]
    data = heic(tiff, method)
    cleaned = stripped(data)
    assert len(cleaned) == len(data)
    assert SECRET.encode() not in cleaned
    assert cleaned.endswith(b"pixels")
    assert stripped(cleaned) == cleaned


@pytest.mark.parametrize("start", [8, 20, 60])
def test_a_heic_whose_items_are_where_its_boxes_are_stays_as_it_is(start: int) -> None:
    data = heic(camera_notes().tobytes()[6:])
    at = data.index(b"mdat") - 4 - 2 * 16 + 8
    damaged = data[:at] + struct.pack(">I", start) + data[at + 4 :]
    assert planned(data).edits
    assert planned(damaged) == EditPlan(note=NOT_REMOVED, is_private=True)


def test_a_list_of_items_that_are_nowhere_is_gone_through_once() -> None:
    entry = box(b"infe", b"\2\0\0\0", struct.pack(">HH", 1, 0), b"Exif\0")
    listed = box(b"iinf", bytes(4), struct.pack(">H", 1), entry)
    rows = struct.pack(">HHH", 2, 0, 0xFFFF) * 0xFFFF
    places = box(b"iloc", bytes(6), struct.pack(">H", 0xFFFF), rows)
    brand = box(b"ftyp", b"heic", bytes(4), b"mif1")
    data = brand + box(b"meta", bytes(4), listed, places)
    assert stripped(data) == data


def test_items_within_items_keep_a_heic_away() -> None:
    assert planned(heic(b"", method=2)) == EditPlan(note=NOT_REMOVED, is_private=True)


DAMAGED = {
    "jpeg": lambda: saved(picture(), "JPEG", exif=camera_notes())[:200],
    "png": lambda: saved(picture(), "PNG", exif=camera_notes()).replace(b"IDAT", b"\0DAT"),
    "webp": lambda: saved(picture(), "WEBP", exif=camera_notes()).replace(b"VP8 ", b"VP8 \xff\xff\xff\x7f"),
    "avif": lambda: saved(picture(), "AVIF", exif=camera_notes()).replace(b"iloc", b"iloc\xff\0\0\0\xff"),
    "film": lambda: film(user=USER_DATA["a place"].replace(b"\0\0\0", b"\0\xff\0", 1)),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGED)
def test_damage_that_hides_metadata_keeps_a_file_away(name: str) -> None:
    data = DAMAGED[name]()
    found = planned(data)
    assert found.note == NOT_REMOVED
    assert found.is_private


def test_boxes_that_no_film_needs_are_blanked() -> None:
    data = film(user=box(b"priv", LOCATION)) + box(b"sefd", LOCATION) + box(b"free", LOCATION)
    cleaned = stripped(data)
    assert len(cleaned) == len(data)
    assert b"+47" not in cleaned


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_damaged_file_without_metadata_is_stored_and_reported(form: str) -> None:
    data = {
        "JPEG": saved(picture(), "JPEG")[:40],
        "PNG": saved(picture(), "PNG").replace(b"IDAT", b"\0DAT"),
        "WEBP": saved(picture(), "WEBP").replace(b"VP8 ", b"VP8 \xff\xff\xff\x7f"),
    }[form]
    assert planned(data) == EditPlan(note=NOT_REMOVED)


def test_a_tiff_is_kept_away() -> None:
    assert planned(saved(picture(), "TIFF")).is_private


def test_a_file_of_no_kind_that_holds_camera_notes_is_kept_away() -> None:
    assert planned(b"new format" + saved(picture(), "JPEG", exif=camera_notes())).is_private
    assert planned(b"new format") == EditPlan()


SOURCES = [make() for make in (*FILES.values(),)] + [
    film(track(b"meta", [24], [9]), user=USER_DATA["keys"], samples=bytes(40)),
    heic(camera_notes().tobytes()[6:]),
]


@short_law
@given(st.sampled_from(SOURCES), st.data())
def test_no_damage_is_too_much_and_what_comes_out_tells_nothing(
    source: bytes, data: st.DataObject
) -> None:
    broken = bytearray(source[: data.draw(st.integers(12, len(source)))])
    for at in data.draw(st.lists(st.integers(12, max(12, len(broken) - 1)), max_size=3)):
        broken[at : at + 1] = data.draw(st.binary(max_size=3))
    file = bytes(broken)
    found = planned(file)
    cleaned = b"".join(apply_edits(BytesIO(file), found.edits, found.size))
    if found.note:
        assert cleaned == file
    again = planned(cleaned)
    assert again == found or (
        again.note or b"".join(apply_edits(BytesIO(cleaned), again.edits, again.size)) == cleaned
    )


@given(st.sampled_from(SOURCES), st.integers(1, 4000))
def test_a_stream_in_any_pieces_gives_the_same(source: bytes, size: int) -> None:
    class Slow(BytesIO):
        def read(self, count: int | None = -1, /) -> bytes:
            return super().read(min(size, count) if count and count > 0 else count)

    found = plan_edits(lambda: Slow(source), detect_kind(source).extension)
    assert found == planned(source)
    cleaned = b"".join(apply_edits(Slow(source), found.edits, found.size))
    assert cleaned == stripped(source)


@pytest.mark.parametrize(("way_up", "flags"), [(1, 0x20), (6, 0x28)])
def test_the_flags_of_a_webp_say_what_is_left(way_up: int, flags: int) -> None:
    data = saved(picture(), "WEBP", exif=camera_notes(way_up), xmp=XMP, icc_profile=b"icc" * 9)
    assert data[20] == 0x2C
    assert stripped(data)[20] == flags


def test_riff_sizes_are_made_to_fit() -> None:
    data = saved(picture(), "WEBP", exif=camera_notes(), xmp=XMP) + riff(b"odd ", b"x")
    cleaned = stripped(data)
    assert struct.unpack("<I", cleaned[4:8])[0] == len(cleaned) - 8
