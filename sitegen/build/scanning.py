"""What tells, without reading a file, that a folder is as it was."""

from __future__ import annotations

import os
import time
from array import array
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from sitegen import files as disk
from sitegen.errors import ContentError

MEDIA = "media/"
FRESH_NS = 50_000_000  # a file younger than this when seen may change again unnoticed


class Signature(NamedTuple):
    """What tells that a content file is the one it was; no inode is told of one too young."""

    modified: int
    size: int
    inode: int


class OnDisk(NamedTuple):
    """A file of the site as the disk has it."""

    size: int
    modified: int


def scan(folder: Path) -> dict[str, Signature]:
    """Return every file of a content folder by its relative name, with its signature.

    Hidden names, links that lead elsewhere and what is neither Markdown nor media are left
    out, and so is what is no file, or half of one. Raises ContentError for a folder that cannot
    be read.
    """
    settled = time.time_ns() - FRESH_NS
    found: dict[str, Signature] = {}
    stack = [""]
    while stack:
        at = stack.pop()
        for item in _listed(folder, at):
            name = f"{at}{item.name}"
            if item.name.startswith(".") or item.is_symlink() or name.endswith(disk.PARTIAL):
                continue
            if item.is_dir():
                stack.append(f"{name}/")
            elif (name.endswith(".md") or name.startswith(MEDIA)) and item.is_file():
                stat = item.stat()
                modified = stat.st_mtime_ns
                inode = stat.st_ino if modified < settled else 0
                found[name] = Signature(modified, stat.st_size, inode)
    return dict(sorted(found.items()))


def listed(folder: Path) -> Iterator[tuple[str, OnDisk]]:
    """Go through all files of a folder with their sizes and times."""
    stack = [""]
    while stack:
        at = stack.pop()
        try:
            with os.scandir(folder / at) as found:
                for item in found:
                    if item.is_dir(follow_symlinks=False):
                        stack.append(f"{at}{item.name}/")
                    else:
                        stat = item.stat(follow_symlinks=False)
                        yield f"{at}{item.name}", OnDisk(stat.st_size, stat.st_mtime_ns)
        except FileNotFoundError:
            continue


def picture(files: Mapping[str, Iterable[int]]) -> bytes:
    """Return names and signatures as bytes that are equal when they are."""
    names = "\0".join(files).encode("utf-8", "surrogateescape")
    return names + array("Q", chain.from_iterable(files.values())).tobytes()


def _listed(folder: Path, at: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder / at) as found:
            return list(found)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise ContentError(
            f"cannot be read: {error.strerror}",
            path=folder / at,
            hint="check its permissions.",
        ) from error
