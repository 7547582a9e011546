"""Files as people and power cuts need them: whole or not at all, and inside their folder."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeVar
from zlib import crc32

Data = TypeVar("Data", bytes, bytes | bytearray)

RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.I)
# What each byte is in a slug: a small letter, a digit, or what parts two words.
ASCII_WORDS = bytes(
    [ord(c.lower()) if c.isalnum() and c.isascii() else 32 for c in map(chr, range(256))]
)
PARTIAL = ".sitegen-partial"
LONGEST = 255  # bytes of a name, on all disks that matter
AT_ONCE = 16_384  # bytes; few posts are longer
O_BINARY = getattr(os, "O_BINARY", 0)  # Windows would change line ends


def read(path: str) -> bytes:
    """Return all of a file, straight from the system: archives have thousands. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | O_BINARY)
    try:
        data = os.read(descriptor, AT_ONCE)
        if len(data) == AT_ONCE:
            with open(descriptor, "rb", closefd=False) as rest:
                data += rest.read()
        return data
    except OSError as error:
        error.filename = path
        raise
    finally:
        os.close(descriptor)


def write(path: Path, data: bytes | bytearray) -> None:
    """Put a file in place in one step: a reader or a crash sees the old one or the new.

    Raises OSError; what was there before then still is.
    """
    write_each([(str(path), data)])


def write_each(contents: Iterable[tuple[str, bytes | bytearray]]) -> None:
    """Put files in place, each in one step, and make the folders that they need. Raises OSError."""
    for path, data in _in_their_folders(contents):
        _put(path, partial(create, data=data))


def write_folder(folder: Path, contents: Iterable[tuple[str, bytes]]) -> None:
    """Put a folder that is not there in place in one step, with files by their names in it.

    What was left of it another time goes first. Raises OSError; then nothing is there.
    """
    import shutil

    stage = folder.with_name(f".{folder.name}{PARTIAL}")
    shutil.rmtree(stage, ignore_errors=True)
    try:
        stage.mkdir(parents=True)
        staged = ((f"{stage}{os.sep}{name}", data) for name, data in contents)
        for path, data in _in_their_folders(staged):
            create(path, data)
        stage.rename(folder)
    except BaseException:
        shutil.rmtree(stage, ignore_errors=True)
        raise


def _in_their_folders(contents: Iterable[tuple[str, Data]]) -> Iterator[tuple[str, Data]]:
    """Go through files to be written; the folder that each needs is made before."""
    folders: set[str] = set()
    for path, data in contents:
        folder = path.rpartition(os.sep)[0] or os.curdir
        if folder not in folders:
            os.makedirs(folder, exist_ok=True)
            folders.add(folder)
        yield path, data


def write_pieces(path: Path, pieces: Iterable[bytes]) -> None:
    """Put a file in place in one step that is never whole in memory. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _put(str(path), partial(_created, pieces=pieces))


def copy(source: Path, path: Path) -> None:
    """Put a copy of a file in place in one step, whatever its size. Raises OSError."""
    import shutil

    path.parent.mkdir(parents=True, exist_ok=True)
    _put(str(path), partial(shutil.copyfile, source))


def _put(path: str, make: Callable[[str], object]) -> None:
    """Let a file be made under another name, which then takes its place; or goes away."""
    folder, separator, name = path.rpartition(os.sep)
    unfinished = f"{folder}{separator}{_unfinished(name)}"
    try:
        make(unfinished)
        os.replace(unfinished, path)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise


def _unfinished(name: str) -> str:
    """Return the name that a file has until it is whole, no longer than any name may be."""
    data = os.fsencode(name)
    is_long = len(data) + len(PARTIAL) > LONGEST
    return (f"{crc32(data):08x}" if is_long else name) + PARTIAL


def create(path: str, data: bytes | bytearray) -> os.stat_result:
    """Write a file and tell how it lies on the disk; for names that nobody reads yet.

    Straight to the system: a new site is thousands of these. Raises OSError.
    """
    return _created(path, (data,))


def _created(path: str, pieces: Iterable[bytes | bytearray]) -> os.stat_result:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | O_BINARY, 0o666)
    try:
        for data in pieces:
            written = os.write(descriptor, data)
            while written < len(data):  # on a disk nearly full, or past what one call takes
                written += os.write(descriptor, memoryview(data)[written:])
        return os.fstat(descriptor)
    except OSError as error:
        error.filename = path
        raise
    finally:
        os.close(descriptor)


def slug(text: str, length: int = 60) -> str:
    """Return lower-case letters and digits of any script, joined by "-"; may be empty."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold())
    kept = "".join(c if c.isalnum() or unicodedata.combining(c) else "-" for c in folded)
    return re.sub("-+", "-", kept)[:length].strip("-")


def ascii_slug(text: str, length: int = 60) -> str:
    """Return a slug of a-z, 0-9 and "-" only; what has no such letter is left out."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
    found = "-".join(text.encode("ascii", "ignore").translate(ASCII_WORDS).decode().split())
    if len(found) <= length:
        return found
    return found[: length + 1].rpartition("-")[0] or found[:length]


def inside(folder: Path, name: str) -> Path | None:
    """Return the file of that relative name in the folder; None if it is no name, or leads out."""
    try:
        longest = max(len(part.encode()) for part in name.split("/"))
    except UnicodeEncodeError:
        return None
    if not name or longest > LONGEST or name.startswith("/") or set(name) & set("\0\\:"):
        return None
    path = folder / name
    if ".." in Path(name).parts or not path.resolve().is_relative_to(folder.resolve()):
        return None
    return path
