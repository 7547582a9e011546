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

from sitegen import folders

Data = TypeVar("Data", bytes, bytes | bytearray)

RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.I)
# What each byte is in a slug: a small letter, a digit, or what parts two words.
ASCII_WORDS = bytes(
    [ord(c.lower()) if c.isalnum() and c.isascii() else 32 for c in map(chr, range(256))]
)
PARTIAL = ".sitegen-partial"
LONGEST = 255  # bytes of a name, on all disks that matter
AT_ONCE = 16_384  # bytes; few posts are longer
COPIED_AT_ONCE = 1 << 20  # bytes
O_BINARY = getattr(os, "O_BINARY", 0)  # Windows would change line ends
O_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)  # where there is none, O_EXCL refuses links to be written
NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | O_NOFOLLOW | O_BINARY


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


def write(path: Path, data: bytes | bytearray, root: Path | None = None) -> None:
    """Put a file in place in one step: a reader or a crash sees the old one or the new.

    The folders that it needs are made. Below `root` none of them may be a link; without a root,
    they are a person's own choice. Raises OutputError, OSError; what was there then still is.
    """
    write_each([(str(path), data)], root)


def write_each(contents: Iterable[tuple[str, bytes | bytearray]], root: Path | None = None) -> None:
    """Put files in place, each in one step, as `write` does. Raises OutputError, OSError."""
    for path, data in _in_their_folders(contents, root):
        replace(path, data)


def write_folder(folder: Path, contents: Iterable[tuple[str, bytes]]) -> None:
    """Put a folder that is not there in place in one step, with files by their names in it.

    What was left of it another time goes first. Raises OSError; then nothing is there.
    """
    stage = folder.with_name(f".{folder.name}{PARTIAL}")
    folders.remove(stage)
    try:
        stage.mkdir(parents=True)
        staged = ((f"{stage}{os.sep}{name}", data) for name, data in contents)
        for path, data in _in_their_folders(staged, stage):
            create(path, data)
        stage.rename(folder)
    except BaseException:
        folders.remove(stage)
        raise


def _in_their_folders(
    contents: Iterable[tuple[str, Data]], root: Path | None
) -> Iterator[tuple[str, Data]]:
    """Go through files to be written; the folder that each needs is made before."""
    made: set[str] = set()
    for path, data in contents:
        folder = path.rpartition(os.sep)[0] or os.curdir
        if folder not in made:
            folders.make(folder, folder if root is None else root)
            made.add(folder)
        yield path, data


def write_pieces(path: Path, pieces: Iterable[bytes], root: Path | None = None) -> None:
    """Put a file in place in one step that is never whole in memory. Raises as `write` does."""
    folders.make(path.parent, root or path.parent)
    _put(str(path), partial(_created, pieces=pieces))


def replace(path: str, data: bytes | bytearray) -> None:
    """Put a file in place in one step, in a folder that is there. Raises OSError."""
    _put(path, partial(create, data=data))


def replace_by_copy(path: str, source: Path) -> None:
    """Put a copy of a file in place in one step, in a folder that is there. Raises OSError."""
    _put(path, partial(create_copy, source=source))


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


def create_copy(path: str, source: Path) -> os.stat_result:
    """Write a copy of a file, whatever its size, as `create` does; a link is not copied."""
    return _created(path, _pieces(source))


def create_new(path: str) -> int:
    """Create a file for writing and return its descriptor. Raises OSError.

    What has the name already goes before: it was left by another run, or is a link that somebody
    put there to have another file overwritten. No link is ever followed.
    """
    try:
        return os.open(path, NEW, 0o666)
    except FileExistsError:
        os.unlink(path)
        return os.open(path, NEW, 0o666)


def _created(path: str, pieces: Iterable[bytes | bytearray]) -> os.stat_result:
    descriptor = create_new(path)
    try:
        for data in pieces:
            written = os.write(descriptor, data)
            while written < len(data):  # on a disk nearly full, or past what one call takes
                written += os.write(descriptor, memoryview(data)[written:])
        return os.fstat(descriptor)
    except OSError as error:
        error.filename = error.filename or path
        raise
    finally:
        os.close(descriptor)


def _pieces(source: Path) -> Iterator[bytes]:
    descriptor = os.open(source, os.O_RDONLY | O_BINARY | O_NOFOLLOW)
    with open(descriptor, "rb", buffering=0) as file:
        while data := file.read(COPIED_AT_ONCE):
            yield data


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
    """Return the file of that relative name in the folder; None if it is no name, or leads out.

    A link leads out wherever it leads, for nobody follows it.
    """
    try:
        longest = max(len(part.encode()) for part in name.split("/"))
    except UnicodeEncodeError:
        return None
    if not name or longest > LONGEST or name.startswith("/") or set(name) & set("\0\\:"):
        return None
    path = folder / name
    parts = Path(name).parts
    links = (folder.joinpath(*parts[:depth]).is_symlink() for depth in range(1, len(parts) + 1))
    return None if ".." in parts or any(links) else path
