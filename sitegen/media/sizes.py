"""Resize pictures to the widths that screens need, and cache them (the extra `images`).

The same picture gives the same bytes with the same version of Pillow.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from io import BytesIO
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from sitegen import files
from sitegen.errors import UsageError
from sitegen.media.metadata.exif import ORIENTATION
from sitegen.media.sniffing import HEAD_BYTES, detect_kind
from sitegen.media.store import DIGEST_DIGITS

if TYPE_CHECKING:
    from PIL.Image import Image

VariantFormat = Literal["avif", "webp"]
Exclusive = Callable[[], AbstractContextManager[object]]
QUALITY: dict[VariantFormat, int] = {"avif": 60, "webp": 80}
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF", "BMP")
RESIZABLE = frozenset(("jpg", "png", "webp", "avif", "gif", "bmp"))
MAX_SIDE_PIXELS: dict[VariantFormat, int] = {"avif": 65_535, "webp": 16_383}  # pixels on a side
MAX_FILE_BYTES = 256 << 20  # it is held in memory
MAX_PIXELS = 40_000_000  # decoded, each takes four bytes of memory, and eight if rotated
LARGE_PIXELS = 10_000_000  # above that, only one picture is decoded at a time
# The mode that each mode is converted to for resizing; others are not supported.
RESIZE_MODES = {
    "1": "L", "L": "L", "LA": "RGBA", "P": "RGBA", "PA": "RGBA", "RGB": "RGB", "RGBA": "RGBA",
    "CMYK": "RGB", "YCbCr": "RGB",
}  # fmt: skip
MODES_WITH_PROFILE = frozenset(("L", "LA", "P", "PA", "RGB", "RGBA", "1"))


class Variant(Struct, frozen=True):
    """A picture in another size, in pixels, and its file in the cache."""

    width: int
    height: int
    path: Path


class ResizedPicture(Struct, frozen=True):
    """A picture's width and height as it is shown, 0 if unknown, and its variants.

    The variants are sorted by width. If there can be none, a warning may say why.
    """

    size: tuple[int, int] = (0, 0)
    variants: tuple[Variant, ...] = ()
    warning: str | None = None


class _Unusable(Exception):  # noqa: N818 - it becomes a warning
    """A picture cannot be resized."""


def can_make(form: VariantFormat) -> bool:
    """Return whether Pillow is installed and can write this format."""
    try:
        _encoder_version(form)
        import PIL.Image
        import PIL.ImageOps  # noqa: F401 - either may be broken
    except (UsageError, ImportError, OSError):
        return False
    return True


def resize(
    path: Path,
    widths: Iterable[int],
    form: VariantFormat,
    folder: Path,
    exclusive: Exclusive = nullcontext,
) -> ResizedPicture:
    """Make narrower variants of a picture, or take them from the folder, which is a cache.

    Animations and files that are not pictures have no variants, and a variant that is not a
    smaller file is left out. A large picture is decoded within `exclusive`, a context that may
    wait for other processes. Raises UsageError without Pillow, OSError if the picture or the
    folder cannot be used.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        if detect_kind(head).extension not in RESIZABLE:
            return ResizedPicture()
        data = head + file.read(MAX_FILE_BYTES)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # sitegen reports problems itself
        try:
            return _resize(data, widths, form, folder, exclusive)
        except _Unusable as reason:
            return ResizedPicture(warning=f"{reason}, so it is shown in one size only")


def _resize(
    data: bytes, widths: Iterable[int], form: VariantFormat, folder: Path, exclusive: Exclusive
) -> ResizedPicture:
    if len(data) > MAX_FILE_BYTES:
        raise _Unusable("it is too large a file")
    image = _open(data)
    size = _display_size(data, image)
    if getattr(image, "is_animated", False) or image.mode not in RESIZE_MODES:
        return ResizedPicture(size)
    narrower_widths = [width for width in sorted(set(widths)) if 0 < width < size[0]]
    if narrower_widths and not _can_decode(image, narrower_widths[-1] / size[0]):
        raise _Unusable("it has too many pixels")
    with exclusive() if _pixels(image) > LARGE_PIXELS else nullcontext():
        variants = [*_variants(data, image, size, narrower_widths, form, folder)]
        del image
    return ResizedPicture(size, tuple([v for v in variants if v.path.stat().st_size < len(data)]))


def _can_decode(image: Image, share: float) -> bool:
    """Return whether a picture may be decoded; a JPEG that is too large is decoded smaller.

    `share` is the relative width of the widest variant. Twice that is enough for all variants.
    """
    if _pixels(image) > MAX_PIXELS and image.format == "JPEG":
        image.draft(None, (ceil(2 * share * image.width), ceil(2 * share * image.height)))
    return _pixels(image) <= MAX_PIXELS


def _pixels(image: Image) -> int:
    return image.width * image.height


def _variants(
    data: bytes,
    image: Image,
    size: tuple[int, int],
    widths: Iterable[int],
    form: VariantFormat,
    folder: Path,
) -> Iterator[Variant]:
    """Yield the variants; the picture is decoded for the first one that is not cached."""
    version, digest = _encoder_version(form), hashlib.sha256(data).hexdigest()[:DIGEST_DIGITS]
    for width in widths:
        height = scaled_height(size, width)
        if height <= MAX_SIDE_PIXELS[form]:
            path = folder / f"{digest}-{width}-q{QUALITY[form]}-{version}.{form}"
            if path.is_symlink() or not path.is_file():
                _turn_upright(image)
                files.write(path, _encode(image, (width, height), form), folder.parent)
            yield Variant(width, height, path)


def _encode(image: Image, size: tuple[int, int], form: VariantFormat) -> bytes:
    try:
        return encode(image, size, form)
    except Exception as error:  # encoders fail in many ways
        raise _Unusable("it cannot be made smaller") from error


def encode(image: Image, size: tuple[int, int], form: VariantFormat) -> bytes:
    """Return an upright picture, resized to that width and height in pixels and encoded."""
    import PIL.Image

    mode = RESIZE_MODES[image.mode]
    plain = image if image.mode == mode else image.convert(mode)
    small = plain.resize(size, PIL.Image.Resampling.LANCZOS, reducing_gap=3.0)
    profile = image.info.get("icc_profile") if image.mode in MODES_WITH_PROFILE else None
    out = BytesIO()
    if form == "avif":  # one thread, so that the bytes are always the same
        small.save(out, "AVIF", quality=QUALITY[form], speed=6, max_threads=1, icc_profile=profile)
    else:
        small.save(out, "WEBP", quality=QUALITY[form], method=4, icc_profile=profile)
    return out.getvalue()


def scaled_height(size: tuple[int, int], width: int) -> int:
    """Return the height of a picture of a size when resized to a width; at least 1."""
    return max(1, (size[1] * width * 2 + size[0]) // (2 * size[0]))


def _open(data: bytes) -> Image:
    """Open a picture without decoding it."""
    import PIL.Image

    try:
        image = PIL.Image.open(BytesIO(data), formats=FORMATS)
        _ = getattr(image, "is_animated", False)  # some formats parse the whole file for this
    except PIL.Image.DecompressionBombError as error:
        raise _Unusable("it has too many pixels") from error
    except Exception as error:  # decoders fail in many ways
        raise _Unusable("it cannot be decoded") from error
    max_pixels = PIL.Image.MAX_IMAGE_PIXELS
    if max_pixels is not None and image.width * image.height > max_pixels:
        raise _Unusable("it has too many pixels")
    return image


def _display_size(data: bytes, image: Image) -> tuple[int, int]:
    """Return the width and height of a picture as displayed, without decoding it."""
    if image.format == "PNG" and b"eXIf" not in data:
        return image.size
    try:
        is_turned = image.getexif().get(ORIENTATION) in range(5, 9)
    except Exception as error:
        raise _Unusable("it cannot be decoded") from error
    return (image.height, image.width) if is_turned else image.size


def _turn_upright(image: Image) -> None:
    """Decode a picture and rotate it upright; one that is upright is not copied."""
    from PIL import ImageOps

    try:
        image.load()
        ImageOps.exif_transpose(image, in_place=True)
    except Exception as error:
        raise _Unusable("it cannot be decoded") from error


def _encoder_version(form: VariantFormat) -> str:
    """Return the versions of Pillow and its encoder. Raises UsageError without Pillow."""
    try:
        import PIL
        from PIL import features
    except ImportError as error:
        hint = "pip install 'sitegen-archive[images]'"
        raise UsageError("pictures in several sizes need Pillow", hint=hint) from error
    if not features.check(form):
        raise UsageError(f"this Pillow cannot write {form}", hint="choose the other format.")
    return f"{PIL.__version__}-{features.version(form)}"
