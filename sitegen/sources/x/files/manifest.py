"""Read manifest.js: an archive's owner, its date, and whether it is complete."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from sitegen.errors import SourceError
from sitegen.formats.archives import Members
from sitegen.sources.x.files.javascript import object_of
from sitegen.sources.x.files.times import utc

MAX_COUNT = 1_000_000


class Manifest(Struct, frozen=True):
    """The manifest: the archive's owner, whether it is partial, and each file's record count.

    `generated_at` is when the archive was made, in ISO 8601 and UTC.
    """

    account_id: str | None = None
    username: str | None = None
    display_name: str | None = None
    generated_at: str | None = None
    is_partial: bool = False
    counts: dict[str, int] = {}


def manifest_of(members: Members, folder: str) -> Manifest:
    """Read manifest.js; missing and wrong values become empty."""
    name = f"{folder}/manifest.js" if folder else "manifest.js"
    if name not in members.find("manifest.js"):
        return Manifest()
    try:
        data = object_of(members.read(name))
    except SourceError:
        return Manifest()
    user, archive = _object(data, "userInfo"), _object(data, "archiveInfo")
    return Manifest(
        account_id=_text(user, "accountId"),
        username=_text(user, "userName"),
        display_name=_text(user, "displayName"),
        generated_at=utc(_text(archive, "generationDate")),
        is_partial=archive.get("isPartialArchive") in (True, "true"),
        counts=dict(_counts(data, folder)),
    )


def declared_count(members: Members, name: str, manifest: Manifest) -> int | None:
    """Return a file's number of records by the manifest; None if it is missing or impossible."""
    count = manifest.counts.get(name)
    is_possible = count is not None and count * 2 <= members.size(name) <= 1 << 40
    return count if is_possible and (count or 0) <= MAX_COUNT else None


def _counts(manifest_data: Any, folder: str) -> Iterator[tuple[str, int]]:
    """Yield the files that a manifest lists, by their member names, and their record counts."""
    above = folder.removesuffix("data").removesuffix("/")
    for kind in _object(manifest_data, "dataTypes").values():
        files = kind.get("files") if isinstance(kind, dict) else None
        for file in files if isinstance(files, list) else []:
            name, count = _text(file, "fileName"), _text(file, "count")
            if name and count and re.fullmatch(r"[0-9]{1,12}", count):
                yield (f"{above}/{name}" if above else name), int(count)


def _object(value: Any, key: str) -> dict[str, Any]:
    inner = value.get(key) if isinstance(value, dict) else None
    return inner if isinstance(inner, dict) else {}


def _text(value: Any, key: str) -> str | None:
    text = value.get(key) if isinstance(value, dict) else None
    return str(text) if isinstance(text, str | int) and str(text) else None
