"""The posts of topics, among those that matched where their threads were read."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from heapq import nlargest
from itertools import combinations
from math import sqrt
from typing import NamedTuple

from sitegen.query.folding import fold
from sitegen.selection.topics import matches_at
from sitegen.site import urls
from sitegen.site.plan.listings import Listed
from sitegen.site.views.links import Link
from sitegen.site.views.summary import PlacedThread
from sitegen.threads.kinds import LISTING_NAMES
from sitegen.topics.site_topics import Topics
from sitegen.topics.topic import Topic

MAX_RELATED = 6
MIN_SIMILARITY = 0.05


class MatchedPost(NamedTuple):
    """A post about a topic: its thread, position there, kind as listings name it, and day."""

    thread: PlacedThread
    position: int
    kind: str
    day: str | None


class TopicPosts:
    """The topics that are shown, each with its posts."""

    def __init__(self, topics: Topics, entries: Sequence[PlacedThread], min_posts: int) -> None:
        self.topics = topics
        self.entries = entries
        self.min_posts = min_posts

    @cached_property
    def total(self) -> int:
        """The number of all posts of the site."""
        return sum([entry.count for entry in self.entries])

    @cached_property
    def matched(self) -> Mapping[str, list[MatchedPost]]:
        """The posts of every topic that has any, by the topic's name in addresses."""
        found: dict[str, list[MatchedPost]] = defaultdict(list)
        for entry in self.entries if self.topics else ():
            for match in entry.topics:
                kind = LISTING_NAMES[match.kind or entry.kind]
                day = entry.day if match.day is None else match.day
                found[match.slug].append(MatchedPost(entry, match.position, kind, day))
        return found

    @cached_property
    def shown(self) -> tuple[Topic, ...]:
        """The topics of enough posts, by name."""
        least, matched = self.min_posts, self.matched
        return tuple([t for t in self.topics.topics if len(matched.get(t.slug, ())) >= least])

    @cached_property
    def slugs(self) -> frozenset[str]:
        """The names of these topics in addresses."""
        return frozenset([each.slug for each in self.shown])

    @property
    def largest(self) -> str:
        """The name in its address of the topic of most posts, "" without topics."""
        found = max(self.shown, key=lambda topic: len(self.matched[topic.slug]), default=None)
        return found.slug if found else ""

    @property
    def too_few(self) -> int:
        """The number of recorded topics that are not of enough posts."""
        return len(self.topics.topics) - len(self.shown)

    def lines(self, posts: Iterable[Listed]) -> Mapping[str, tuple[Listed, ...]]:
        """Return the lines of the listing of each topic, in the order of these posts.

        A thread has one line for all of its posts but the replies within it.
        """
        lines: dict[str, list[Listed]] = defaultdict(list)
        for post in posts:
            for slug in self._topics_of_line(post):
                lines[slug].append(post)
        return {slug: tuple(listed) for slug, listed in lines.items() if slug in self.slugs}

    @staticmethod
    def _topics_of_line(post: Listed) -> Iterable[str]:
        if not post.thread.topics:
            return ()
        if post.position:
            return [match.slug for match in matches_at(post.thread.topics, post.position)]
        replies = {reply.position for reply in post.thread.replies}
        return dict.fromkeys([m.slug for m in post.thread.topics if m.position not in replies])

    def liked(self, slug: str, least: int) -> list[PlacedThread]:
        """Return the threads whose most liked post, of `least` likes or more, is of a topic."""
        threads = {
            post.thread.source: post.thread
            for post in self.matched[slug]
            if post.position == post.thread.liked
            and post.thread.likes >= least
            and post.thread.kind != "repost"
        }
        return [*threads.values()]

    def related(self, topic: Topic) -> tuple[Link, ...]:
        """Return links to the topics of the same threads, the closest first."""
        near = nlargest(MAX_RELATED, self._similar.get(topic.slug, ()))
        return tuple([Link(self._names[slug], urls.topic(slug)) for _, _, slug in near])

    @cached_property
    def _names(self) -> Mapping[str, str]:
        """The names of the shown topics, by those in addresses."""
        return {each.slug: each.name for each in self.shown}

    @cached_property
    def _similar(self) -> Mapping[str, list[tuple[float, int, str]]]:
        """Similarity, number of threads and name of the topics that are near each topic."""
        sizes: Counter[str] = Counter()
        common: Counter[tuple[str, str]] = Counter()
        for entry in self.entries:
            if entry.topics:
                own = sorted({match.slug for match in entry.topics if match.slug in self.slugs})
                sizes.update(own)
                common.update(combinations(own, 2))
        similar: dict[str, list[tuple[float, int, str]]] = defaultdict(list)
        for (one, other), count in common.items():
            value = count / sqrt(sizes[one] * sizes[other])
            if value >= MIN_SIMILARITY:
                similar[one].append((value, count, other))
                similar[other].append((value, count, one))
        return similar

    def of_tags(self, tags: Iterable[str]) -> Mapping[str, Topic]:
        """Return the topics that tags are joined with, by these normalised tags."""
        by_tag = {tag: each for each in self.shown for tag in each.tags}
        joined = ((key, by_tag.get(fold(key))) for key in tags if by_tag)
        return {key: topic for key, topic in joined if topic}
