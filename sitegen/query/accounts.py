"""Which account a name in a query means: a handle, a former handle, an id, or a person's name.

An account is known by what posts and profiles state of it. Statements with the same id are of one
account, whatever handles they have.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from sitegen.model import Author
from sitegen.query.folding import fold
from sitegen.text.domain_names import readable_labels

AccountKey = tuple[str, str, str]  # a network, what identifies the account, and its value
ID, HANDLE, NAME = "id", "handle", "name"


class Statement(NamedTuple):
    """What a post or a profile states of an account."""

    network: str
    author: Author


class Parties(Struct, frozen=True, array_like=True):
    """The author of a post, and to whom it is: whom it mentions, and whom it answers.

    `answers` is the id of the answered post, "" if its author is not known.
    """

    network: str
    author: Author
    mentioned: tuple[Author, ...] = ()
    answered: Author | None = None
    answers: str = ""

    @property
    def addressees(self) -> tuple[Author, ...]:
        """All whom the post mentions or answers."""
        return self.mentioned if self.answered is None else (*self.mentioned, self.answered)

    def without_hidden(self, hidden: Container[tuple[str, str]]) -> Parties:
        """Return the same without the author of an answered post that is hidden."""
        if self.answered is None or (self.network, self.answers) not in hidden:
            return self
        return replace(self, answered=None, answers="")


class AccountNames:
    """The accounts of an archive by all their names.

    `people` maps the names of persons to those of their accounts, as `[[people]]` lists them.
    """

    def __init__(
        self, statements: Iterable[Statement] = (), people: Mapping[str, Iterable[str]] = {}
    ) -> None:
        self._by_name: dict[str, set[AccountKey]] = defaultdict(set)
        self._handles: dict[AccountKey, set[AccountKey]] = defaultdict(set)
        self._owners: dict[AccountKey, set[AccountKey]] = defaultdict(set)
        self._people: dict[str, list[str]] = defaultdict(list)
        self._meant: dict[str, frozenset[AccountKey]] = {}
        for person, accounts in people.items():
            self._people[normalise(person)] += map(normalise, accounts)
        for network, author in dict.fromkeys(statements):
            self._add(network, author)

    def _add(self, network: str, author: Author) -> None:
        account = key_of(network, author)
        if account is None:
            return
        for name in names_of(network, author):
            self._by_name[name].add(account)
        if author.handle and account[1] == ID:
            handle = (network, HANDLE, normalise(author.handle))
            self._handles[account].add(handle)
            self._owners[handle].add(account)

    @property
    def known(self) -> Iterable[str]:
        """All names of the accounts."""
        return self._by_name.keys()

    def is_meant(self, name: str, network: str, author: Author) -> bool:
        """Return whether a name means the account of an author."""
        wanted = normalise(name)
        own = names_of(network, author)
        if wanted in own or any(account in own for account in self._people.get(wanted, ())):
            return True
        return key_of(network, author) in self.accounts_of(wanted)

    def accounts_of(self, name: str) -> frozenset[AccountKey]:
        """Return the accounts that a name means, also by a handle that was only theirs."""
        wanted = normalise(name)
        if wanted not in self._meant:
            named = (wanted, *self._people.get(wanted, ()))
            accounts = {account for name in named for account in self._by_name.get(name, ())}
            handles = {h for account in accounts for h in self._handles.get(account, ())}
            own = {handle for handle in handles if len(self._owners[handle]) == 1}
            self._meant[wanted] = frozenset(accounts | own)
        return self._meant[wanted]


def normalise(name: str) -> str:
    """Return the name of an account as it is compared: folded, without a leading "@".

    "xn--bcher-kva.example" is "bücher.example", folded.
    """
    return fold(readable_labels(fold(name).strip().removeprefix("@")))


def names_of(network: str, author: Author) -> frozenset[str]:
    """Return the names by which an author states to be known, also after the network's."""
    known = [normalise(name) for name in (author.id, author.handle) if name]
    shown = [normalise(author.name)] if author.name else []
    return frozenset([*known, *(f"{fold(network)}:{name}" for name in known), *shown])


def key_of(network: str, author: Author) -> AccountKey | None:
    """Return what identifies an author's account; None if nothing is known of it."""
    if author.id:
        return network, ID, author.id
    if author.handle:
        return network, HANDLE, normalise(author.handle)
    return (network, NAME, fold(author.name)) if author.name else None
