"""Read manifest.js: an archive's owner, its date, and whether it is complete."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from sitegen.errors import SourceError
from sitegen.formats.archives import Members
from sitegen.formats.json_fields import LenientFields
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
        fields = LenientFields(object_of(members.read(name)) or {}, Counter())
    except SourceError:
        return Manifest()
    user, archive = fields.record("userInfo"), fields.record("archiveInfo")
    return Manifest(
        account_id=user.identifier("accountId"),
        username=user.identifier("userName"),
        display_name=user.identifier("displayName"),
        generated_at=utc(archive.identifier("generationDate")),
        is_partial=archive.values.get("isPartialArchive") in (True, "true"),
        counts=dict(_counts(fields, folder)),
    )


def declared_count(members: Members, name: str, manifest: Manifest) -> int | None:
    """Return a file's number of records by the manifest; None if it is missing or impossible."""
    count = manifest.counts.get(name)
    is_possible = count is not None and count * 2 <= members.size(name) <= 1 << 40
    return count if is_possible and (count or 0) <= MAX_COUNT else None


def _counts(fields: LenientFields, folder: str) -> Iterator[tuple[str, int]]:
    """Yield the files that a manifest lists, by their member names, and their record counts."""
    above = folder.removesuffix("data").removesuffix("/")
    kinds = fields.record("dataTypes")
    for kind in kinds.values:
        for file in kinds.record(kind).records("files"):
            name, count = file.identifier("fileName"), file.count("count")
            if name and count is not None:
                yield (f"{above}/{name}" if above else name), count
