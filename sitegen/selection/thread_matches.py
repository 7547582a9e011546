"""The collections and the topics that the posts of a thread are in, found where it is read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from sitegen.content.format.stored import Heading, StoredPost
from sitegen.selection.collections import NO_COLLECTIONS, CollectionMatch, CollectionQueries
from sitegen.selection.topics import NO_MATCHER, TopicMatcher


class Matches(TypedDict, total=False):
    """The posts of a thread that collections may have, and those about topics, by position."""

    matches: tuple[CollectionMatch, ...]
    topics: tuple[tuple[int, str], ...]


class ThreadMatcher:
    """Finds the collections and the topics of posts."""

    def __init__(
        self, collections: CollectionQueries = NO_COLLECTIONS, topics: TopicMatcher = NO_MATCHER
    ) -> None:
        self.collections = collections
        self.topics = topics

    def matches(
        self, posts: Sequence[StoredPost], hidden: Sequence[StoredPost], own: Heading
    ) -> Matches:
        """Return the matches of a thread with this heading, whose posts are in reading order."""
        if not (self.collections.collections or self.topics.listed):
            return {}
        from sitegen.query.facts import ThreadFacts

        members, others = ([each.post for each in listed] for listed in (posts, hidden))
        thread = ThreadFacts(
            members, self.collections.clock, others,
            date=own.date, tags=own.tags, topics_of=self.topics.names_of,
        )  # fmt: skip
        facts = [*thread]
        return {
            "matches": self.collections.matches(facts),
            "topics": self.topics.matches(facts),
        }


NO_MATCHES = ThreadMatcher()
