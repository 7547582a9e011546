"""Find the posts of collections among those that matched where their threads were read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, cached_property

from sitegen.config import queries
from sitegen.config.schema import Collection
from sitegen.query.accounts import AccountNames, Statement
from sitegen.selection.collections import CollectionMatch
from sitegen.site.plan.indexes import Indexes
from sitegen.site.plan.listings import Listed
from sitegen.site.views.summary import PlacedThread


class CollectionPosts:
    """The posts of collections, in the order of listings."""

    def __init__(self, indexes: Indexes) -> None:
        self.indexes = indexes
        self._compile = cache(queries.compile_collection)

    def posts_of(self, collection: Collection) -> Iterator[Listed]:
        """Yield the posts that have a line in the listing of a collection, the newest first.

        A thread has one line for all of its posts but the replies within it.
        """
        for post in self.indexes.posts:
            if not post.thread.matches:
                continue
            positions = {*self._positions(collection, post.thread)}
            if not post.position:
                positions -= {reply.position for reply in post.thread.replies}
            if post.position in positions or (positions and not post.position):
                yield post

    def _positions(self, collection: Collection, thread: PlacedThread) -> Iterator[int]:
        """Yield the positions of a thread's posts that a collection has."""
        for match in thread.matches:
            if match.slug == collection.slug and self._is_between(collection, match):
                yield match.position

    def _is_between(self, collection: Collection, match: CollectionMatch) -> bool:
        """Return whether a post is from and to the accounts that the query names."""
        if match.parties is None:
            return True
        parties = match.parties.without_hidden(self.indexes.library.hidden)
        return self._compile(collection.query).is_between(parties, self._names)

    @cached_property
    def _names(self) -> AccountNames:
        """The names of the accounts that wrote what is shown, and of those with a profile."""
        wrote = [Statement(e.network, author) for e in self.indexes.entries for author in e.authors]
        profiles = [stored.profile for stored in self.indexes.library.profiles]
        known = [Statement(profile.network, profile.author) for profile in profiles]
        return AccountNames([*wrote, *known], queries.people(self.indexes.config))
