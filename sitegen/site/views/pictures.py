"""Values for pictures: what a page shows, what the cache stores, and what previews may show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from sitegen.model import Post

MAX_ALT = 200  # characters of the alt text of a thumbnail


class Picture(Struct, frozen=True, array_like=True):
    """A picture on a page, and smaller versions of it.

    `path` is its site path. `width` and `height` are in pixels, after rotation. `sizes` has the
    width in pixels and the site path of each version, narrowest first.
    """

    path: str
    width: int
    height: int
    sizes: tuple[tuple[int, str], ...] = ()

    def narrowest(self, width: int) -> str:
        """Return the site path of the narrowest version of at least a width in pixels."""
        return next((path for wide, path in self.sizes if wide >= width), self.path)

    def within(self, height: int) -> tuple[int, int]:
        """Return width and height in pixels, scaled down to at most this height."""
        if self.height <= height:
            return self.width, self.height
        return max(1, round(self.width * height / self.height)), height


class PictureSizes(Struct, frozen=True, array_like=True):
    """The cached result of resizing a picture; 0 x 0 pixels if it cannot be resized.

    `resizer` is the fingerprint of what made it. `variants` has the width in pixels and the name
    in the cache folder of each smaller version.
    """

    resizer: bytes
    width: int = 0
    height: int = 0
    variants: tuple[tuple[int, str], ...] = ()
    warning: str | None = None


class Thumbnail(Struct, frozen=True, array_like=True):
    """A small picture.

    `path` is its site path. `alt` is its alt text, perhaps cut, or empty.
    """

    path: str
    alt: str


class AlbumPicture(Struct, frozen=True, array_like=True):
    """A picture of an album.

    `small` is the site path of a small version, `alt` its alt text, perhaps cut, or empty. `path`
    is the site path of its post. `created_at` is the ISO 8601 time of its thread, `lang` the
    language of that (BCP 47). `year` is that of its post, empty without a date.
    """

    small: str
    alt: str
    path: str
    created_at: str | None
    lang: str | None
    year: str


class Thumbnails(Struct, frozen=True, array_like=True):
    """The first pictures of a thread, `shown` in listings, and how many `more` it has."""

    shown: tuple[Thumbnail, ...]
    more: int = 0

    @property
    def count(self) -> int:
        """The number of pictures."""
        return len(self.shown) + self.more

    @property
    def is_described(self) -> bool:
        """Whether any picture shown has an alt text that the line does not show as words."""
        return any(thumbnail.alt for thumbnail in self.shown)


class Pictures(NamedTuple):
    """The pictures that posts show by path below content/, and resized files by site path.

    `known` has the sizes to cache for the next build. `thumbnails` has the site path of a small
    version, None where there is none, of each picture.
    """

    shown: Mapping[str, Picture] = {}
    files: Mapping[str, Path] = {}
    known: Mapping[str, PictureSizes] = {}
    thumbnails: Mapping[str, str | None] = {}
    warnings: tuple[str, ...] = ()


NO_PICTURES = Pictures()


def previews(
    posts: Sequence[Post], inline: Iterable[tuple[int, str]]
) -> tuple[tuple[str, str], ...]:
    """Return path and alt text of the media that previews may show, if they are pictures.

    None of them is sensitive or behind a content warning. `inline` has position and path of those
    in texts.
    """
    shown: dict[str, str] = {}
    for post in posts:
        for media in post.media if shows_media(post) else ():
            if media.path:
                shown.setdefault(media.path, media.alt or "")
    for at, path in inline:
        if shows_media(posts[at]):
            shown.setdefault(path, "")
    return tuple(shown.items())


def shows_media(post: Post) -> bool:
    """Tell whether the media of a post may be seen before somebody asks for them."""
    return post.warning is None and not post.sensitive


class PictureRef(Struct, frozen=True, array_like=True):
    """A reference to a picture of an album.

    `source` is the content file of its thread, `path` the picture in that, `small` the site path of
    a small version, and `address` that of its post. `day` is that of its listing, "2025-09-15".
    """

    source: str
    path: str
    small: str
    address: str
    day: str | None


class PictureRefs(Struct, frozen=True, array_like=True):
    """References to the pictures of an album, resolved when a page is rendered."""

    pictures: tuple[PictureRef, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """The content files of the pictures' threads, with repetitions."""
        return tuple([picture.source for picture in self.pictures])
