"""Scan folders with `stat`, to find changed files without reading them."""

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
TOPIC_FILES = frozenset(("topics.found.toml", "topics.toml"))  # read by sitegen, not published
RESIZABLE_ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".avif", ".bmp")
TOP_FOLDERS = frozenset(("counts", "media", "profiles", "threads"))
MIN_AGE_NS = 50_000_000  # a younger file may change again without a new time stamp


# Plain tuples, since a large archive has hundreds of thousands. The signature of a content file
# is its mtime (ns), size (bytes) and inode; the inode is 0 if the file is younger than MIN_AGE_NS.
Signature = tuple[int, int, int]
# The `stat` of an output file: its size (bytes) and mtime (ns).
FileStat = tuple[int, int]
LINK: FileStat = (2**64 - 1, 0)  # the value for any symbolic link


class Scan(NamedTuple):
    """The files of a content folder with their signatures, sorted by name, and its links.

    `links` are symbolic links where a build would read a file or folder, `other_links` all others.
    None is followed.
    """

    files: dict[str, Signature]
    links: tuple[str, ...] = ()
    other_links: tuple[str, ...] = ()


def scan(folder: Path) -> Scan:
    """Return the files of a content folder: those that a build reads, and others to refer to.

    Hidden names, unfinished files and special files are skipped. Raises ContentError for a
    folder that cannot be read, and for a file in place of a folder.
    """
    min_age_time = time_ns() - MIN_AGE_NS
    files: dict[str, Signature] = {}
    links: list[str] = []
    other_links: list[str] = []
    stack = [""]
    while stack:
        parent = stack.pop()
        with suppress(FileNotFoundError), _scan_content_folder(folder / parent) as items:
            for item in items:
                name = item.name
                if name.startswith(".") or name.endswith(disk.PARTIAL):
                    continue
                if item.is_dir(follow_symlinks=False):
                    stack.append(f"{parent}{name}/")
                elif not parent and name in TOP_FOLDERS:
                    folders.require_folder(folder / name)
                elif item.is_symlink():
                    is_read = _is_read(parent, name) or item.is_dir()
                    (links if is_read else other_links).append(parent + name)
                elif _is_read(parent, name) or _may_be_named(parent, name):
                    try:
                        if not item.is_file(follow_symlinks=False):
                            continue
                        stat = item.stat(follow_symlinks=False)
                    except FileNotFoundError:  # a temporary file of an editor, deleted meanwhile
                        continue
                    time = stat.st_mtime_ns
                    inode = (
                        (stat.st_ino or 1) if time < min_age_time else 0
                    )  # some file systems report no inode
                    files[parent + name] = time, stat.st_size, inode
    return Scan(
        {name: files[name] for name in sorted(files)},
        tuple(sorted(links)),
        tuple(sorted(other_links)),
    )


def _is_read(folder: str, name: str) -> bool:
    """Return whether a build reads a file: Markdown, media, or a table of counts."""
    if name.endswith(".md") or folder.startswith(MEDIA):
        return True
    return folder == COUNTS and name.endswith(".csv")


def _may_be_named(folder: str, name: str) -> bool:
    """Tell whether a page or post may refer to a file that a build does not read otherwise."""
    if folder == COUNTS:
        return False
    if name.isascii() and name.isprintable():
        return True
    from sitegen.site import urls

    return urls.is_name(name)


def is_markdown(name: str) -> bool:
    """Tell whether a file of a scan is a thread, a profile or a page."""
    return name.endswith(".md") and not name.startswith((MEDIA, COUNTS))


def is_other(name: str) -> bool:
    """Tell whether a build reads a file of a scan only if a page or post refers to it."""
    return (
        name not in TOPIC_FILES
        and not name.endswith(".md")
        and not name.startswith((MEDIA, COUNTS))
    )


def has_files_to_copy(files: Mapping[str, Signature]) -> bool:
    """Tell whether a scan found media or other files that are no Markdown."""
    return has_media(files) or any(map(is_other, files))


def has_media(files: Mapping[str, Signature]) -> bool:
    """Tell whether a scan found media; its names must be sorted."""
    return next((name for name in files if name >= MEDIA), "").startswith(MEDIA)


def has_pictures(files: Mapping[str, Signature]) -> bool:
    """Tell whether a scan found pictures of a kind that can be resized."""
    return any(
        name.startswith(MEDIA) and name.lower().endswith(RESIZABLE_ENDINGS) for name in files
    )


def stat_files(folder: Path) -> dict[str, FileStat]:
    """Return the size and mtime of all files below a folder; links are `LINK`, not followed."""
    files: dict[str, FileStat] = {}
    stack = [""]
    while stack:
        parent = stack.pop()
        with suppress(FileNotFoundError), _scan_folder(folder / parent) as items:
            for item in items:
                if item.is_dir(follow_symlinks=False):
                    stack.append(f"{parent}{item.name}/")
                elif item.is_symlink():
                    files[parent + item.name] = LINK
                else:
                    stat = item.stat(follow_symlinks=False)
                    files[parent + item.name] = stat.st_size, stat.st_mtime_ns
    return files


def encode_signatures(names: Sequence[str], files: Mapping[str, Iterable[int]]) -> bytes:
    """Encode the names and signatures of files, so that bytes can be compared."""
    signatures = chain.from_iterable(map(files.__getitem__, names))
    text = "\0".join(names).encode("utf-8", "surrogateescape")
    return text + array("Q", signatures).tobytes()


@contextmanager
def _scan_content_folder(path: Path) -> Iterator[Iterable[os.DirEntry[str]]]:
    """Scan a content folder. Raises FileNotFoundError if it was deleted, ContentError."""
    try:
        with _scan_folder(path) as items:
            yield items
    except FileNotFoundError:
        raise
    except OSError as error:
        raise ContentError(
            f"cannot be read: {error.strerror}", path=path, hint="check its permissions."
        ) from error


@contextmanager
def _scan_folder(path: Path) -> Iterator[Iterable[os.DirEntry[str]]]:
    """Scan a folder, by descriptor where possible: `stat` then resolves no path again."""
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
