"""The files of a source: whole ones, beginnings, names by their endings, attachments."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from sitegen.formats.archives import Members
from sitegen.formats.archives.streams import unreadable_error
from sitegen.sources import HEAD_BYTES, Attachment


def read_file(path: Path) -> bytes:
    """Return all bytes of a file. Raises SourceError."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise unreadable_error(path, error) from error


def head_of(members: Members, name: str, size: int = HEAD_BYTES) -> bytes:
    """Return the first bytes of a file in a bundle. Raises SourceError."""
    with members.open(name) as file:
        return file.read(size)


def names_ending(members: Members, *endings: str) -> list[str]:
    """Return the names of the files with one of these endings, in lower or upper case."""
    return [name for name in members.names() if name.lower().endswith(endings)]


def attachment(members: Members, name: str) -> Attachment:
    """Return a file in a bundle as an attachment."""
    return Attachment(name, partial(members.open, name))
