"""The topics of the search: what each is called, and which posts of each segment are about it.

Only topics that the site shows are in these files, under no name of one that it does not show.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from msgspec import json

from sitegen.digests import hash_bytes
from sitegen.site import urls
from sitegen.site.search import addresses, numbers
from sitegen.site.search.numbers import SEPARATOR
from sitegen.site.search.order import PlacedPost
from sitegen.site.search.records import TopicsRecord
from sitegen.site.views.thread_pages import values_in
from sitegen.topics.topic import Topic


class SearchedTopic(NamedTuple):
    """A shown topic: its name in addresses, its name, and the folded names that mean it."""

    slug: str
    name: str
    names: tuple[str, ...]


class TopicLists(NamedTuple):
    """The shown topics, and for each segment the lists of the posts of each of them, as text."""

    topics: tuple[SearchedTopic, ...] = ()
    segments: tuple[tuple[str, ...], ...] = ()


def searched_topics(shown: Sequence[Topic], known: Iterable[Topic]) -> tuple[SearchedTopic, ...]:
    """Return the shown topics, of all that are known."""
    slugs = {each.slug for each in shown}
    others = {name for each in known if each.slug not in slugs for name in each.names}
    return tuple([SearchedTopic(t.slug, t.name, tuple(sorted(t.names - others))) for t in shown])


def segment_lists(posts: Iterable[PlacedPost], topics: Iterable[SearchedTopic]) -> tuple[str, ...]:
    """Return the list of posts of each topic, "" for none, among the posts of a segment."""
    found: dict[str, list[int]] = {each.slug: [] for each in topics}
    for number, post in enumerate(posts):
        if matched := post.thread.topics:
            for slug in values_in(matched, post.position, post.position + 1):
                if slug in found:
                    found[slug].append(number)
    return tuple([numbers.encode_ascending(own) if own else "" for own in found.values()])


def topic_files(lists: TopicLists) -> tuple[dict[str, bytes], TopicsRecord]:
    """Return the files of topics, none without topics, and what the directory says of them."""
    if not lists.topics:
        return {}, TopicsRecord()
    table = [(each.name, urls.iri(urls.topic(each.slug)), each.names) for each in lists.topics]
    files = addresses.file(addresses.TOPICS, json.encode(table))
    for segment, own in enumerate(lists.segments):
        data = json.encode(SEPARATOR.join(own))
        files |= addresses.file(addresses.segment_topics(segment), data)
    return files, TopicsRecord((*map(hash_bytes, files.values()),))
