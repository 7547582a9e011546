"""The digest by which a source is recognised, without reading gigabytes.

Of a large file it covers the size, the start and the end: a ZIP archive lists its members with
their checksums at the end, and a CAR file names its newest commit at the start. Of a folder it
covers the names and sizes of its files.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import Path

PIECE = 1 << 20  # bytes that are read at either end of a large file
SIZE = 16


def of_paths(paths: Iterable[Path]) -> str:
    """Return the digest of the files and folders that are one source; "" if one is not readable."""
    found = blake2b(digest_size=SIZE)
    try:
        for path in paths:
            for piece in _of_folder(path) if path.is_dir() else _of_file(path):
                found.update(piece)
    except OSError:
        return ""
    return found.hexdigest()


def _of_file(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        yield b"%d\n" % size
        yield file.read(PIECE)
        if size > PIECE:
            file.seek(max(PIECE, size - PIECE))
            yield file.read()


def _of_folder(path: Path) -> Iterator[bytes]:
    below = []
    with os.scandir(path) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.is_dir(follow_symlinks=False):
                below.append(entry)
            else:
                size = entry.stat(follow_symlinks=False).st_size
                yield b"%s %d\n" % (os.fsencode(entry.name), size)
    for entry in below:
        yield b"%s/\n" % os.fsencode(entry.name)
        yield from _of_folder(Path(entry.path))
        yield b"\n"
