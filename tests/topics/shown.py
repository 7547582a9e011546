"""The topics that a site shows, as a scan of its posts counts them."""

from __future__ import annotations

from sitegen.config.schema import Config
from sitegen.selection import topic_posts
from sitegen.topics.site_topics import Topics


def shown_topics(config: Config) -> Topics:
    """Return the topics of enough shown posts."""
    counted = topic_posts.count_posts(config)
    least = config.topics.min_posts
    listed = [each for each in counted.topics.topics if counted.posts[each.slug] >= least]
    return Topics(tuple(listed))
