"""The files of a Threads or Instagram export: a bundle of them, or one with its media beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from msgspec import Struct

from sitegen.errors import SourceError
from sitegen.importers import Attachment, Members, Source
from sitegen.model import MediaKind

LARGEST = 512 * 1024 * 1024
_KINDS: dict[str, MediaKind] = {
    **dict.fromkeys((".jpg", ".jpeg", ".png", ".webp", ".gif", ".heic", ".heif", ".avif"), "image"),
    **dict.fromkeys((".mp4", ".mov", ".m4v", ".webm", ".mkv"), "video"),
    **dict.fromkeys((".mp3", ".m4a", ".aac", ".ogg", ".wav", ".opus"), "audio"),
}
# Folders of an export that hold its JSON; addresses of media count from the folder above them.
_INNER = ("content", "media", "threads", "your_instagram_activity")


class Files(Struct, frozen=True):
    """Where an export's files are: in its members, or beside a single file."""

    path: Path
    members: Members | None

    @classmethod
    def of(cls, source: Source) -> Files:
        """Return the files of a source."""
        return cls(source.path, source.members)

    def documents(self) -> Iterator[tuple[str, Callable[[], bytes]]]:
        """Go through the JSON files by name; reading one raises SourceError."""
        if self.members is None:
            yield self.path.name, partial(_bytes, self.path)
            return
        for name in self.members.names():
            if name.lower().endswith(".json"):
                yield name, partial(self.members.read, name)

    def medium(self, uri: str) -> Attachment | None:
        """Return the file that the export calls by an address, where it holds it.

        Nothing but pictures, films and sounds, and never one from outside the export, whatever
        the address says.
        """
        parts = PurePosixPath(uri).parts
        is_plain = parts and not {"..", "/", "//"} & set(parts) and not set(uri) & {"\\", ":", "\0"}
        if not is_plain or PurePosixPath(uri).suffix.lower() not in _KINDS:
            return None
        name = "/".join(parts)
        if self.members is None:
            return _beside(self.path, name)
        found = self.members.find(name)
        return Attachment(name, partial(self.members.open, found[0])) if found else None


def kind_of(uri: str) -> MediaKind:
    """Return what a file is by how its name ends; its bytes are looked at later."""
    name = uri.split("?", 1)[0] if "://" in uri else uri
    return _KINDS.get(PurePosixPath(name).suffix.lower(), "file")


def _beside(path: Path, name: str) -> Attachment | None:
    """Find a file in the folder of the JSON file, or in the export that the folder is part of."""
    home = path.parent.absolute()
    tops = [home]
    while tops[-1].name in _INNER:
        tops.append(tops[-1].parent)
    for top in tops:
        try:
            found = (top / name).resolve(strict=True)
            is_inside = found.is_file() and found.is_relative_to(top.resolve())
        except (OSError, RuntimeError, ValueError):
            continue
        if is_inside:
            return Attachment(name, partial(_opened, found))
    return None


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise _unreadable(path, error) from error


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise SourceError("is too large for a file of posts", path=path, hint="is it one?")
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> SourceError:
    reason = error.strerror or str(error)
    return SourceError(f"cannot be read: {reason}", path=path, hint="check the path.")
