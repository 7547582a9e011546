"""`[[collection]]`: which posts of a thread the listings of a site have.

This is found where a thread is read. What a query says of accounts is decided later, when the names
of all accounts are known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from sitegen.config import queries
from sitegen.config.schema import Collection
from sitegen.digests import hash_bytes
from sitegen.query.accounts import Parties

if TYPE_CHECKING:  # most sites have no collections
    from sitegen.query.facts import PostFacts
    from sitegen.query.matching import Matcher


class CollectionMatch(Struct, frozen=True, array_like=True):
    """That a collection, by its `slug`, has the post at a position of a thread, from 0.

    If its query names accounts, it has the post only if `parties` are those.
    """

    slug: str
    position: int
    parties: Parties | None = None


class CollectionQueries:
    """The queries of the collections of a site."""

    def __init__(self, collections: tuple[Collection, ...]) -> None:
        self.collections = collections

    @cached_property
    def matchers(self) -> dict[str, Matcher]:
        """The compiled queries, by the slugs of the collections."""
        return {each.slug: queries.compile_collection(each.query) for each in self.collections}

    @property
    def fingerprint(self) -> bytes:
        """A digest of what decides which posts match."""
        known = [(each.slug, each.query) for each in self.collections]
        return hash_bytes(repr(known).encode("utf-8", "surrogatepass")) if known else b""

    def matches(self, posts: Iterable[PostFacts]) -> tuple[CollectionMatch, ...]:
        """Return the matches of the posts of a thread."""
        return tuple(self._matches(posts)) if self.collections else ()

    def _matches(self, posts: Iterable[PostFacts]) -> Iterator[CollectionMatch]:
        for post in posts:
            for slug, matcher in self.matchers.items():
                if matcher.matches_locally(post):
                    parties = post.parties if matcher.accounts else None
                    yield CollectionMatch(slug, post.position, parties)


NO_COLLECTIONS = CollectionQueries(())
