"""Find the exports in a source: one per account, with its parts and profiles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sitegen.errors import SourceError
from sitegen.formats.archives import Members
from sitegen.sources import Source
from sitegen.sources.accounting import Accounting
from sitegen.sources.meta.exports import heads, layout
from sitegen.sources.meta.exports.download_parts import Place, group_parts
from sitegen.sources.meta.exports.escaped_json import decode
from sitegen.sources.meta.exports.export_files import (
    BundledFiles,
    Files,
    JoinedFiles,
    NearbyFiles,
    file_bytes,
)
from sitegen.sources.meta.exports.layout import Document, Kind
from sitegen.sources.meta.exports.profile import (
    UNREADABLE,
    Owner,
    merge,
    owner_of,
    stated_elsewhere,
)
from sitegen.sources.meta.exports.sections import INSTAGRAM
from sitegen.sources.source_files import head_of

_PROFILE = "personal_information"
# Without one of these, a file states nothing about its account's privacy.
_SIGNS = (b"string_map_data", b"label_values", b"rivate")


class Export(Struct, frozen=True):
    """The export of one account: its parts, its files, and its owner on each network."""

    places: tuple[Place, ...]
    files: Files
    owners: Mapping[str, Owner]

    @property
    def documents(self) -> tuple[Document, ...]:
        """Return the JSON files, in an order that does not depend on how they are split."""
        named = [
            (document.name.removeprefix(place.prefix).lstrip("/"), document.name, document)
            for place in self.places
            for document in place.documents
        ]
        return tuple([document for _, _, document in sorted(named, key=lambda each: each[:2])])

    @property
    def part(self) -> int | None:
        """Return the number of the first part that is present; None if names have no numbers."""
        numbers = [place.number for place in self.places]
        return None if None in numbers else min(n for n in numbers if n is not None)

    @property
    def username(self) -> str | None:
        """Return the name that a profile states."""
        return next((owner.username for owner in self.owners.values() if owner.username), None)

    @property
    def named_for(self) -> str | None:
        """Return the account in the name that Instagram gave the export."""
        return next((place.owner for place in self.places if place.owner), None)


def exports(source: Source) -> tuple[Export, ...]:
    """Find the exports in a source, in an order that does not depend on how it is split."""
    if source.members is None:
        return (_export_of_file(source),)
    groups = group_parts([*places(source)])
    names = frozenset(source.members.names())
    count = sum(any(map(_is_relevant, group)) for group in groups)
    all_exports = [_export(group, source.members, names, count == 1) for group in groups]
    if count == 1 and source.path.is_dir() and layout.is_inner_folder(source.path.name):
        all_exports = [_with_surrounding_files(source.path, export) for export in all_exports]
    return tuple(sorted(all_exports, key=lambda e: (e.username or "", e.places[0].prefix)))


def places(source: Source) -> Iterator[Place]:
    """Yield the folders of a source in which an export, or a part of one, begins."""
    members = source.members
    for label in source.parts or ("",):
        start = f"{label}/" if label else ""
        names = [n[len(start) :] for n in members.names() if n.startswith(start)] if members else []
        known = [
            Document(name, _kind(members, name, start))
            for name in names
            if name.lower().endswith(".json")
        ]
        by_root = layout.by_root(known, names)
        for root, documents in by_root.items():
            path = [label or source.path.name, *filter(None, root.split("/"))]
            within = tuple([Document(f"{start}{each.name}", each.kind) for each in documents])
            yield Place.of(
                f"{start}{root}".rstrip("/"),
                path,
                1 if label and len(by_root) == 1 else len(path),
                within,
                tuple(_owners(members, within)),
            )


def first_bytes(members: Members | None, name: str) -> bytes:
    """Return the beginning of a member; empty if unreadable, which the reader reports."""
    try:
        return head_of(members, name, heads.HEAD) if members is not None else b""
    except SourceError:
        return b""


def _is_relevant(place: Place) -> bool:
    return any(document.kind in ("posts", "profile") for document in place.documents)


def _kind(members: Members | None, name: str, start: str) -> Kind:
    """Return the contents of a file; look inside if its name does not show them."""
    kind = layout.kind_of_document(name)
    if kind not in ("other", "unsure"):
        return kind
    head = first_bytes(members, f"{start}{name}")
    shown = heads.kind_of_head(head)
    if shown == "profile" and (kind == "unsure" or layout.is_about_account(name)):
        return "profile"
    if shown != "posts" and _stated_privacy(head):
        return "profile"
    return shown if kind == "unsure" else kind


def _holds_profile(head: bytes) -> bool:
    """Return whether a file with the name of a posts file begins with a profile."""
    return heads.kind_of_head(head) == "profile" or _stated_privacy(head) is not None


def _stated_privacy(head: bytes) -> tuple[str, Owner] | None:
    """Return the privacy that a small file of another kind states for its account."""
    if len(head) == heads.HEAD or not any(sign in head for sign in _SIGNS):
        return None
    try:
        return stated_elsewhere(decode(head, "", Accounting()))
    except SourceError:
        return None


def _export(
    group: tuple[Place, ...], members: Members, names: frozenset[str], is_only: bool
) -> Export:
    prefixes = tuple([place.prefix for place in group])
    owners = _by_network(owner for place in group for owner in place.owners)
    return Export(group, BundledFiles(members, names, prefixes, is_only), owners)


def _export_of_file(source: Source) -> Export:
    """Return the export of a single file, with the files around it on disk."""
    name = source.path.name
    around = NearbyFiles.of(source.path)
    profiles = [*around.profiles()]
    if heads.kind_of_head(source.head) == "profile":
        profiles.append((name, partial(file_bytes, source.path)))
    owners = [owner for profile, read in profiles for owner in _owner(profile, read)]
    place = Place.of("", [around.tops[-1].name], 1, (Document(name, "posts"),), tuple(owners))
    if len(around.tops) == 1 and not place.is_explicit:
        place = replace(place, number=None)  # any folder may end in a number
    return Export((place,), around, _by_network(owners))


def _with_surrounding_files(path: Path, export: Export) -> Export:
    """Add the files around a folder that was taken out of an export."""
    around = NearbyFiles.of(path / _PROFILE)
    nearby = [owner for name, read in around.profiles() for owner in _owner(name, read)]
    owners = _by_network([*export.owners.items(), *nearby])
    return Export(export.places, JoinedFiles((export.files, around)), owners)


def _by_network(pairs: Iterable[tuple[str, Owner]]) -> dict[str, Owner]:
    by_network: dict[str, list[Owner]] = {}
    for network, owner in pairs:
        by_network.setdefault(network, []).append(owner)
    return {network: merge(owners) for network, owners in by_network.items()}


def _owners(members: Members | None, documents: Iterable[Document]) -> Iterator[tuple[str, Owner]]:
    if members is None:
        return
    for document in documents:
        if document.kind == "profile" or (
            document.kind == "posts" and _holds_profile(first_bytes(members, document.name))
        ):
            yield from _owner(document.name, partial(members.read, document.name))


def _owner(name: str, read: Callable[[], bytes]) -> Iterator[tuple[str, Owner]]:
    """Read a profile; for an unreadable one the privacy is unknown."""
    is_profile = name.rpartition("/")[2].casefold().startswith(_PROFILE)
    try:
        value = decode(read(), name, Accounting())
    except SourceError:
        value = None
    stated = owner_of(value) or stated_elsewhere(value)
    if stated:
        yield stated
    elif is_profile:
        yield INSTAGRAM, UNREADABLE
