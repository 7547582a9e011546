"""What is known of a picture, and what a page needs of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct


class Picture(Struct, frozen=True, array_like=True):
    """A picture on a page: its pixels as it is shown, and its smaller versions.

    `sizes` are those, narrowest first, by their widths in pixels and their site paths.
    """

    path: str
    width: int
    height: int
    sizes: tuple[tuple[int, str], ...] = ()

    def within(self, height: int) -> tuple[int, int]:
        """Return its width and height, no higher than that."""
        if self.height <= height:
            return self.width, self.height
        return max(1, round(self.width * height / self.height)), height


class Sized(Struct, frozen=True, array_like=True):
    """A picture as it was looked at; width and height are 0 of one that is nothing to make smaller.

    `mark` is who made it, and `variants` are files of the cache by their widths in pixels.
    """

    mark: bytes
    width: int = 0
    height: int = 0
    variants: tuple[tuple[int, str], ...] = ()
    warning: str | None = None


class Pictures(NamedTuple):
    """All pictures that posts show, by site path; the files to copy, by theirs.

    `known` is what the next build may know of each.
    """

    shown: Mapping[str, Picture] = {}
    files: Mapping[str, Path] = {}
    known: Mapping[str, Sized] = {}
    warnings: tuple[str, ...] = ()


NONE = Pictures()
