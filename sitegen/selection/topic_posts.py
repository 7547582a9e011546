"""The shown posts of content/ and their topics: find these anew, or count their posts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from sitegen.config.schema import Config
from sitegen.selection.shown_posts import account_names, shown_posts, shown_threads
from sitegen.selection.topics import TopicMatcher
from sitegen.topics import load
from sitegen.topics.finding.samples import sample
from sitegen.topics.site_topics import Topics
from sitegen.topics.update import Update
from sitegen.topics.update import find_update as find_topics


class TopicCounts(NamedTuple):
    """The topics of a site, the posts of each by its name in addresses, and of all posts."""

    topics: Topics
    posts: Counter[str]
    total: int

    def group_names(self, min_posts: int) -> Mapping[str, str]:
        """Return how groups are called if topics of so many posts are shown, see `Topics`."""
        return self.topics.group_names({s: n for s, n in self.posts.items() if n >= min_posts})


def find_update(config: Config) -> Update:
    """Find the topics of the posts that the site shows; write nothing.

    Raises ContentError, ConfigError.
    """
    samples, authors = [], []
    for post in shown_posts(config):
        root = post.thread.posts[0]
        samples.append(sample(post.post, f"{root.network} {root.id}", tuple(post.tags)))
        authors.append(post.post.author)
    names = account_names(config, authors)
    return find_topics(config.content, samples, names, config.topics.min_posts)


def count_posts(config: Config) -> TopicCounts:
    """Count the shown posts of each topic. Raises ContentError, ConfigError."""
    listed = load.load(config.content)
    matcher = TopicMatcher(listed)
    posts: Counter[str] = Counter()
    total = 0
    for thread in shown_threads(config):
        posts.update([match.slug for match in matcher.matches(thread)])
        total += len(thread.posts)
    return TopicCounts(listed, posts, total)
