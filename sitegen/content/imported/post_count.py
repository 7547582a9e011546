"""The number of posts in an archive, stored in content/.imported/count.json.

A build compares its number of posts with the last build's. If there was none, as on a server that
starts from a fresh clone each time, it compares with the number after the last import.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from sitegen import durable_files, files
from sitegen.errors import ContentError
from sitegen.formats.conflict_markers import refuse_conflicts

FOLDER = ".imported"
NAME = "count.json"

Number = Annotated[int, Meta(ge=0)]


class Count(Struct, frozen=True, omit_defaults=True):
    """Number of posts, including hidden ones: after the last import, and after the last purge."""

    posts: Number
    after_purge: Number | None = None


def read(folder: Path) -> Count | None:
    """Read the count of a content folder, if it has one. Raises ContentError."""
    path = place(folder)
    try:
        data = files.read(str(path))
        refuse_conflicts(data, str(path))
        return _unite(msgspec.json.Decoder(Count).decode_lines(data))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        hint = "delete it: the next import counts again."
        raise ContentError("is not a count of posts", path=path, hint=hint) from error
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        raise ContentError(what, path=path, hint="check its permissions.") from error


def _unite(counts: list[Count]) -> Count:
    """Return one count for those of several people, whom git has merged.

    Where somebody purged posts, the lower number is the one to expect. Raises DecodeError.
    """
    purges = [count.after_purge for count in counts if count.after_purge is not None]
    posts = [count.posts for count in counts]
    if not posts:
        raise msgspec.DecodeError("no line")
    return Count(min(posts), min(purges)) if purges else Count(max(posts))


def write(folder: Path, count: Count) -> None:
    """Write a count if it changed. Raises ContentError, OutputError, OSError."""
    text = msgspec.json.encode(count) + b"\n"
    if read(folder) != count or files.read(str(place(folder))) != text:
        durable_files.write_durably([(str(place(folder)), text)], folder)


def place(folder: Path) -> Path:
    """Return the path of a content folder's count."""
    return folder / FOLDER / NAME
