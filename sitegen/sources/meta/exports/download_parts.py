"""Group the parts of a download into exports, and separate those of other accounts.

Parts are joined by their account, else by their common name without the part's number. If that
would join two accounts, nothing is joined.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import combinations

from msgspec import Struct

from sitegen.sources.meta.exports.layout import OFFICIAL, Document
from sitegen.sources.meta.exports.profile import Owner

_ARCHIVE = re.compile(r"\.(?:zip|tgz|tar|tar\.(?:gz|bz2|xz))$", re.I)
_PART = re.compile(
    r"(?:^|[\s_.(-]+)(?:part|parte|teil|partie|deel|del)[\s_.-]*(\d{1,3})"
    r"(?:[\s_.-]*(?:of|de|von|sur|van|di)[\s_.-]*\d{1,3})?\)?$",
    re.I,
)
_COPY = re.compile(r"\s*\((\d{1,3})\)$")
_COUNTED = re.compile(r"(?:^|[_-])(\d{1,2})$")
_DATE = re.compile(r"\d{4}-\d\d(?:-\d\d)?$")


class Label(Struct, frozen=True):
    """The name of an archive or folder, parsed: the common name, and the number of the part."""

    base: str
    number: int | None = None
    is_explicit: bool = False

    @classmethod
    def of(cls, name: str, account: str | None = None) -> Label:
        """Parse a name; digits at the end of the account's own name are not a part's number."""
        stem = _ARCHIVE.sub("", name).strip().casefold()
        copy = _COPY.search(stem)
        bare = _COPY.sub("", stem)
        if match := _PART.search(bare):
            return cls(bare[: match.start()].strip(), int(match[1]), is_explicit=True)
        if copy:
            return cls(bare.strip(), int(copy[1]) + 1)
        is_own = account is not None and bare.endswith(account)
        is_name = is_own or _DATE.search(bare) or (bare.isdigit() and not _ARCHIVE.search(name))
        match = None if is_name else _COUNTED.search(bare)
        return cls(bare[: match.start()], int(match[1])) if match else cls(bare)


class Place(Struct, frozen=True):
    """A folder in which an export, or a part of one, begins.

    `key` is the common name of all parts, `owner` its account, by its profile or else by the name
    that Instagram gave it with `date`; `posts` are the names of its files of posts.
    """

    prefix: str
    documents: tuple[Document, ...]
    owners: tuple[tuple[str, Owner], ...]
    key: tuple[str, ...]
    number: int | None
    is_explicit: bool
    account: str | None
    owner: str | None
    date: str | None
    posts: frozenset[str]

    @classmethod
    def of(
        cls,
        prefix: str,
        path: Sequence[str],
        common: int,
        documents: tuple[Document, ...] = (),
        owners: tuple[tuple[str, Owner], ...] = (),
    ) -> Place:
        """Parse the names on the path to a place.

        `path` are these names, the source's first; the first `common` of them are shared.
        """
        account = next((o.username.casefold() for _, o in owners if o.username), None)
        labels = [Label.of(name, account) for name in path]
        numbered = [label for label in labels if label.number is not None]
        explicit = [label for label in numbered if label.is_explicit]
        official = [m for label in labels if (m := OFFICIAL.fullmatch(label.base))]
        return cls(
            prefix,
            documents,
            owners,
            key=tuple([label.base for label in labels[:common]]),
            number=(explicit or numbered)[-1].number if numbered else None,
            is_explicit=bool(explicit),
            account=account,
            owner=account or (official[-1]["account"] if official else None),
            date=official[-1]["date"] if official else None,
            posts=frozenset(
                [d.name[len(prefix) :].lstrip("/") for d in documents if d.kind == "posts"]
            ),
        )


def group_parts(places: Sequence[Place]) -> list[tuple[Place, ...]]:
    """Group places by export; the order of places does not matter."""
    ordered = sorted(places, key=_in_order)
    groups = {place.prefix: [place] for place in ordered}
    for first, next_place in combinations(ordered, 2):
        mine, others = groups[first.prefix], groups[next_place.prefix]
        if mine is not others and _belong_together(first, next_place):
            mine += others
            groups.update((place.prefix, mine) for place in others)
    unique = {id(group): group for group in groups.values()}
    return [part for group in unique.values() for part in _one_account_each(group)]


def _belong_together(place: Place, next_place: Place) -> bool:
    if place.date and next_place.date and place.date != next_place.date:
        return False  # two downloads of one account
    has_one_name = place.key == next_place.key and place.number != next_place.number
    if has_one_name and (place.is_explicit or next_place.is_explicit):
        return True
    has_one_owner = place.owner is not None and place.owner == next_place.owner
    # Two files with one name are two versions of an export, not two parts of one.
    return (has_one_name or has_one_owner) and not place.posts & next_place.posts


def _one_account_each(group: Iterable[Place]) -> list[tuple[Place, ...]]:
    """Split a group with several accounts; places without an account then stay alone."""
    by_owner: dict[str | None, list[Place]] = {}
    for place in sorted(group, key=_in_order):
        by_owner.setdefault(place.owner, []).append(place)
    unnamed = by_owner.pop(None, [])
    if len(by_owner) < 2:
        return [(*next(iter(by_owner.values()), []), *unnamed)]
    return [*(tuple(each) for each in by_owner.values()), *((place,) for place in unnamed)]


def _in_order(place: Place) -> tuple[int, tuple[str, ...], str]:
    return place.number or 0, place.key, place.prefix
