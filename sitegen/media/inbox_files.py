"""Files in the inbox, and how they are matched with missing media."""

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
from sitegen.media.missing import SIZE, MissingMedia, last_part
from sitegen.sources import Attachment

Keys = tuple[str, ...]
EXTENSION = re.compile(r"\.[a-z0-9]{1,5}$")
DIGEST = re.compile(r"(?<![0-9a-z])(?:[0-9a-f]{64}|bafkrei[a-z2-7]{52})(?![0-9a-z])")
# The prefix of a CID version 1 whose digest is the SHA-256 of the raw bytes (multiformats).
RAW_SHA256 = b"\x01\x55\x12\x20"


class InboxFile(Struct, frozen=True):
    """A file in the inbox: its name there, its path, the SHA-256 of its bytes."""

    name: str
    path: Path
    digest: str

    def attachment(self) -> Attachment:
        """Return the file as an attachment of a source."""
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
                yield InboxFile(path.relative_to(inbox).as_posix(), path, _digest_of(path))


class Fit(Struct, frozen=True):
    """The files that match missing media; in doubt if other media of the archive share the name."""

    files: tuple[InboxFile, ...] = ()
    in_doubt: bool = False


class Fits:
    """Finds the files that match missing media, by the most reliable key first."""

    def __init__(self, dropped: Sequence[InboxFile], origins: Iterable[str]) -> None:
        by_name = [(_index(dropped, of_file), of_name) for of_file, of_name in BY_NAME]
        self.exact = [(_index(dropped, of_file), of_media) for of_file, of_media in EXACTLY]
        self.by_name = [(index, of_name, _shared(origins, of_name)) for index, of_name in by_name]

    def of(self, media: MissingMedia) -> Fit:
        """Return the files with the most reliable match."""
        for index, of_media in self.exact:
            for key in of_media(media):
                if key in index:
                    return Fit(tuple(index[key]))
        for index, of_name, shared in self.by_name:
            for key in of_name(media.origin or ""):
                if key in index:
                    return Fit(tuple(index[key]), key in shared)
        return Fit()


def _places_of_file(file: InboxFile) -> Keys:
    return (*_name_of_file(file), *_stem_of_file(file))


def _place_of_media(media: MissingMedia) -> Keys:
    return (_fold(media.place_name),)


def _digests_of_file(file: InboxFile) -> Keys:
    cid = b32encode(RAW_SHA256 + bytes.fromhex(file.digest)).decode().lower().rstrip("=")
    return file.digest, f"b{cid}"


def _digests_of_media(media: MissingMedia) -> Keys:
    return tuple(DIGEST.findall((media.origin or "").lower()))


def _name_of_file(file: InboxFile) -> Keys:
    return (_fold(SIZE.sub("", file.path.name)),)


def _name_of_origin(origin: str) -> Keys:
    name = last_part(origin)
    return (_fold(name),) if name else ()


def _stem_of_file(file: InboxFile) -> Keys:
    return tuple(EXTENSION.sub("", name) for name in _name_of_file(file))


def _stem_of_origin(origin: str) -> Keys:
    return tuple(EXTENSION.sub("", name) for name in _name_of_origin(origin))


def _fold(name: str) -> str:
    """Normalise a name, so that it is equal on all file systems."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


OfFile = Callable[[InboxFile], Keys]
OfName = Callable[[str], Keys]
EXACTLY: tuple[tuple[OfFile, Callable[[MissingMedia], Keys]], ...] = (
    (_places_of_file, _place_of_media),
    (_digests_of_file, _digests_of_media),
)
BY_NAME: tuple[tuple[OfFile, OfName], ...] = (
    (_name_of_file, _name_of_origin),
    (_stem_of_file, _stem_of_origin),
)


def _shared(origins: Iterable[str], of_name: OfName) -> frozenset[str]:
    """Return the names shared by several origins; a digest always means the same file."""
    found: dict[str, set[str]] = defaultdict(set)
    for origin in origins:
        for key in of_name(origin):
            found[key].add(key if DIGEST.search(key) else origin)
    return frozenset(key for key, having in found.items() if len(having) > 1)


def _index(
    dropped: Sequence[InboxFile], keys: Callable[[InboxFile], Keys]
) -> dict[str, list[InboxFile]]:
    found: dict[str, list[InboxFile]] = defaultdict(list)
    for file in dropped:
        for key in dict.fromkeys(keys(file)):
            found[key].append(file)
    return dict(found)


def _digest_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        reason = error.strerror or str(error)
        raise SourceError(
            f"cannot be read: {reason}", path=path, hint="check its permissions."
        ) from error
