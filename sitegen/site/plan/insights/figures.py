"""An archive in figures: sentences whose numbers lead to the pages that they are about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial
from operator import attrgetter

from sitegen.content.format.draft import shorten
from sitegen.site import urls
from sitegen.site.plan.insights.material import Material
from sitegen.site.plan.insights.scales import percent
from sitegen.site.plan.insights.sentences import sentence
from sitegen.site.views.insights.values import Sentence
from sitegen.site.views.links import MAX_NAME, Link
from sitegen.threads.kinds import LISTING_NAMES

MIN_LENGTH = 3  # posts of a thread that is worth naming as the longest


def figures(material: Material) -> Iterator[Sentence]:
    """Yield the sentences that the posts have something to say for."""
    yield _counted(material)
    yield from _replies(material)
    yield from _busiest(material)
    yield from _received(material)
    yield from _longest(material)
    yield from _sites(material)
    yield from _tags(material)


def notes(material: Material, others: int) -> Iterator[Sentence]:
    """Yield sentences that say what is counted; `others` is the number of posts that are not."""
    say = partial(sentence, material.language)
    yield say("insights.note_threads")
    if others:
        yield say("insights.note_others", others)
    undated = sum([not post.day for post in material.posts])
    if undated:
        yield say("insights.note_undated", undated)


def _counted(material: Material) -> Sentence:
    """Return how many posts are counted, and from when they are."""
    say = partial(sentence, material.language)
    posts = material.language.text("count.posts", len(material.posts))
    months = material.by_month
    if not months:
        return say("insights.counted_undated", posts=posts)
    first, last = _month(min(months), material), _month(max(months), material)
    if first == last:
        return say("insights.counted_month", posts=posts, month=first)
    return say("insights.counted", posts=posts, first=first, last=last)


def _month(name: str, material: Material) -> Link:
    return Link(material.language.month(name), material.places.month(name))


def _replies(material: Material) -> Iterator[Sentence]:
    """Yield the share of replies, and whom they answer most often."""
    count = sum([post.kind == "reply" for post in material.posts])
    if not count:
        return
    say, text = partial(sentence, material.language), material.language.text
    link = Link(text("count.replies", count), material.places.tabs.get(LISTING_NAMES["reply"], ""))
    part = percent(count, len(material.posts), material.language)
    yield say("insights.says_replies", share=part, replies=link)
    if material.answered:
        (network, handle), number = next(iter(material.answered.items()))
        label = material.account_label(network, handle)
        person = Link(label, material.places.person(network, handle))
        yield say("insights.says_answered", person=person, replies=text("count.replies", number))


def _busiest(material: Material) -> Iterator[Sentence]:
    months = material.by_month
    if len({len(posts) for posts in months.values()}) > 1:
        name = max(sorted(months), key=lambda month: len(months[month]))
        number = len(months[name])
        posts = Link(material.language.text("count.posts", number), material.places.month(name))
        month = material.language.month(name)
        yield sentence(material.language, "insights.says_busiest", month=month, posts=posts)


def _received(material: Material) -> Iterator[Sentence]:
    """Yield how many likes there are, and the post that has most of them."""
    text = material.language.text
    likes_of = attrgetter("received.likes")
    whole = sum(map(likes_of, material.gains))
    if whole:
        thread, received = max(material.gains, key=likes_of)
        path = material.places.post(thread, received.position)
        most = Link(text("count.likes", received.likes), path)
        likes = text("count.likes", whole)
        yield sentence(material.language, "insights.says_received", likes=likes, most=most)


def _longest(material: Material) -> Iterator[Sentence]:
    threads = [thread for thread in material.threads if thread.kind == "thread"]
    longest = max(threads, key=lambda thread: thread.length, default=None)
    if longest and longest.length >= MIN_LENGTH:
        path = material.places.post(longest, 0)
        posts = Link(material.language.text("count.posts", longest.length), path)
        yield sentence(material.language, "insights.says_longest", posts=posts)


def _sites(material: Material) -> Iterator[Sentence]:
    hosts = material.hosts
    if len(hosts) > 1:
        name = next(iter(hosts))
        sites = material.language.text("insights.sites_count", len(hosts))
        listed = Link(sites, urls.HOSTS if material.places.host(name) else "")
        most = Link(shorten(name, MAX_NAME), material.places.host(name))
        yield sentence(material.language, "insights.says_linked", sites=listed, site=most)


def _tags(material: Material) -> Iterator[Sentence]:
    spellings = Counter(material.tags)
    names: dict[str, str] = {}
    tags: Counter[str] = Counter()
    for name, count in spellings.items():
        key = urls.tag_key(name)
        names.setdefault(key, name)
        tags[key] += count
    if len(tags) > 1:
        name = names[min(tags, key=lambda key: (-tags[key], key))]
        path = material.places.tag(name)
        listed = Link(
            material.language.text("insights.tags_count", len(tags)), urls.TAGS if path else ""
        )
        most = Link(f"#{shorten(name, MAX_NAME)}", path)
        yield sentence(material.language, "insights.says_tagged", tags=listed, tag=most)
