"""Values for pictures: what a page shows, and what the cache stores."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct


class Picture(Struct, frozen=True, array_like=True):
    """A picture on a page, and smaller versions of it.

    `path` is its site path. `width` and `height` are in pixels, after rotation. `sizes` has the
    width in pixels and the site path of each version, narrowest first.
    """

    path: str
    width: int
    height: int
    sizes: tuple[tuple[int, str], ...] = ()

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


class Pictures(NamedTuple):
    """The pictures that posts show by path below content/, and resized files by site path.

    `known` has the sizes to cache for the next build.
    """

    shown: Mapping[str, Picture] = {}
    files: Mapping[str, Path] = {}
    known: Mapping[str, PictureSizes] = {}
    warnings: tuple[str, ...] = ()


NO_PICTURES = Pictures()
