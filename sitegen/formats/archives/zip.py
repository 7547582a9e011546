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
    CheckedStream,
    FileSlice,
    InflatedStream,
    LimitedReader,
    buffered,
    open_file,
    read_whole,
    unreadable_error,
)

MAX_DIRECTORY_BYTES = 1 << 26  # 64 MiB: about 500,000 files with names as in exports
LOCAL_HEADER = struct.Struct("<4s22xHH")
LOCAL_SIGNATURE = b"PK\x03\x04"
SIGNATURES = (LOCAL_SIGNATURE, b"PK\x05\x06", b"PK\x07\x08")
ENCRYPTED = 0x1
STORED, DEFLATED = 0, 8
CREATED_ON_UNIX = 3
CUT_OFF_HINT = "download or copy it again: a ZIP's list of files is at its end."


class ZipEntry(Struct, frozen=True):
    """A file in a ZIP: the offset of its header, and its compression."""

    start: int
    packed: int
    size: int
    crc: int
    method: int


class Zip(Listing[ZipEntry]):
    """The files of a ZIP. Each stream has its own file handle, so that processes may fork."""

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
        entry = self.entry(name)
        file = open_file(self.path)
        try:
            packed = FileSlice(file, self._data_offset(file, name, entry), entry.packed)
        except BaseException:
            file.close()
            raise
        inner = packed if entry.method == STORED else InflatedStream(packed)
        return buffered(
            CheckedStream(
                inner, name, self._budget, size=entry.size, packed=entry.packed, crc=entry.crc
            )
        )

    def read(self, name: str) -> bytes:
        """Return all bytes of a file; refuse one too large for memory. Raises SourceError."""
        too_large = self.error(f'"{name}" in it is too large to be read', "is it an export?")
        return read_whole(self.open(name), self.size(name), too_large)

    def _data_offset(self, file: BinaryIO, name: str, entry: ZipEntry) -> int:
        """Return the offset of a file's data, after its local header."""
        try:
            file.seek(entry.start)
            header = file.read(LOCAL_HEADER.size)
        except OSError as error:
            raise unreadable_error(self.path, error) from error
        if len(header) < LOCAL_HEADER.size:
            raise self.error(f'"{name}" in it is cut off')
        signature, name_bytes, extra_bytes = LOCAL_HEADER.unpack(header)
        if signature != LOCAL_SIGNATURE:
            raise self.error(f'"{name}" in it is not where the list of files says')
        return entry.start + LOCAL_HEADER.size + int(name_bytes) + int(extra_bytes)


def _read_directory(path: Path) -> tuple[list[zipfile.ZipInfo], int]:
    """Return the directory of files and its offset in the ZIP. Raises SourceError."""
    try:
        with (
            LimitedReader(FileIO(path), path, MAX_DIRECTORY_BYTES) as file,
            zipfile.ZipFile(file) as archive,
        ):
            return archive.infolist(), archive.start_dir
    except zipfile.BadZipFile as error:
        has_end = zipfile.is_zipfile(path)
        message = "is a ZIP that is cut off" if not has_end else f"is a damaged ZIP: {error}"
        raise SourceError(message, path=path, hint=CUT_OFF_HINT) from error
    except OSError as error:
        raise unreadable_error(path, error) from error
    except (struct.error, ValueError, OverflowError, NotImplementedError) as error:
        message = f"is a ZIP that cannot be read: {printable(str(error))}"
        raise SourceError(message, path=path, hint=CUT_OFF_HINT) from error


def _refuse_overlaps(path: Path, infos: list[zipfile.ZipInfo], end: int) -> None:
    """Refuse a ZIP in which two files share bytes (CVE-2024-0450)."""
    ranges = sorted((i.header_offset, i.compress_size) for i in infos)
    for (start, packed), (next_start, _) in pairwise([*ranges, (end, 0)]):
        if start < 0 or start + LOCAL_HEADER.size + packed > next_start:
            raise SourceError(
                "is a ZIP in which files overlap",
                path=path,
                hint="it is damaged, or a bomb: download or copy it again.",
            )


def _entries(infos: list[zipfile.ZipInfo]) -> Iterator[tuple[str, ZipEntry | Refused]]:
    for info in infos:
        name = _full_name(info)
        if not name.endswith("/"):
            yield name, _entry(info)


def _full_name(info: zipfile.ZipInfo) -> str:
    """Return an entry's full name: many tools write UTF-8 without the flag."""
    name = info.orig_filename
    if name.isascii() or info.flag_bits & 0x800:
        return name
    try:
        return name.encode("cp437").decode()
    except UnicodeError:
        return name


def _entry(info: zipfile.ZipInfo) -> ZipEntry | Refused:
    kind = stat.S_IFMT(info.external_attr >> 16) if info.create_system == CREATED_ON_UNIX else 0
    if kind == stat.S_IFLNK:
        return Refused("is a symbolic link")
    if kind not in (0, stat.S_IFREG):
        return Refused("is not a regular file")
    if info.flag_bits & ENCRYPTED:
        return Refused("is locked with a password")
    if info.compress_type not in (STORED, DEFLATED):
        return Refused(f"is compressed by a method that exports do not use ({info.compress_type})")
    if info.compress_type == STORED and info.compress_size != info.file_size:
        return Refused("declares two different sizes")
    return ZipEntry(
        info.header_offset, info.compress_size, info.file_size, info.CRC, info.compress_type
    )
