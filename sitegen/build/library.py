"""What the build knows of content/: an entry a thread, profiles, own pages and media.

Files that did not change since the last build are not read again.
"""

from __future__ import annotations

import os
import pickle
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from sitegen import content
from sitegen import files as disk
from sitegen.build import urls
from sitegen.build.reading import Hidden, Item
from sitegen.build.values import Document, Entry
from sitegen.content.profile_file import StoredProfile
from sitegen.errors import ContentError, SeveralErrors

MEDIA = "media/"
FRESH_NS = 50_000_000  # a file younger than this when seen may change again unnoticed


class Signature(NamedTuple):
    """What tells, without reading, that a file is the one it was."""

    modified: int
    size: int
    inode: int


class Known(NamedTuple):
    """A content file as it was read last; `pickled` is the item, ready to be kept."""

    signature: Signature
    item: Item
    pickled: bytes


@dataclass
class Library:
    """The archive: entries newest first, profiles, documents, and media by site path."""

    folder: Path
    entries: tuple[Entry, ...]
    profiles: tuple[StoredProfile, ...]
    documents: tuple[Document, ...]
    media: dict[str, Signature]
    known: dict[str, Known]
    of_post: dict[tuple[str, str], Entry] = field(default_factory=dict)


def scan(folder: Path) -> dict[str, Signature]:
    """Return every file of the folder by its relative name, with its signature.

    Hidden names, links that lead elsewhere and what is neither Markdown nor media are left
    out, and so is what is no file, or half of one. Raises ContentError for a folder that cannot
    be read, and for a name that no page could link to.
    """
    started = time.time_ns()
    found: dict[str, Signature] = {}
    stack = [""]
    while stack:
        at = stack.pop()
        for item in _listed(folder, at):
            name = f"{at}{item.name}"
            if item.name.startswith(".") or item.is_symlink() or name.endswith(disk.PARTIAL):
                continue
            if item.is_dir():
                stack.append(f"{name}/")
            elif item.is_file() and (name.endswith(".md") or name.startswith(MEDIA)):
                found[name] = _signature(item, started)
    _refuse_names(folder, found)
    return dict(sorted(found.items()))


def changed(files: Mapping[str, Signature], known: Mapping[str, Known]) -> list[str]:
    """Return the Markdown files that are not as the last build read them."""
    return [
        source
        for source, signature in files.items()
        if not source.startswith(MEDIA) and not _is_known(known.get(source), signature)
    ]


def gathered(
    folder: Path,
    files: Mapping[str, Signature],
    known: Mapping[str, Known],
    read: Mapping[str, bytes | ContentError],
) -> Library:
    """Put together what was known and what was read; raise all that is broken at once."""
    problems = [item for item in read.values() if isinstance(item, ContentError)]
    if problems:
        raise SeveralErrors.of(problems)
    now = {
        source: unpickled(signature, read[source]) if source in read else known[source]
        for source, signature in files.items()
        if not source.startswith(MEDIA)
    }
    media = {source: found for source, found in files.items() if source.startswith(MEDIA)}
    return _sorted(folder, now, media)


def unpickled(signature: Signature, item: Any) -> Known:
    """Return a content file from what a process of this build, or the cache, made of it."""
    return Known(signature, pickle.loads(item), item)  # noqa: S301 - our own bytes


def _signature(item: os.DirEntry[str], started: int) -> Signature:
    stat = item.stat()
    settled = started - stat.st_mtime_ns > FRESH_NS
    return Signature(stat.st_mtime_ns, stat.st_size, stat.st_ino if settled else 0)


def _refuse_names(folder: Path, names: Iterable[str]) -> None:
    problems = [
        ContentError(
            f"{name!r} is not a name for a file of a site",
            path=folder,
            hint="give it another name, without control characters and in UTF-8.",
        )
        for name in names
        if not urls.is_name(name)
    ]
    if problems:
        raise SeveralErrors.of(problems)


def _is_known(known: Known | None, signature: Signature) -> bool:
    return known is not None and known.signature == signature and signature.inode != 0


def _sorted(folder: Path, known: dict[str, Known], media: dict[str, Signature]) -> Library:
    items = [found.item for found in known.values()]
    threads = [item for item in items if isinstance(item, Entry)]
    library = Library(
        folder=folder,
        entries=tuple(sorted(threads, key=lambda e: (-e.when, e.path))),
        profiles=tuple(item for item in items if isinstance(item, StoredProfile)),
        documents=tuple(item for item in items if isinstance(item, Document)),
        media=_shown_media(items, media),
        known=known,
    )
    for entry in threads:
        for identity in entry.post_ids:
            other = library.of_post.setdefault((entry.network, identity), entry)
            if other is not entry:
                raise content.two_files(identity, folder / entry.source, folder / other.source)
    return library


def _shown_media(items: list[Item], media: dict[str, Signature]) -> dict[str, Signature]:
    """Return the media without those that only hidden posts name."""
    hidden = {path for i in items if isinstance(i, Entry | Hidden) for path in i.hidden_media}
    shown = {path for i in items if isinstance(i, Entry) for path in i.media_paths}
    shown |= {i.profile.avatar or "" for i in items if isinstance(i, StoredProfile)}
    return {path: seen for path, seen in media.items() if path not in hidden - shown}


def _listed(folder: Path, at: str) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder / at) as found:
            yield from sorted(found, key=lambda item: item.name)
    except FileNotFoundError:
        return
    except OSError as error:
        raise ContentError(
            f"cannot be read: {error.strerror}",
            path=folder / at,
            hint="check its permissions.",
        ) from error
