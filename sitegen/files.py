"""Atomic file writes: a file is complete or not there, and never outside its folder."""

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
# Maps each byte to a lower-case letter, a digit, or a space that separates words.
ASCII_SLUG_TABLE = bytes(
    [ord(c.lower()) if c.isalnum() and c.isascii() else 32 for c in map(chr, range(256))]
)
PARTIAL = ".sitegen-partial"
MAX_NAME_BYTES = 255  # on all file systems that matter
FIRST_READ_BYTES = 16_384  # few files of posts are longer
COPY_CHUNK_BYTES = 1 << 20
O_BINARY = getattr(os, "O_BINARY", 0)  # Windows would change line ends
O_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)  # without it, O_EXCL still refuses to write to a link
NEW_FILE_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | O_NOFOLLOW | O_BINARY


def read(path: str) -> bytes:
    """Read a whole file with system calls: archives have thousands of files. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | O_BINARY)
    try:
        data = os.read(descriptor, FIRST_READ_BYTES)
        if len(data) == FIRST_READ_BYTES:
            with open(descriptor, "rb", closefd=False) as file:
                data += file.read()
        return data
    except OSError as error:
        error.filename = path
        raise
    finally:
        os.close(descriptor)


def write(path: Path, data: bytes | bytearray, root: Path | None = None) -> None:
    """Write a file atomically: a reader or a crash sees the old file or the new one.

    Missing folders are created. Below `root` none of them may be a link; without a root, any
    folder is the user's own choice. Raises OutputError, OSError; the old file is then unchanged.
    """
    write_each([(str(path), data)], root)


def write_each(contents: Iterable[tuple[str, bytes | bytearray]], root: Path | None = None) -> None:
    """Write files, each atomically, as `write` does. Raises OutputError, OSError."""
    for path, data in _make_folders(contents, root):
        replace(path, data)


def _make_folders(
    contents: Iterable[tuple[str, Data]], root: Path | None
) -> Iterator[tuple[str, Data]]:
    """Yield files to be written, once the folder of each exists."""
    created: set[str] = set()
    for path, data in contents:
        folder = path.rpartition(os.sep)[0] or os.curdir
        if folder not in created:
            folders.create(folder, folder if root is None else root)
            created.add(folder)
        yield path, data


def write_pieces(path: Path, pieces: Iterable[bytes], root: Path | None = None) -> None:
    """Write a file atomically without holding it in memory. Raises as `write` does."""
    folders.create(path.parent, root or path.parent)
    _write_and_rename(str(path), partial(_write_new, pieces=pieces))


def write_together(
    contents: Iterable[tuple[Path, Iterable[bytes]]], root: Path | None = None
) -> tuple[Path, ...]:
    """Write files atomically, none of which is visible before all are complete; return their paths.

    The pieces of each are read after those of the one before it. The root is that of `write`.
    Raises OutputError, OSError; all old files are then unchanged, unless one cannot be replaced.
    """
    staged: dict[Path, str] = {}
    try:
        for path, pieces in contents:
            folders.create(path.parent, root or path.parent)
            staged[path] = str(path.with_name(_partial_name(path.name)))
            _write_new(staged[path], pieces)
        for path, partial_path in staged.items():
            os.replace(partial_path, path)
    except BaseException:
        for partial_path in staged.values():
            Path(partial_path).unlink(missing_ok=True)
        raise
    return tuple(staged)


def replace(path: str, data: bytes | bytearray) -> None:
    """Write a file atomically in an existing folder. Raises OSError."""
    _write_and_rename(path, partial(create, data=data))


def replace_by_copy(path: str, source: Path) -> None:
    """Copy a file atomically into an existing folder. Raises OSError."""
    _write_and_rename(path, partial(create_copy, source=source))


def _write_and_rename(path: str, write: Callable[[str], object]) -> None:
    """Write a file under a temporary name and rename it; on failure, delete it."""
    folder, separator, name = path.rpartition(os.sep)
    partial_path = f"{folder}{separator}{_partial_name(name)}"
    try:
        write(partial_path)
        os.replace(partial_path, path)
    except BaseException:
        Path(partial_path).unlink(missing_ok=True)
        raise


def _partial_name(name: str) -> str:
    """Return a file's temporary name, within the longest name that a file system allows."""
    data = os.fsencode(name)
    is_long = len(data) + len(PARTIAL) > MAX_NAME_BYTES
    return (f"{crc32(data):08x}" if is_long else name) + PARTIAL


def create(path: str, data: bytes | bytearray) -> os.stat_result:
    """Write a new file and return its status; for a name that no other process reads yet.

    This uses system calls, since a new site has thousands of files. Raises OSError.
    """
    return _write_new(path, (data,))


def create_copy(path: str, source: Path) -> os.stat_result:
    """Copy a file of any size, as `create` does; a link is not copied."""
    return _write_new(path, _read_chunks(source))


def create_new(path: str) -> int:
    """Create a file for writing and return its descriptor. Raises OSError.

    An existing file of that name is deleted first: it is left from another run, or is a link made
    to overwrite another file. Links are never followed.
    """
    try:
        return os.open(path, NEW_FILE_FLAGS, 0o666)
    except FileExistsError:
        os.unlink(path)
        return os.open(path, NEW_FILE_FLAGS, 0o666)


def _write_new(path: str, pieces: Iterable[bytes | bytearray]) -> os.stat_result:
    descriptor = create_new(path)
    try:
        for data in pieces:
            written = os.write(descriptor, data)
            while written < len(data):  # on a disk that is nearly full, or past the limit of a call
                written += os.write(descriptor, memoryview(data)[written:])
        return os.fstat(descriptor)
    except OSError as error:
        error.filename = error.filename or path
        raise
    finally:
        os.close(descriptor)


def _read_chunks(source: Path) -> Iterator[bytes]:
    descriptor = os.open(source, os.O_RDONLY | O_BINARY | O_NOFOLLOW)
    with open(descriptor, "rb", buffering=0) as file:
        while data := file.read(COPY_CHUNK_BYTES):
            yield data


def slug(text: str, length: int = 60) -> str:
    """Return a slug of lower-case letters and digits of any script, with "-"; may be empty."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold())
    hyphenated = "".join(c if c.isalnum() or unicodedata.combining(c) else "-" for c in folded)
    return re.sub("-+", "-", hyphenated)[:length].strip("-")


def ascii_slug(text: str, length: int = 60) -> str:
    """Return a slug of a-z, 0-9 and "-" only; other characters are left out."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
    words = "-".join(text.encode("ascii", "ignore").translate(ASCII_SLUG_TABLE).decode().split())
    if len(words) <= length:
        return words
    return words[: length + 1].rpartition("-")[0] or words[:length]


def safe_join(folder: Path, name: str) -> Path | None:
    """Join a folder and a relative name; return None if the name is invalid or leads outside.

    A name that passes through a link counts as outside, since links are not followed.
    """
    try:
        longest = max(len(part.encode()) for part in name.split("/"))
    except UnicodeEncodeError:
        return None
    if not name or longest > MAX_NAME_BYTES or name.startswith("/") or set(name) & set("\0\\:"):
        return None
    path = folder / name
    parts = Path(name).parts
    links = (folder.joinpath(*parts[:depth]).is_symlink() for depth in range(1, len(parts) + 1))
    return None if ".." in parts or any(links) else path


def short_path(path: Path | str) -> str:
    """Return a path relative to the current folder if it is inside, otherwise unchanged."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # on Windows: another drive
        return str(path)
    return str(path) if relative.startswith("..") else relative
