"""The files of a Threads or Instagram export: in a bundle, or on disk around a single file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Protocol

from msgspec import Struct

from sitegen.errors import SourceError
from sitegen.formats.archives import Members
from sitegen.formats.archives.streams import open_file, unreadable_error
from sitegen.formats.media_kinds import SNIFFED_BYTES, kind_by_name, sniff
from sitegen.model import MediaKind
from sitegen.sources import Attachment
from sitegen.sources.meta.exports.layout import is_inner_folder
from sitegen.sources.source_files import attachment

MAX_BYTES = 512 * 1024 * 1024
PROFILES = (
    "personal_information/personal_information/personal_information.json",
    "personal_information/personal_information.json",
    "account_information/personal_information.json",
    "personal_information.json",
    "profile.json",
    "your_instagram_activity/threads/personal_information.json",
    "threads/personal_information.json",
)


class Medium(Struct, frozen=True):
    """A picture, film or sound that an export names; `file` is None if it is missing."""

    kind: MediaKind
    file: Attachment | None = None


class Files(Protocol):
    """Where the media of one export are."""

    def find(self, uri: str) -> Attachment | None:
        """Find the file at an address within the export that is already checked."""


class BundledFiles(Struct, frozen=True):
    """The files of an export in a bundle: those in the folders in which its parts begin."""

    members: Members
    names: frozenset[str]
    prefixes: tuple[str, ...]
    is_only_export: bool

    def find(self, uri: str) -> Attachment | None:
        """Search every part, or the whole bundle if it has no other export."""
        own = (f"{prefix}/{uri}".lstrip("/") for prefix in self.prefixes)
        file = next((name for name in own if name in self.names), None)
        if file is None and self.is_only_export:
            file = next(iter(self.members.find(uri)), None)
        return attachment(self.members, file) if file else None


class JoinedFiles(Struct, frozen=True):
    """The files of an export that are in several places."""

    places: tuple[Files, ...]

    def find(self, uri: str) -> Attachment | None:
        """Search every place in order."""
        return next((file for place in self.places if (file := place.find(uri))), None)


class NearbyFiles(Struct, frozen=True):
    """The files on disk around a file or folder that was taken out of an export."""

    tops: tuple[Path, ...]

    @classmethod
    def of(cls, path: Path) -> NearbyFiles:
        """Return the files around a path: in its folder, and in its parents within the export."""
        tops = [path.parent.absolute()]
        while is_inner_folder(tops[-1].name):
            tops.append(tops[-1].parent)
        return cls(tuple(tops))

    def find(self, uri: str) -> Attachment | None:
        """Search every folder up to the export's root; follow no links out of it."""
        path = next((path for top in self.tops if (path := _file_within(top, uri))), None)
        return Attachment(uri, partial(open_file, path)) if path else None

    def profiles(self) -> Iterator[tuple[str, Callable[[], bytes]]]:
        """Yield files that may be the export's profiles."""
        for top in self.tops:
            for name in PROFILES:
                if path := _file_within(top, name):
                    yield name, partial(file_bytes, path)


def medium(files: Files, uri: str) -> Medium:
    """Return the medium at an address in an export, with its file if it exists.

    Only pictures, films and sounds, and never one from outside the export, whatever
    the address is. If the name does not show the kind of a file, its bytes do.
    """
    kind = kind_by_name(uri)
    parts = PurePosixPath(uri).parts
    is_plain = parts and not {"..", "/", "//"} & set(parts) and not set(uri) & {"\\", ":", "\0"}
    file = files.find("/".join(parts)) if is_plain else None
    if file is None or kind:
        return Medium(kind or "file", file)
    kind = _kind_by_bytes(file)
    return Medium(kind, file) if kind else Medium("file")


def file_bytes(path: Path) -> bytes:
    """Return all bytes of a JSON file. Raises SourceError."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SourceError("is too large for a file of posts", path=path, hint="is it one?")
        return path.read_bytes()
    except OSError as error:
        raise unreadable_error(path, error) from error


def _file_within(top: Path, name: str) -> Path | None:
    """Return the file with that name in a folder, unless a link leads out of it."""
    try:
        path = (top / name).resolve(strict=True)
        return path if path.is_file() and path.is_relative_to(top.resolve()) else None
    except (OSError, RuntimeError, ValueError):
        return None


def _kind_by_bytes(file: Attachment) -> MediaKind | None:
    try:
        with file.open() as stream:
            return sniff(stream.read(SNIFFED_BYTES))
    except SourceError:
        return None
