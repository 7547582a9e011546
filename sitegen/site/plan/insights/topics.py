"""Charts of topics: their posts over time, and of which kinds these are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from heapq import nsmallest
from typing import NamedTuple

from sitegen.content.format.draft import shorten
from sitegen.languages.language import Language
from sitegen.site import urls
from sitegen.site.plan.insights.material import MIN_ITEMS, Material
from sitegen.site.plan.insights.over_time import MAX_FEW_MONTHS, Counts, Name, Rows, chart_of
from sitegen.site.plan.insights.periods import Periods, periods
from sitegen.site.plan.insights.scales import percent, share
from sitegen.site.plan.listings import Listed
from sitegen.site.views.insights.values import Chart, Column, Row, Table
from sitegen.site.views.links import MAX_NAME
from sitegen.threads.kinds import LISTING_NAMES, Kind
from sitegen.topics.topic import key

MAX_OVER_TIME = 6  # topics
MAX_BY_KIND = 8
MIN_TOPICS = 2
PREFIX = "topic/"  # of the names of topics in tables, where other words are names of columns


class TopicLines(NamedTuple):
    """A topic, and the posts to count that are about it, the newest first."""

    slug: str
    name: str
    posts: Sequence[Listed]

    @property
    def path(self) -> str:
        """The site path of its page."""
        return urls.topic(self.slug)


def over_time(material: Material) -> Chart | None:
    """Return the chart of the most frequent topics by time, if there are several."""
    topics = _most_frequent(map(_dated, _topics(material)), MAX_OVER_TIME)
    dated = _distinct(topics)
    found = periods([_month(post) for post in dated], MAX_FEW_MONTHS)
    if found is None or found.number < 2 or len(dated) < MIN_ITEMS:
        return None
    rows = [
        Counts(each.slug, Name(each.name, path=each.path), _count(each.posts, found))
        for each in topics
    ]
    rows = [row for row in rows if any(row.numbers)]
    if len(rows) < MIN_TOPICS:
        return None
    drawn = Rows(found, rows, _count(dated, found))
    sentences = (_first(material, drawn), material.language.text("insights.several_topics"))
    return chart_of(material, "topics", drawn, sentences, PREFIX)


def _first(material: Material, drawn: Rows) -> str:
    """Return which share of all posts with a date the first topic has, and when it had most."""
    name, numbers = drawn.rows[0].name, drawn.rows[0].numbers
    peak = numbers.index(max(numbers))
    language = material.language
    return language.text(
        "insights.says_topics", topic=language.isolated(name.label),
        share=percent(sum(numbers), sum(map(len, material.by_month.values())), language),
        period=drawn.found.label(peak, language), number=numbers[peak],
    )  # fmt: skip


def kinds(material: Material) -> Chart | None:
    """Return the chart of the kinds of posts about the most frequent topics, if there are several.

    Its first row has all posts, to compare with.
    """
    topics = _most_frequent(_topics(material), MAX_BY_KIND)
    parts = [Part(material.language.text("insights.all"), "all", "", _kinds_of(material.posts))]
    parts += [Part(t.name, PREFIX + t.slug, t.path, _kinds_of(t.posts)) for t in topics]
    shown = [kind for kind in LISTING_NAMES if parts[0].kinds[kind]]
    if len(topics) < MIN_TOPICS or len(shown) < 2 or len(_distinct(topics)) < MIN_ITEMS:
        return None
    text = material.language.text
    return Chart(
        name="topic_kinds",
        title=text("insights.title_topic_kinds"),
        sentences=(
            *_farthest(material, parts),
            text("insights.describe_shares"),
            text("insights.several_topics"),
        ),
        description="",
        table=Table(
            key="topic",
            head=text("menu.topics"),
            columns=(
                Column("all", text("insights.all")),
                *[Column(kind, text(f"kind.{LISTING_NAMES[kind]}")) for kind in shown],
            ),
            rows=tuple([part.row(shown) for part in parts]),
            path=material.places.table("topic_kinds"),
        ),
        shares=tuple([tuple([part.share(kind) for kind in shown]) for part in parts]),
    )


class Part(NamedTuple):
    """A part of the posts, such as those about a topic: how many there are of each kind."""

    label: str
    key: str
    path: str
    kinds: Counter[Kind]

    def share(self, kind: Kind) -> int:
        """Return the share of a kind, in percent."""
        return share(self.kinds[kind], self.kinds.total())

    def percent(self, kind: Kind, language: Language) -> str:
        """Return the share of a kind as sentences say it."""
        return percent(self.kinds[kind], self.kinds.total(), language)

    def row(self, kinds: Sequence[Kind]) -> Row:
        """Return the row of the table."""
        numbers = (self.kinds.total(), *[self.kinds[kind] for kind in kinds])
        return Row(self.key, self.label, self.path, numbers)


def _farthest(material: Material, parts: Sequence[Part]) -> Iterator[str]:
    """Yield which topic has a kind in a share that is farthest from that of all, `parts[0]`."""
    language, whole = material.language, parts[0]
    pairs = [(part, kind) for part in parts[1:] for kind in LISTING_NAMES]
    part, kind = max(pairs, key=lambda pair: abs(pair[0].share(pair[1]) - whole.share(pair[1])))
    if part.share(kind) != whole.share(kind):
        yield language.text(
            "insights.says_topic_kinds", kind=language.text(f"kind.{LISTING_NAMES[kind]}"),
            topic=language.isolated(part.label), share=part.percent(kind, language),
            whole=whole.percent(kind, language),
        )  # fmt: skip


def _topics(material: Material) -> list[TopicLines]:
    """Return the topics that as many of the posts are about as make a topic shown."""
    least = material.topic_posts.min_posts
    return [
        TopicLines(topic.slug, shorten(topic.name, MAX_NAME), posts)
        for topic in material.topic_posts.shown
        if len(posts := material.by_topic.get(topic.slug, ())) >= least
    ]


def _dated(topic: TopicLines) -> TopicLines:
    """Return a topic with its posts that have a date."""
    return topic._replace(posts=[post for post in topic.posts if post.day])


def _most_frequent(topics: Iterable[TopicLines], number: int) -> list[TopicLines]:
    """Return the topics of most posts."""
    return nsmallest(number, topics, key=lambda t: (-len(t.posts), key(t.name), t.slug))


def _distinct(topics: Iterable[TopicLines]) -> list[Listed]:
    """Return the posts about any of these topics, each once."""
    posts = {(post.thread.source, post.position): post for each in topics for post in each.posts}
    return [*posts.values()]


def _kinds_of(posts: Iterable[Listed]) -> Counter[Kind]:
    return Counter([post.kind for post in posts])


def _month(post: Listed) -> str:
    return (post.day or "")[:7]


def _count(posts: Iterable[Listed], found: Periods) -> list[int]:
    """Return the number of posts, which have dates, in each period."""
    numbers = [0] * found.number
    for month, count in Counter(map(_month, posts)).items():
        numbers[found.at(month)] += count
    return numbers
