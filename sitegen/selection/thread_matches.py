"""The collections and the topics that the posts of a thread are in, found where it is read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from sitegen.query.facts import PostFacts
from sitegen.selection.collections import NO_COLLECTIONS, CollectionMatch, CollectionQueries
from sitegen.selection.topics import NO_MATCHER, TopicMatch, TopicMatcher


class Matches(TypedDict, total=False):
    """The posts of a thread that collections may have, and those about topics, by position."""

    matches: tuple[CollectionMatch, ...]
    topics: tuple[TopicMatch, ...]


class ThreadMatcher:
    """Finds the collections and the topics of posts."""

    def __init__(
        self, collections: CollectionQueries = NO_COLLECTIONS, topics: TopicMatcher = NO_MATCHER
    ) -> None:
        self.collections = collections
        self.topics = topics

    def matches(self, posts: Sequence[PostFacts]) -> Matches:
        """Return the matches of the posts of a thread."""
        if not (self.collections.collections or self.topics.listed):
            return {}
        return {
            "matches": self.collections.matches(posts),
            "topics": self.topics.matches(posts),
        }


NO_MATCHES = ThreadMatcher()
