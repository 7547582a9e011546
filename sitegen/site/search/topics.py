"""The topics of the search: what each is called, and which posts of each segment are about it.

Only topics that the site shows are in these files, under no name of one that it does not show.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec import json

from sitegen.selection.topics import matches_at
from sitegen.site import url_encoding, urls
from sitegen.site.search import addresses, numbers
from sitegen.site.search.numbers import SEPARATOR
from sitegen.site.search.order import PlacedPost
from sitegen.site.search.records import TopicsRecord
from sitegen.topics.topic import Topic

MAX_CHARACTERS = 48_000  # of the lists in a file of a segment, unless one list alone is longer


class SearchedTopic(NamedTuple):
    """A shown topic: its name in addresses, its name, and the folded names that mean it."""

    slug: str
    name: str
    names: tuple[str, ...]


class TopicLists(NamedTuple):
    """The shown topics, those of most posts first, and for each segment their lists of posts.

    A list is text, "" for none.
    """

    topics: tuple[SearchedTopic, ...] = ()
    segments: tuple[tuple[str, ...], ...] = ()

    def sizes(self) -> Iterator[int]:
        """Yield how many topics each file of a segment has, the same for all segments."""
        count = characters = 0
        for longest in (max(map(len, lists)) for lists in zip(*self.segments, strict=True)):
            if count and characters + longest > MAX_CHARACTERS:
                yield count
                count = characters = 0
            count += 1
            characters += longest
        yield count


def searched_topics(shown: Sequence[Topic], known: Iterable[Topic]) -> tuple[SearchedTopic, ...]:
    """Return the shown topics, of all that are known."""
    slugs = {each.slug for each in shown}
    others = {name for each in known if each.slug not in slugs for name in each.names}
    listed = [(each.slug, each.name, tuple(sorted(each.names - others))) for each in shown]
    return tuple([SearchedTopic(*each) for each in listed])


def topic_lists(
    topics: Sequence[SearchedTopic], segments: Iterable[Iterable[PlacedPost]]
) -> TopicLists:
    """Return the lists of the posts of topics in segments; none without topics."""
    if not topics:
        return TopicLists()
    slugs = [each.slug for each in topics]
    found = [_posts_by_topic(posts, slugs) for posts in segments]
    sizes = {slug: sum([len(own[slug]) for own in found]) for slug in slugs}
    ordered = tuple(sorted(topics, key=lambda each: -sizes[each.slug]))
    lists = [tuple([_encode(own[each.slug]) for each in ordered]) for own in found]
    return TopicLists(ordered, tuple(lists))


def _posts_by_topic(posts: Iterable[PlacedPost], slugs: Iterable[str]) -> Mapping[str, list[int]]:
    """Return the numbers of the posts of each topic within a segment."""
    found: dict[str, list[int]] = {slug: [] for slug in slugs}
    for number, post in enumerate(posts):
        if matched := post.thread.topics:
            for match in matches_at(matched, post.position):
                if match.slug in found:
                    found[match.slug].append(number)
    return found


def _encode(posts: Sequence[int]) -> str:
    return numbers.encode_ascending(posts) if posts else ""


def topic_files(lists: TopicLists) -> tuple[dict[str, bytes], TopicsRecord]:
    """Return the files of topics, none without topics, and what the directory says of them."""
    if not lists.topics:
        return {}, TopicsRecord()
    table = [
        (each.name, url_encoding.iri(urls.topic(each.slug)), each.names) for each in lists.topics
    ]
    sizes = [*lists.sizes()]
    files = addresses.file(addresses.TOPICS, json.encode((table, sizes)))
    for segment, listed in enumerate(lists.segments):
        start = 0
        for number, size in enumerate(sizes):
            data = json.encode(SEPARATOR.join(listed[start : start + size]))
            files |= addresses.file(addresses.segment_topics(segment, number), data)
            start += size
    digest = addresses.digest_of(files)
    return files, TopicsRecord(len(lists.segments), len(sizes), digest)
