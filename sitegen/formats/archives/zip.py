"""ZIP archives (PKWARE APPNOTE 6.3): the directory is read once, files are streamed."""

from __future__ import annotations

import stat
import struct
import zipfile
from collections.abc import Iterator
from io import FileIO
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from sitegen.errors import SourceError
from sitegen.formats.archives.member_names import Listing, Refused, printable
from sitegen.formats.archives.streams import (
    Budget,
    Checked,
    Guarded,
    Inflated,
    Slice,
    buffer,
    open_file,
    read_whole,
    unreadable_error,
)

LIST_BYTES = 1 << 26  # 64 MiB: about 500,000 files with names as in exports
LOCAL_HEADER = struct.Struct("<4s22xHH")
LOCAL_SIGNATURE = b"PK\x03\x04"
SIGNATURES = (LOCAL_SIGNATURE, b"PK\x05\x06", b"PK\x07\x08")
ENCRYPTED = 0x1
STORED, DEFLATED = 0, 8
MADE_ON_UNIX = 3
CUT_OFF = "download or copy it again: a ZIP's list of files is at its end."


class Packed(Struct, frozen=True):
    """A file in a ZIP: the offset of its header, and its compression."""

    start: int
    packed: int
    size: int
    crc: int
    method: int


class Zip(Listing[Packed]):
    """The files of a ZIP. Each stream opens its own file handle, so that processes may fork."""

    def __init__(self, path: Path) -> None:
        infos, end = _read_directory(path)
        _refuse_overlaps(path, infos, end)
        super().__init__(path, _entries(infos))
        self._budget = Budget(path, path.stat().st_size)

    def size(self, name: str) -> int:
        """Return the declared size of a file in bytes. Raises SourceError."""
        return self.entry(name).size

    def open(self, name: str) -> BinaryIO:
        """Return a file's bytes as a stream that counts and checks them. Raises SourceError."""
        found = self.entry(name)
        file = open_file(self.path)
        try:
            stretch = Slice(file, self._start(file, name, found), found.packed)
        except BaseException:
            file.close()
            raise
        inner = stretch if found.method == STORED else Inflated(stretch)
        return buffer(
            Checked(inner, name, self._budget, size=found.size, packed=found.packed, crc=found.crc)
        )

    def read(self, name: str) -> bytes:
        """Return all bytes of a file; refuse one too large for memory. Raises SourceError."""
        too_large = self.wrong(f'"{name}" in it is too large to be read', "is it an export?")
        return read_whole(self.open(name), self.size(name), too_large)

    def _start(self, file: BinaryIO, name: str, found: Packed) -> int:
        """Return the offset of a file's data, after its local header."""
        try:
            file.seek(found.start)
            header = file.read(LOCAL_HEADER.size)
        except OSError as error:
            raise unreadable_error(self.path, error) from error
        if len(header) < LOCAL_HEADER.size:
            raise self.wrong(f'"{name}" in it is cut off')
        signature, name_bytes, extra_bytes = LOCAL_HEADER.unpack(header)
        if signature != LOCAL_SIGNATURE:
            raise self.wrong(f'"{name}" in it is not where the list of files says')
        return found.start + LOCAL_HEADER.size + int(name_bytes) + int(extra_bytes)


def _read_directory(path: Path) -> tuple[list[zipfile.ZipInfo], int]:
    """Return the directory of files and its offset in the ZIP. Raises SourceError."""
    try:
        with Guarded(FileIO(path), path, LIST_BYTES) as file, zipfile.ZipFile(file) as archive:
            return archive.infolist(), archive.start_dir
    except zipfile.BadZipFile as error:
        has_end = zipfile.is_zipfile(path)
        what = "is a ZIP that is cut off" if not has_end else f"is a damaged ZIP: {error}"
        raise SourceError(what, path=path, hint=CUT_OFF) from error
    except OSError as error:
        raise unreadable_error(path, error) from error
    except (struct.error, ValueError, OverflowError, NotImplementedError) as error:
        what = f"is a ZIP that cannot be read: {printable(str(error))}"
        raise SourceError(what, path=path, hint=CUT_OFF) from error


def _refuse_overlaps(path: Path, infos: list[zipfile.ZipInfo], end: int) -> None:
    """Refuse a ZIP in which two files share bytes (CVE-2024-0450)."""
    stretches = sorted((i.header_offset, i.compress_size) for i in infos)
    for (start, packed), (following, _) in pairwise([*stretches, (end, 0)]):
        if start < 0 or start + LOCAL_HEADER.size + packed > following:
            raise SourceError(
                "is a ZIP in which files overlap",
                path=path,
                hint="it is damaged, or a bomb: download or copy it again.",
            )


def _entries(infos: list[zipfile.ZipInfo]) -> Iterator[tuple[str, Packed | Refused]]:
    for info in infos:
        name = _name(info)
        if not name.endswith("/"):
            yield name, _entry(info)


def _name(info: zipfile.ZipInfo) -> str:
    """Return an entry's full name: many tools write UTF-8 without the flag."""
    name = info.orig_filename
    if name.isascii() or info.flag_bits & 0x800:
        return name
    try:
        return name.encode("cp437").decode()
    except UnicodeError:
        return name


def _entry(info: zipfile.ZipInfo) -> Packed | Refused:
    kind = stat.S_IFMT(info.external_attr >> 16) if info.create_system == MADE_ON_UNIX else 0
    if kind == stat.S_IFLNK:
        return Refused("is a symbolic link")
    if kind not in (0, stat.S_IFREG):
        return Refused("is no file")
    if info.flag_bits & ENCRYPTED:
        return Refused("is locked with a password")
    if info.compress_type not in (STORED, DEFLATED):
        return Refused(f"is packed in a way that no export is (method {info.compress_type})")
    if info.compress_type == STORED and info.compress_size != info.file_size:
        return Refused("says two sizes of itself")
    return Packed(
        info.header_offset, info.compress_size, info.file_size, info.CRC, info.compress_type
    )
