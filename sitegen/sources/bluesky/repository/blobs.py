"""Files beside a repository, named by the CIDs of their bytes."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

from sitegen.formats.archives import Members
from sitegen.sources import Attachment
from sitegen.sources.source_files import attachment

# A CID of raw bytes by SHA-256, as files of blobs are named, maybe with a suffix.
_NAMED = re.compile(r"(bafkrei[a-z2-7]{52})(?:\.\w{1,10})?")


def beside(path: Path) -> dict[str, Attachment]:
    """Find blobs beside a file: in its folder, and in `blobs` or `…_blobs` there."""
    files: dict[str, Attachment] = {}
    for name, file in _files(path.parent):
        if match := _NAMED.fullmatch(name):
            files.setdefault(match[1], Attachment(name, partial(_open, file)))
    return files


def within(members: Members) -> dict[str, Attachment]:
    """Find blobs among the files of a folder or an archive."""
    files: dict[str, Attachment] = {}
    for name in members.names():
        if match := _NAMED.fullmatch(name.rpartition("/")[2]):
            files.setdefault(match[1], attachment(members, name))
    return files


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    stack = [folder]
    while stack:
        here = stack.pop()
        try:
            entries = sorted(os.scandir(here), key=lambda entry: entry.name)
        except OSError:
            continue  # other people's files are not ours
        for entry in entries:
            if entry.is_file(follow_symlinks=False):
                yield entry.name, here / entry.name
            elif here == folder and _holds_blobs(entry):
                stack.append(here / entry.name)


def _open(path: Path) -> BinaryIO:
    return path.open("rb")


def _holds_blobs(entry: os.DirEntry[str]) -> bool:
    return entry.name.endswith("blobs") and entry.is_dir(follow_symlinks=False)
