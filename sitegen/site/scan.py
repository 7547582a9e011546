"""Scan folders with `stat`, to find out what changed without reading a file."""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from time import time_ns
from typing import NamedTuple

from sitegen import files as disk
from sitegen import folders
from sitegen.errors import ContentError

MEDIA = "media/"
COUNTS = "counts/"
PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".avif", ".bmp")
FOLDERS = frozenset(("counts", "media", "profiles", "threads"))
FRESH_NS = 50_000_000  # a file younger than this when seen may change again unnoticed


# Plain tuples, since a large archive has them by the hundred thousand. What shows that a content
# file is the one it was: its time (ns), bytes and inode; the inode is 0 of one too young.
Signature = tuple[int, int, int]
# The `stat` of a file of the site: its size in bytes and time (ns).
OnDisk = tuple[int, int]
LINK: OnDisk = (2**64 - 1, 0)  # a link, whose own size and time matter to nobody


class Scan(NamedTuple):
    """What is in a content folder: files by their names with their signatures, and links.

    The links are those that would be read were they files or folders; none is followed.
    """

    files: dict[str, Signature]
    links: tuple[str, ...] = ()


def scan(folder: Path) -> Scan:
    """Find every file of a content folder.

    Hidden names and what is neither Markdown nor media are left out, and so is what is no file,
    or half of one. Raises ContentError for a folder that cannot be read, or is none.
    """
    settled = time_ns() - FRESH_NS
    found: dict[str, Signature] = {}
    links: list[str] = []
    stack = [""]
    while stack:
        at = stack.pop()
        with suppress(FileNotFoundError), _readable(folder / at) as items:
            for item in items:
                name = item.name
                if name.startswith(".") or name.endswith(disk.PARTIAL):
                    continue
                if item.is_dir(follow_symlinks=False):
                    stack.append(f"{at}{name}/")
                elif not at and name in FOLDERS:
                    folders.require_folder(folder / name)
                elif item.is_symlink():
                    if _is_read(at, name) or item.is_dir():
                        links.append(at + name)
                elif _is_read(at, name):
                    try:
                        if not item.is_file(follow_symlinks=False):
                            continue
                        stat = item.stat(follow_symlinks=False)
                    except FileNotFoundError:  # an editor's own, which went meanwhile
                        continue
                    time = stat.st_mtime_ns
                    inode = (stat.st_ino or 1) if time < settled else 0  # Windows has none
                    found[at + name] = time, stat.st_size, inode
    return Scan({name: found[name] for name in sorted(found)}, tuple(sorted(links)))


def _is_read(folder: str, name: str) -> bool:
    """Return whether a build reads a file: Markdown, media, or a table of counts."""
    if name.endswith(".md") or folder.startswith(MEDIA):
        return True
    return folder == COUNTS and name.endswith(".csv")


def has_media(seen: Mapping[str, Signature]) -> bool:
    """Tell whether a scan found media; names are in order."""
    return next((name for name in seen if name >= MEDIA), "").startswith(MEDIA)


def has_pictures(seen: Mapping[str, Signature]) -> bool:
    """Tell whether a scan found pictures of a kind that can be resized."""
    return any(name.startswith(MEDIA) and name.lower().endswith(PICTURES) for name in seen)


def listed(folder: Path) -> dict[str, OnDisk]:
    """Return all files of a folder with their sizes and times; a link is `LINK`, not followed."""
    found: dict[str, OnDisk] = {}
    stack = [""]
    while stack:
        at = stack.pop()
        with suppress(FileNotFoundError), _opened(folder / at) as items:
            for item in items:
                if item.is_dir(follow_symlinks=False):
                    stack.append(f"{at}{item.name}/")
                elif item.is_symlink():
                    found[at + item.name] = LINK
                else:
                    stat = item.stat(follow_symlinks=False)
                    found[at + item.name] = stat.st_size, stat.st_mtime_ns
    return found


def picture(names: Sequence[str], files: Mapping[str, Iterable[int]]) -> bytes:
    """Return the signatures of files, in the order of their names, as bytes to compare."""
    signatures = chain.from_iterable(map(files.__getitem__, names))
    text = "\0".join(names).encode("utf-8", "surrogateescape")
    return text + array("Q", signatures).tobytes()


@contextmanager
def _readable(path: Path) -> Iterator[Iterable[os.DirEntry[str]]]:
    """Open a folder of the content. Raises FileNotFoundError if it has been deleted."""
    try:
        with _opened(path) as items:
            yield items
    except FileNotFoundError:
        raise
    except OSError as error:
        raise ContentError(
            f"cannot be read: {error.strerror}", path=path, hint="check its permissions."
        ) from error


@contextmanager
def _opened(path: Path) -> Iterator[Iterable[os.DirEntry[str]]]:
    """Open a folder, by its descriptor where possible, so that no `stat` walks the path again."""
    if os.scandir not in os.supports_fd:
        with os.scandir(path) as items:
            yield items
        return
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with os.scandir(descriptor) as items:
            yield items
    finally:
        os.close(descriptor)
