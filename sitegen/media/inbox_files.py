"""Find the files in the inbox, and match them with missing media."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from base64 import b32encode
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from sitegen.errors import SourceError
from sitegen.media.missing import SIZE_SUFFIX, MissingMedia, origin_file_name
from sitegen.sources import Attachment

Keys = tuple[str, ...]
EXTENSION = re.compile(r"\.[a-z0-9]{1,5}$")
DIGEST = re.compile(r"(?<![0-9a-z])(?:[0-9a-f]{64}|bafkrei[a-z2-7]{52})(?![0-9a-z])")
# The prefix of a CID version 1 whose digest is the SHA-256 of the raw bytes (multiformats).
CID_PREFIX_RAW_SHA256 = b"\x01\x55\x12\x20"


class InboxFile(Struct, frozen=True):
    """A file in the inbox: its name there, its path, the SHA-256 of its bytes."""

    name: str
    path: Path
    digest: str

    def attachment(self) -> Attachment:
        """Return the file as if it were an attachment of a source."""
        return Attachment(self.name, lambda: self.path.open("rb"))


def find_inbox_files(inbox: Path) -> Iterator[InboxFile]:
    """Yield the files of a folder and its subfolders, sorted, without links and hidden files.

    Raises SourceError.
    """
    for root, folders, names in os.walk(inbox):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(root, name)
            if not name.startswith(".") and path.is_file() and not path.is_symlink():
                yield InboxFile(path.relative_to(inbox).as_posix(), path, _digest_file(path))


class Candidates(Struct, frozen=True):
    """The files that may be a missing one; ambiguous if other media share the name."""

    files: tuple[InboxFile, ...] = ()
    is_ambiguous: bool = False


class MatchIndex:
    """Finds the files that match missing media, by the most reliable key first."""

    def __init__(self, inbox_files: Sequence[InboxFile], origins: Iterable[str]) -> None:
        self.exact = [
            (_index_files(inbox_files, keys), media_keys) for keys, media_keys in EXACT_KEYS
        ]
        self.by_name = [
            (_index_files(inbox_files, keys), origin_keys, _ambiguous_names(origins, origin_keys))
            for keys, origin_keys in NAME_KEYS
        ]

    def find_candidates(self, media: MissingMedia) -> Candidates:
        """Return the files that match by the most reliable key."""
        for index, media_keys in self.exact:
            for key in media_keys(media):
                if key in index:
                    return Candidates(tuple(index[key]))
        for index, origin_keys, shared in self.by_name:
            for key in origin_keys(media.origin or ""):
                if key in index:
                    return Candidates(tuple(index[key]), key in shared)
        return Candidates()


def _file_place_keys(file: InboxFile) -> Keys:
    return (*_file_name_keys(file), *_file_stem_keys(file))


def _media_place_keys(media: MissingMedia) -> Keys:
    return (_fold(media.exact_name),)


def _file_digest_keys(file: InboxFile) -> Keys:
    cid = b32encode(CID_PREFIX_RAW_SHA256 + bytes.fromhex(file.digest)).decode().lower().rstrip("=")
    return file.digest, f"b{cid}"


def _media_digest_keys(media: MissingMedia) -> Keys:
    return tuple(DIGEST.findall((media.origin or "").lower()))


def _file_name_keys(file: InboxFile) -> Keys:
    return (_fold(SIZE_SUFFIX.sub("", file.path.name)),)


def _origin_name_keys(origin: str) -> Keys:
    name = origin_file_name(origin)
    return (_fold(name),) if name else ()


def _file_stem_keys(file: InboxFile) -> Keys:
    return tuple(EXTENSION.sub("", name) for name in _file_name_keys(file))


def _origin_stem_keys(origin: str) -> Keys:
    return tuple(EXTENSION.sub("", name) for name in _origin_name_keys(origin))


def _fold(name: str) -> str:
    """Normalise a name, so that it compares equal on all file systems."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


FileKeys = Callable[[InboxFile], Keys]
OriginKeys = Callable[[str], Keys]
EXACT_KEYS: tuple[tuple[FileKeys, Callable[[MissingMedia], Keys]], ...] = (
    (_file_place_keys, _media_place_keys),
    (_file_digest_keys, _media_digest_keys),
)
NAME_KEYS: tuple[tuple[FileKeys, OriginKeys], ...] = (
    (_file_name_keys, _origin_name_keys),
    (_file_stem_keys, _origin_stem_keys),
)


def _ambiguous_names(origins: Iterable[str], origin_keys: OriginKeys) -> frozenset[str]:
    """Return the names that several origins share; a digest is always of one file."""
    origins_by_name: dict[str, set[str]] = defaultdict(set)
    for origin in origins:
        for name in origin_keys(origin):
            origins_by_name[name].add(name if DIGEST.search(name) else origin)
    return frozenset(name for name, sharing in origins_by_name.items() if len(sharing) > 1)


def _index_files(
    inbox_files: Sequence[InboxFile], file_keys: Callable[[InboxFile], Keys]
) -> dict[str, list[InboxFile]]:
    index: dict[str, list[InboxFile]] = defaultdict(list)
    for file in inbox_files:
        for key in dict.fromkeys(file_keys(file)):
            index[key].append(file)
    return dict(index)


def _digest_file(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        reason = error.strerror or str(error)
        raise SourceError(
            f"cannot be read: {reason}", path=path, hint="check its permissions."
        ) from error
