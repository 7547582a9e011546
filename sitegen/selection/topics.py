"""Which posts of a thread are about which topics. This is found where a thread is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from sitegen.topics import topic as topics
from sitegen.topics.matching import WordMatcher
from sitegen.topics.site_topics import NO_TOPICS, Topics

if TYPE_CHECKING:  # most of it is loaded only where a site has topics
    from sitegen.query.facts import PostFacts
    from sitegen.query.matching import Matcher


class TopicMatcher:
    """Finds the topics of posts."""

    def __init__(self, listed: Topics = NO_TOPICS) -> None:
        self.listed = listed.topics
        self.fingerprint = listed.fingerprint

    @cached_property
    def _words(self) -> WordMatcher:
        return WordMatcher(self.listed)

    @cached_property
    def _slugs(self) -> tuple[str, ...]:
        return tuple([each.slug for each in self.listed])

    @cached_property
    def _queries(self) -> tuple[tuple[int, Matcher], ...]:
        numbered = [(at, each.query) for at, each in enumerate(self.listed) if each.query]
        if not numbered:
            return ()
        from sitegen.topics.queries import compile_topic

        return tuple([(at, compile_topic(query)) for at, query in numbered])

    @cached_property
    def _names(self) -> tuple[frozenset[str], ...]:
        """The names that mean each topic in queries."""
        return tuple([each.names for each in self.listed])

    def is_known(self, name: str) -> bool:
        """Tell whether a topic has or had this name."""
        return any(topics.key(name) in names for names in self._names)

    def matches(self, posts: Iterable[PostFacts]) -> tuple[tuple[int, str], ...]:
        """Return the matches of the posts of a thread: positions, and addresses of topics."""
        if not self.listed:
            return ()
        return tuple(
            (post.position, self._slugs[number])
            for post in posts
            for number in self._topics_of(post)
        )

    def names_of(self, post: PostFacts) -> frozenset[str]:
        """Return the folded names of the topics of a post, also those that they had."""
        return frozenset[str]().union(*[self._names[number] for number in self._topics_of(post)])

    def _topics_of(self, post: PostFacts) -> list[int]:
        words = self._words
        found = words.with_words(post.own_words)
        if words.has_tags and (tags := post.tags):
            found |= words.with_tags(tags)
        if self._queries:
            found.update(self._queried(post))
        return sorted(found)

    def _queried(self, post: PostFacts) -> Iterator[int]:
        for number, matcher in self._queries:
            if matcher.matches_locally(post):
                yield number


NO_MATCHER = TopicMatcher()
