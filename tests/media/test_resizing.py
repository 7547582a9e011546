"""Pictures in several widths: made once, the same each time, never at a person's cost."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image, ImageOps
from trees import tree

from sitegen import files
from sitegen.errors import OutputError
from sitegen.media import sizes
from sitegen.media.sizes import ResizedPicture, VariantFormat, resize

from .pictures import camera_notes, chunk, picture, saved

FORMS: tuple[VariantFormat, ...] = ("avif", "webp")
SIZE = (200, 120)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """Return the folder of the cache."""
    return tmp_path / "cache"


def kept(folder: Path, data: bytes, name: str = "a.png") -> Path:
    """Return a file that holds a picture."""
    path = folder / name
    path.write_bytes(data)
    return path


def shown(path: Path) -> Image.Image:
    """Return a decoded picture."""
    with Image.open(path) as image:
        return image.convert("RGBA")


@pytest.mark.parametrize("form", FORMS)
def test_a_picture_has_the_widths_that_are_narrower(
    tmp_path: Path, cache: Path, form: VariantFormat
) -> None:
    path = kept(tmp_path, saved(picture(SIZE), "PNG") + bytes(9000))
    found = resize(path, (100, 50, 50, 200, 400, 0, -1), form, cache)
    assert [(v.width, v.height) for v in found.variants] == [(50, 30), (100, 60)]
    for variant in found.variants:
        with Image.open(variant.path) as image:
            assert (image.size, image.format) == ((variant.width, variant.height), form.upper())


@pytest.mark.parametrize("form", FORMS)
def test_a_picture_is_made_once_and_always_the_same(tmp_path: Path, form: VariantFormat) -> None:
    path = kept(tmp_path, saved(picture(SIZE), "JPEG", quality=95))
    one, other = tmp_path / "one", tmp_path / "other"
    first = resize(path, (50, 100), form, one)
    made = {p: p.stat().st_mtime_ns for p in one.rglob("*")}
    assert resize(path, (50, 100), form, one) == first
    assert {p: p.stat().st_mtime_ns for p in one.rglob("*")} == made
    resize(path, (100,), form, other)
    resize(path, (50,), form, other)
    assert tree(one) == tree(other)


def test_what_is_in_the_cache_is_not_decoded_again(tmp_path: Path, cache: Path) -> None:
    path = kept(tmp_path, saved(picture(SIZE), "PNG"))
    (variant,) = resize(path, (50,), "webp", cache).variants
    variant.path.write_bytes(b"made before")
    assert resize(path, (50,), "webp", cache).variants == (variant,)
    assert variant.path.read_bytes() == b"made before"


def test_other_pictures_and_other_versions_have_other_names(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = kept(tmp_path, saved(picture(SIZE), "PNG"))
    resize(path, (50,), "webp", cache)
    resize(kept(tmp_path, saved(picture(SIZE, seed=2), "PNG")), (50,), "webp", cache)
    monkeypatch.setattr("PIL.__version__", "99.0.0")
    resize(path, (50,), "webp", cache)
    monkeypatch.setitem(sizes.QUALITY, "webp", 10)
    resize(path, (50,), "webp", cache)
    assert len(tree(cache)) == 4


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("source", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("way_up", [1, 3, 6])
def test_a_picture_is_the_right_way_up(
    tmp_path: Path, cache: Path, form: VariantFormat, source: str, way_up: int
) -> None:
    image = Image.linear_gradient("L").resize(SIZE).convert("RGB")
    path = kept(tmp_path, saved(image, source, exif=camera_notes(way_up), quality=95))
    (variant,) = resize(path, (60,), form, cache).variants
    upright = ImageOps.exif_transpose(Image.open(path))
    assert variant.height == round(60 * upright.height / upright.width)
    with Image.open(variant.path) as made:
        assert dict(made.getexif()) == {}
        expected = upright.resize(made.size).convert("L").tobytes()
        found = made.convert("L").tobytes()
    assert max(abs(a - b) for a, b in zip(expected, found, strict=True)) < 40


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK"])
def test_pictures_of_all_modes_are_made(tmp_path: Path, cache: Path, mode: str) -> None:
    form = "JPEG" if mode == "CMYK" else "PNG"
    image = picture(SIZE, "RGB").convert(mode)
    path = kept(tmp_path, saved(image, form) + bytes(100_000))
    (variant,) = resize(path, (60,), "webp", cache).variants
    assert shown(variant.path).size == (60, 36)


def test_transparency_and_colours_stay(tmp_path: Path, cache: Path) -> None:
    profile = bytes(range(256))
    clear = Image.new("RGBA", SIZE, (200, 10, 10, 0))
    path = kept(tmp_path, saved(clear, "PNG", icc_profile=profile) + bytes(9000))
    (variant,) = resize(path, (60,), "webp", cache).variants
    with Image.open(variant.path) as image:
        assert image.info["icc_profile"] == profile
        assert image.getchannel("A").getextrema() == (0, 0)


def test_a_variant_that_saves_nothing_is_left_out(tmp_path: Path, cache: Path) -> None:
    path = kept(tmp_path, saved(picture(SIZE), "PNG"))
    assert [v.width for v in resize(path, (50, 199), "webp", cache).variants] == [50]


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_what_moves_is_left_alone(tmp_path: Path, cache: Path, form: str) -> None:
    more = [picture(SIZE, seed=2)]
    path = kept(tmp_path, saved(picture(SIZE), form, save_all=True, append_images=more))
    assert resize(path, (50,), "webp", cache) == ResizedPicture(SIZE)


@pytest.mark.parametrize("data", [b"", b"<svg/>", b"%PDF-1.7", b"Dear Ada"])
def test_what_is_no_picture_is_left_alone(tmp_path: Path, cache: Path, data: bytes) -> None:
    assert resize(kept(tmp_path, data), (50,), "webp", cache) == ResizedPicture()


def bomb(side: int) -> bytes:
    """Return a small file of very many pixels."""
    header = side.to_bytes(4) * 2 + b"\1\0\0\0\0"
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"x") + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("side", [10_000, 60_000])
def test_too_many_pixels_are_reported_and_never_decoded(
    tmp_path: Path, cache: Path, side: int
) -> None:
    found = resize(kept(tmp_path, bomb(side)), (50,), "webp", cache)
    reason = "it has too many pixels, so it is shown in one size only"
    assert found == ResizedPicture(warning=reason)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
def test_damage_is_reported(tmp_path: Path, cache: Path, form: str) -> None:
    data = saved(picture(SIZE), form)
    for cut in (40, len(data) // 2):
        found = resize(kept(tmp_path, data[:cut]), (50,), "webp", cache)
        assert found == ResizedPicture(
            warning="it cannot be decoded, so it is shown in one size only"
        )
    assert tree(cache) == {}


def test_the_file_itself_stays_as_it_is(tmp_path: Path, cache: Path) -> None:
    data = saved(picture(SIZE), "PNG")
    path = kept(tmp_path, data)
    resize(path, (50,), "webp", cache)
    assert path.read_bytes() == data


def test_a_photograph_of_very_many_pixels_is_decoded_smaller(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sizes, "MAX_PIXELS", 30_000)
    monkeypatch.setattr(sizes, "LARGE_PIXELS", 4_000)
    path = kept(tmp_path, saved(picture((401, 243)), "JPEG", quality=95, exif=camera_notes(6)))
    exclusive: list[str] = []

    @contextmanager
    def counted() -> Iterator[None]:
        exclusive.append("in")
        yield
        exclusive.append("out")

    found = resize(path, (30, 60), "webp", cache, counted)
    assert found.size == (243, 401)
    assert [(v.width, v.height) for v in found.variants] == [(30, 50), (60, 99)]
    for variant in found.variants:
        assert shown(variant.path).size == (variant.width, variant.height)
    assert exclusive == ["in", "out"]


@pytest.mark.parametrize("form", ["PNG", "WEBP", "JPEG"])
def test_a_picture_that_cannot_be_decoded_smaller_is_reported(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setattr(sizes, "MAX_PIXELS", 20_000)
    path = kept(tmp_path, saved(picture((401, 243)), form))
    found = resize(path, (300,), "webp", cache)
    assert found == ResizedPicture(
        warning="it has too many pixels, so it is shown in one size only"
    )
    assert tree(cache) == {}


def test_a_picture_is_in_memory_once(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy of it would be made by turning it, which most need not be."""
    copies: list[object] = []
    monkeypatch.setattr(Image.Image, "copy", lambda image: copies.append(image))
    path = kept(tmp_path, saved(picture(SIZE), "JPEG", quality=95))
    assert resize(path, (50,), "webp", cache).variants
    assert copies == []


def test_nothing_is_made_or_found_through_a_link(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "letter").write_bytes(b"Dear Mara")
    path = kept(tmp_path, saved(picture(SIZE), "PNG") + bytes(9000))
    (tmp_path / "cache").mkdir()
    folder = tmp_path / "cache/images"
    (variant,) = resize(path, (50,), "webp", folder).variants
    made = tree(folder)
    variant.path.unlink()
    for name in (variant.path.name, f"{variant.path.name}{files.PARTIAL}"):
        (folder / name).symlink_to(outside / "letter")
    assert resize(path, (50,), "webp", folder).variants == (variant,)
    assert tree(folder) == made
    assert not variant.path.is_symlink()
    shutil.rmtree(folder)
    folder.symlink_to(outside)
    with pytest.raises(OutputError, match="is a link"):
        resize(path, (50,), "webp", folder)
    assert tree(outside) == {"letter": b"Dear Mara"}
