"""The files in content/.imported/: their names, the version of their format, and their lines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from sitegen import files
from sitegen.content.imported.record_lines import (
    AccountLine,
    JournalLine,
    NetworkLine,
    PostLine,
    ProfileLine,
    SourceLine,
    ThreadLine,
)
from sitegen.errors import ContentError
from sitegen.formats.conflict_markers import refuse_conflicts

FOLDER = ".imported"
FORMAT = "2"
FORMAT_NAME = "format"
JOURNAL = "journal.jsonl"
THREADS = "threads.jsonl"
PROFILES = "profiles.jsonl"
ACCOUNTS = "accounts.jsonl"
SOURCES = "sources.jsonl"
VERSION_1_NETWORKS = "networks.jsonl"
UNDATED = "undated.jsonl"
Line = TypeVar(
    "Line", PostLine, ThreadLine, ProfileLine, AccountLine, SourceLine, NetworkLine, JournalLine
)
_FILES = re.compile(r"\d{4}\.jsonl|undated\.jsonl")


def post_files(at: Path) -> list[Path]:
    """Return the files with the lines of posts, sorted."""
    return sorted(path for path in at.glob("*.jsonl") if _FILES.fullmatch(path.name))


def read_lines(path: Path, of: type[Line]) -> Iterator[Line]:
    """Yield the lines of a file. Raises ContentError."""
    data = read(path)
    decode = msgspec.json.Decoder(of).decode
    for number, line in enumerate(data.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            yield decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            yield _line_of_surrogates(line, of, path, number)


def _line_of_surrogates(line: bytes, of: type[Line], path: Path, number: int) -> Line:
    """Decode a line with lone surrogates, which msgspec does not read. Raises ContentError."""
    try:
        return msgspec.convert(json.loads(line), of)
    except (msgspec.ValidationError, ValueError, RecursionError) as error:
        raise ContentError(
            "not a line that an import wrote",
            path=path,
            line=number,
            hint="take the file back from git, or delete the line.",
        ) from error


def format_of(folder: Path) -> str:
    """Return the version of the format of a content folder; "" if it is not stated.

    Raises ContentError for a newer one.
    """
    check_format(folder)
    return read(folder / FOLDER / FORMAT_NAME).strip().decode(errors="replace")


def check_format(folder: Path) -> None:
    """Check that no newer sitegen wrote the records of a content folder. Raises ContentError."""
    at = folder / FOLDER
    found = read(at / FORMAT_NAME).strip()
    if found not in (b"", b"1", FORMAT.encode()):
        raise ContentError(
            f"a newer sitegen wrote this (format {found.decode(errors='replace')})",
            path=at / FORMAT_NAME,
            hint="install a newer sitegen.",
        )


def read(path: Path) -> bytes:
    """Return the bytes of a file; none if it is missing. Raises ContentError."""
    try:
        data = files.read(str(path))
    except (FileNotFoundError, NotADirectoryError):
        return b""
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        raise ContentError(what, path=path, hint="check its permissions.") from error
    refuse_conflicts(data, str(path))
    return data
