"""Stable pseudonyms: HMAC-SHA-256 of what they stand for, with a key that stays behind."""

from __future__ import annotations

import hmac
from collections.abc import Iterable

from sitegen.model import Author
from sitegen.query.accounts import ID, AccountKey, Statement, key_of, normalise

DIGITS = 16  # of 4 bits: two of a million names are the same with a chance of 1 in 10 million
HANDLE = "handle"


class Pseudonyms:
    """Makes pseudonyms; an account has the same one by its id and by its handles."""

    def __init__(self, key: bytes, statements: Iterable[Statement]) -> None:
        statements = tuple(statements)
        self._key = key
        self._owners = find_owners(statements)
        self._handles = frozenset([(n, normalise(a.handle)) for n, a in statements if a.handle])
        self._known: dict[tuple[str, ...], str] = {}

    def of(self, kind: str, *parts: str) -> str:
        """Return the pseudonym of something of a kind, such as "post-0123456789abcdef"."""
        named = (kind, *parts)
        if named not in self._known:
            message = "\0".join(named).encode("utf-8", "surrogatepass")
            digest = hmac.digest(self._key, message, "sha256").hex()
            self._known[named] = f"{kind}-{digest[:DIGITS]}"
        return self._known[named]

    def of_post(self, network: str, identity: str) -> str:
        """Return the pseudonym of a post."""
        return self.of("post", network, identity)

    def of_author(self, network: str, author: Author) -> str | None:
        """Return the pseudonym of an account; None if nothing is known of it."""
        account = self.account_of(network, author)
        return self.of("account", *account) if account else None

    def account_of(self, network: str, author: Author) -> AccountKey | None:
        """Return what identifies an account, by its id and its handles alike."""
        account = key_of(network, author)
        return self._owners.get(account, account) if account else None

    def is_handle(self, network: str, text: str) -> bool:
        """Return whether a text is a handle of the archive."""
        return (network, normalise(text)) in self._handles

    def of_handle(self, network: str, handle: str) -> str:
        """Return the pseudonym of the account with a handle."""
        return self.of_author(network, Author(handle=handle)) or self.of("account", network)


def find_owners(statements: Iterable[Statement]) -> dict[AccountKey, AccountKey]:
    """Return the accounts with an id by their handles, without handles that two of them had."""
    owners: dict[AccountKey, set[AccountKey]] = {}
    for network, author in statements:
        if author.id and author.handle:
            handle = (network, HANDLE, normalise(author.handle))
            owners.setdefault(handle, set()).add((network, ID, author.id))
    return {handle: min(ids) for handle, ids in owners.items() if len(ids) == 1}
