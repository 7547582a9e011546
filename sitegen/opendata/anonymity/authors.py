"""Count how many people wrote some posts: a topic that few of them write about is theirs."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from sitegen.config import queries
from sitegen.config.schema import Config
from sitegen.model import Author, Post
from sitegen.opendata.anonymity.pseudonyms import Pseudonyms
from sitegen.query.accounts import AccountKey, AccountNames, Statement
from sitegen.query.folding import fold


class Authors:
    """Tells people apart: the accounts of one of `[[people]]` are one, and so are those of a name.

    A post whose author is not known is by nobody.
    """

    def __init__(
        self, config: Config, statements: Iterable[Statement], pseudonyms: Pseudonyms
    ) -> None:
        self._names = AccountNames(statements, queries.people(config))
        self._people = tuple([person.name for person in config.people])
        self._pseudonyms = pseudonyms
        self._author_of = cache(self._find)

    def count(self, posts: Iterable[Post]) -> int:
        """Return how many people wrote some posts, at least: the smaller of accounts and names."""
        found = {self._author_of(post.network, post.author) for post in posts} - {None}
        accounts = {each[0] for each in found if each}
        return min(len(accounts), len({each[1] for each in found if each}))

    def _find(self, network: str, author: Author) -> tuple[AccountKey, str] | None:
        """Return the account or person of an author, and the name; None if it is not known."""
        for person in self._people:
            if self._names.is_meant(person, network, author):
                return ("", "person", person), fold(person)
        account = self._pseudonyms.account_of(network, author)
        return (account, fold(author.name or author.handle or account[2])) if account else None
