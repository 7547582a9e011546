"""Who had which handle: accounts change theirs, and some sources know nothing else of an author.

What each source says of an account's handle and name is remembered with its state. So a post that
is known by a handle alone gets the same author whenever that was said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from sitegen.content.imported.stamps import UNKNOWN, Stamp
from sitegen.model import Author, Profile

Key = tuple[str, str]


class Called(Struct, frozen=True, omit_defaults=True):
    """What an account was called by the newest source that knows it by this handle."""

    handle: str
    name: str | None = None
    at: Stamp = UNKNOWN


def called(profile: Profile, at: Stamp = UNKNOWN) -> tuple[Called, ...]:
    """Return what a source says of an account's handle, if it knows more than that."""
    if not profile.handle or profile.handle == profile.id:
        return ()
    return (Called(profile.handle, profile.name, at),)


def newest(found: Iterable[Called]) -> tuple[Called, ...]:
    """Return each handle of an account once, as the best and newest source has it, sorted."""
    by_handle: dict[str, Called] = {}
    for each in found:
        key = each.handle.casefold()
        by_handle[key] = max(by_handle.get(key, each), each, key=_rank)
    return tuple([by_handle[key] for key in sorted(by_handle)])


def has_handle(known: Iterable[Called], handle: str) -> bool:
    """Tell whether an account is known to have had a handle."""
    return any(each.handle.casefold() == handle.casefold() for each in known)


def owners(accounts: Mapping[Key, tuple[Called, ...]]) -> dict[Key, Author]:
    """Return the accounts, which come by network and id, by network and casefolded handle.

    A handle that several accounts had, or that is another's id, tells of none.
    """
    ids = {(network, identity.casefold()) for network, identity in accounts}
    found: dict[Key, list[Author]] = {}
    for key, author in _by_handle(accounts):
        found.setdefault(key, []).append(author)
    return {key: of[0] for key, of in found.items() if len(of) == 1 and key not in ids}


def _by_handle(accounts: Mapping[Key, tuple[Called, ...]]) -> Iterator[tuple[Key, Author]]:
    for (network, identity), found in accounts.items():
        name = max(found, key=lambda each: (each.name is not None, _rank(each))).name
        for each in found:
            author = Author(each.handle, identity, each.name or name)
            yield (network, each.handle.casefold()), author


def _rank(each: Called) -> tuple[bool, str, str, bool, str, str]:
    at = each.at
    return at.is_whole, at.as_of, at.kind, each.name is not None, each.name or "", each.handle
