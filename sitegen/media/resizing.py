"""Pictures in the widths that screens need, made once and kept: the extra `images`.

The same picture gives the same bytes with the same Pillow; another Pillow makes them anew.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from sitegen import files
from sitegen.errors import UsageError
from sitegen.media.sniffing import HEAD, kind_of
from sitegen.media.store import DIGITS
from sitegen.media.stripping.exif import ORIENTATION

if TYPE_CHECKING:
    from PIL.Image import Image

Form = Literal["avif", "webp"]
FOLDER = "images"
QUALITY: dict[Form, int] = {"avif": 60, "webp": 80}
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF", "BMP")
SIZED = frozenset(("jpg", "png", "webp", "avif", "gif", "bmp"))
# How pictures of each mode are held while they are made smaller; of others nothing is known.
MODES = {
    "1": "L", "L": "L", "LA": "RGBA", "P": "RGBA", "PA": "RGBA", "RGB": "RGB", "RGBA": "RGBA",
    "CMYK": "RGB", "YCbCr": "RGB",
}  # fmt: skip
SAME_COLOURS = frozenset(("L", "LA", "P", "PA", "RGB", "RGBA", "1"))


class Variant(Struct, frozen=True):
    """A picture in another size, in pixels, and the file of the cache that has it."""

    width: int
    height: int
    path: Path


class Resized(Struct, frozen=True):
    """The variants of a picture, narrowest first; where there can be none, perhaps a warning."""

    variants: tuple[Variant, ...] = ()
    warning: str | None = None


class _Unusable(Exception):  # noqa: N818 - it is told as a warning
    """A picture cannot be made smaller."""


def resized(path: Path, widths: Iterable[int], form: Form, cache: Path) -> Resized:
    """Make a picture's variants that are narrower than it is, or find them in the cache.

    What moves, is no picture, or is no smaller a file than the picture itself has no variant.
    Raises UsageError without Pillow, OSError when the picture or the cache cannot be used.
    """
    data = path.read_bytes()
    if kind_of(data[:HEAD]).extension not in SIZED:
        return Resized()
    made_by = _made_by(form)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what is wrong with a picture is told in our own words
        try:
            image = _opened(data)
            found = (
                [*_variants(data, image, widths, form, cache / FOLDER, made_by)] if image else []
            )
        except _Unusable as reason:
            return Resized(warning=f"{path.name}: {reason}, so it is shown in one size only")
    return Resized(tuple([v for v in found if v.path.stat().st_size < len(data)]))


def _variants(
    data: bytes, image: Image, widths: Iterable[int], form: Form, folder: Path, made_by: str
) -> Iterator[Variant]:
    """Go through the variants; the picture is decoded when the first is made."""
    digest = hashlib.sha256(data).hexdigest()[:DIGITS]
    size = _shown_size(data, image)
    for width in sorted(set(widths)):
        if 0 < width < size[0]:
            path = folder / f"{digest}-{width}-q{QUALITY[form]}-{made_by}.{form}"
            if not path.is_file():
                image = _upright(image)
                files.write(path, encoded(image, width, form))
            yield Variant(width, height_of(size, width), path)


def encoded(image: Image, width: int, form: Form) -> bytes:
    """Return a picture, the right way up already, of that width in pixels; height follows."""
    import PIL.Image

    mode, size = MODES[image.mode], (width, height_of(image.size, width))
    plain = image if image.mode == mode else image.convert(mode)
    small = plain.resize(size, PIL.Image.Resampling.LANCZOS, reducing_gap=3.0)
    profile = image.info.get("icc_profile") if image.mode in SAME_COLOURS else None
    out = BytesIO()
    if form == "avif":  # one thread, since several may share the work in several ways
        small.save(out, "AVIF", quality=QUALITY[form], speed=6, max_threads=1, icc_profile=profile)
    else:
        small.save(out, "WEBP", quality=QUALITY[form], method=4, icc_profile=profile)
    return out.getvalue()


def height_of(size: tuple[int, int], width: int) -> int:
    """Return how high a picture of a size is when it is made that wide; at least a pixel."""
    return max(1, (size[1] * width * 2 + size[0]) // (2 * size[0]))


def _opened(data: bytes) -> Image | None:
    """Open a picture, not decoded yet; None for one of which there are no variants."""
    import PIL.Image

    try:
        image = PIL.Image.open(BytesIO(data), formats=FORMATS)
        is_still = not getattr(image, "is_animated", False)
    except PIL.Image.DecompressionBombError as error:
        raise _Unusable("it has too many pixels") from error
    except Exception as error:  # decoders fail in many ways
        raise _Unusable("it cannot be decoded") from error
    most = PIL.Image.MAX_IMAGE_PIXELS
    if most is not None and image.width * image.height > most:
        raise _Unusable("it has too many pixels")
    return image if is_still and image.mode in MODES else None


def _shown_size(data: bytes, image: Image) -> tuple[int, int]:
    """Return the width and height in which a picture is shown, without decoding it."""
    if image.format == "PNG" and b"eXIf" not in data:
        return image.size
    try:
        is_turned = image.getexif().get(ORIENTATION) in range(5, 9)
    except Exception as error:
        raise _Unusable("it cannot be decoded") from error
    return (image.height, image.width) if is_turned else image.size


def _upright(image: Image) -> Image:
    """Decode a picture and turn it the right way up; one that is so already stays."""
    from PIL import ImageOps

    try:
        return ImageOps.exif_transpose(image)
    except Exception as error:
        raise _Unusable("it cannot be decoded") from error


def _made_by(form: Form) -> str:
    """Return the versions that variants depend on. Raises UsageError without Pillow."""
    try:
        import PIL
        from PIL import features
    except ImportError as error:
        hint = "pip install 'sitegen-archive[images]'"
        raise UsageError("pictures in several sizes need Pillow", hint=hint) from error
    if not features.check(form):
        raise UsageError(f"this Pillow cannot write {form}", hint="choose the other format.")
    return f"{PIL.__version__}-{features.version(form)}"
