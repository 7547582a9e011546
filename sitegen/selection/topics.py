"""Which posts of a thread are about which topics. This is found where a thread is read."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from sitegen.threads.kinds import Kind
from sitegen.topics import topic as topics
from sitegen.topics.matching import WordMatcher
from sitegen.topics.site_topics import NO_TOPICS, Topics

if TYPE_CHECKING:  # most of it is loaded only where a site has topics
    from sitegen.query.facts import PostFacts
    from sitegen.query.matching import Matcher


class TopicMatch(NamedTuple):
    """A post that is about a topic: its position in its thread, and the topic's name in addresses.

    `kind` and `day` are None where they are those of the first post; `day` is "" if not known.
    """

    position: int
    slug: str
    kind: Kind | None = None
    day: str | None = None


def matches_at(matches: Sequence[TopicMatch], position: int) -> Sequence[TopicMatch]:
    """Return the matches of the post at a position of a thread, given all, which are in order."""
    start, end = (bisect_left(matches, (at,)) for at in (position, position + 1))
    return matches[start:end]


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

    def matches(self, posts: Iterable[PostFacts]) -> tuple[TopicMatch, ...]:
        """Return the matches of all posts of a thread, the first one first."""
        if not self.listed:
            return ()
        found: list[TopicMatch] = []
        first: PostFacts | None = None
        for post in posts:
            first = first or post
            found += [_match(post, first, self._slugs[at]) for at in self._topics_of(post)]
        return tuple(found)

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


def _match(post: PostFacts, first: PostFacts, slug: str) -> TopicMatch:
    if post is first:
        return TopicMatch(post.position, slug)
    kind, day = post.kind, post.day
    return TopicMatch(
        post.position,
        slug,
        kind=kind if kind != first.kind else None,
        day=day if day != first.day else None,
    )


NO_MATCHER = TopicMatcher()
