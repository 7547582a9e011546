"""The handles of accounts over time; some sources know nothing else of an author.

An account's handle and name are recorded with the state of the source. So a post that is known by
a handle alone gets the same author, whatever the order of imports.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from sitegen.content.imported.stamps import UNKNOWN, Stamp
from sitegen.model import Author, Profile

Key = tuple[str, str]


class HandleRecord(Struct, frozen=True, omit_defaults=True):
    """A handle of an account, and its name in the newest source that has this handle."""

    handle: str
    name: str | None = None
    at: Stamp = UNKNOWN


def handle_records(profile: Profile, at: Stamp = UNKNOWN) -> tuple[HandleRecord, ...]:
    """Return the record of a profile's handle, if the source knows more than that handle."""
    if not profile.handle or profile.handle == profile.id:
        return ()
    return (HandleRecord(profile.handle, profile.name, at),)


def newest(records: Iterable[HandleRecord]) -> tuple[HandleRecord, ...]:
    """Return one record per handle, from the best and newest source, sorted."""
    by_handle: dict[str, HandleRecord] = {}
    for each in records:
        key = each.handle.casefold()
        by_handle[key] = max(by_handle.get(key, each), each, key=_rank)
    return tuple([by_handle[key] for key in sorted(by_handle)])


def has_handle(known: Iterable[HandleRecord], handle: str) -> bool:
    """Return whether an account is known to have had a handle."""
    return any(each.handle.casefold() == handle.casefold() for each in known)


def owners(accounts: Mapping[Key, tuple[HandleRecord, ...]]) -> dict[Key, Author]:
    """Return accounts by network and casefolded handle.

    A handle that several accounts had, or that is the id of another account, is left out.
    """
    ids = {(network, identity.casefold()) for network, identity in accounts}
    found: dict[Key, list[Author]] = {}
    for key, author in _by_handle(accounts):
        found.setdefault(key, []).append(author)
    return {key: of[0] for key, of in found.items() if len(of) == 1 and key not in ids}


def accounts_by_id(accounts: Mapping[Key, tuple[HandleRecord, ...]]) -> dict[Key, Author]:
    """Return accounts by network and id, with their newest handle and name."""
    found: dict[Key, Author] = {}
    for (network, identity), records in accounts.items():
        last = max(records, key=_rank)
        name = last.name or _best_name(records)
        found[network, identity] = Author(last.handle, identity, name)
    return found


def lacks_handle(author: Author) -> bool:
    """Return whether an author's account is known by its id, but not its handle."""
    return bool(author.id) and not author.handle


def complete(author: Author, account: Author | None) -> Author:
    """Complete an author without a handle with what is known of the account."""
    if account is None:
        return author
    return Author(account.handle, author.id, author.name or account.name)


def _best_name(records: Iterable[HandleRecord]) -> str | None:
    return max(records, key=lambda each: (each.name is not None, _rank(each))).name


def _by_handle(accounts: Mapping[Key, tuple[HandleRecord, ...]]) -> Iterator[tuple[Key, Author]]:
    for (network, identity), found in accounts.items():
        name = _best_name(found)
        for each in found:
            author = Author(each.handle, identity, each.name or name)
            yield (network, each.handle.casefold()), author


def _rank(each: HandleRecord) -> tuple[bool, str, str, bool, str, str]:
    at = each.at
    return at.is_whole, at.as_of, at.kind, each.name is not None, each.name or "", each.handle
