"""The pages of topics: one for each, the list of all, and redirects from former names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from heapq import nlargest
from itertools import accumulate

from msgspec.structs import replace

from sitegen.site import urls
from sitegen.site.plan import listings
from sitegen.site.plan.indexes import Indexes
from sitegen.site.plan.insights.scales import share
from sitegen.site.plan.listings import Listed
from sitegen.site.plan.page_types.kinds import HIGHLIGHTS, MIN_LIKES, liked_refs
from sitegen.site.plan.page_types.topics.word_map import word_map
from sitegen.site.plan.pagination import paginate
from sitegen.site.plan.topics.posts import TopicPosts
from sitegen.site.views import contexts
from sitegen.site.views.contexts import Page
from sitegen.site.views.links import Link
from sitegen.site.views.page_refs import EntryRefs
from sitegen.site.views.topics.contexts import TopicContext, TopicsContext
from sitegen.site.views.topics.values import (
    HeldBack,
    KindPart,
    TopicGroup,
    TopicView,
    YearBar,
)
from sitegen.threads.kinds import LISTING_NAMES
from sitegen.topics.topic import Topic, key

MAX_YEARS = 60  # of the bars of a topic


def topics(indexes: Indexes) -> Iterator[Page]:
    """Generate each topic's pages, redirects from its former names, and the list of topics."""
    posts = indexes.topic_posts
    if not posts.shown:
        return
    lines = posts.lines(indexes.posts)
    views = [_view(posts, topic) for topic in posts.shown]
    for topic, view in zip(posts.shown, views, strict=True):
        yield from _topic(indexes, topic, view, lines.get(topic.slug, ()))
    yield from _former_names(indexes, posts)
    title = indexes.language.text("menu.topics")
    context = TopicsContext(_groups(posts, views), len(views), _held_back(indexes, posts))
    yield Page(indexes.topics_path, "topics.html", context, "the list of topics", title)


def _view(posts: TopicPosts, topic: Topic) -> TopicView:
    matched = posts.matched[topic.slug]
    years = [post.day[:4] for post in matched if post.day]
    return TopicView(
        name=topic.name,
        path=urls.topic(topic.slug),
        count=len(matched),
        share=share(len(matched), posts.total),
        first=min(years, default=""),
        last=max(years, default=""),
    )


def _topic(
    indexes: Indexes, topic: Topic, view: TopicView, lines: tuple[Listed, ...]
) -> Iterator[Page]:
    """Generate the pages of a topic; only the first has numbers, so the others never change."""
    later = TopicView(view.name, view.path)
    size, language = indexes.build.page_size, indexes.language
    units = listings.line_units(lines)
    for page in paginate(view.path, view.name, lines, size, language, units):
        entries = listings.refs(page.items, indexes.thumbnails)
        context = TopicContext(later, entries, page.pager, indexes.topics_path)
        if page.is_newest:
            context = replace(
                context,
                topic=view,
                years=_years(indexes, topic),
                kinds=_kinds(indexes.topic_posts, topic),
                liked=_liked(indexes.topic_posts, topic),
                related=indexes.topic_posts.related(topic),
            )
        yield Page(page.path, "topic.html", context, f"the topic {view.name!r}", page.title)


def _liked(posts: TopicPosts, topic: Topic) -> EntryRefs:
    """Return the most liked posts of a topic that has many more."""
    if len(posts.matched[topic.slug]) <= 2 * HIGHLIGHTS:
        return EntryRefs(())
    threads = posts.liked(topic.slug, MIN_LIKES)
    return liked_refs(nlargest(HIGHLIGHTS, threads, key=lambda t: (t.likes, t.when, t.path)))


def _years(indexes: Indexes, topic: Topic) -> tuple[YearBar, ...]:
    """Return the years from the first to the last post of a topic; none for a single year."""
    counts = Counter(
        [int(post.day[:4]) for post in indexes.topic_posts.matched[topic.slug] if post.day]
    )
    if len(counts) < 2:
        return ()
    first, last = max(min(counts), max(counts) - MAX_YEARS + 1), max(counts)
    has_page = {month[:4] for month in indexes.by_month} if indexes.build.date_pages else ()
    most = max(counts.values())
    return tuple(
        [
            YearBar(
                year=f"{year:04}",
                path=urls.year(f"{year:04}") if f"{year:04}" in has_page else "",
                count=counts[year],
                at=year - first,
                height=-(-100 * counts[year] // most),
            )
            for year in range(first, last + 1)
        ]
    )


def _kinds(posts: TopicPosts, topic: Topic) -> tuple[KindPart, ...]:
    """Return the posts of a topic by their kinds, as the parts of one bar."""
    matched = posts.matched[topic.slug]
    counts = Counter([post.kind for post in matched])
    listed = [(kind, counts[kind]) for kind in LISTING_NAMES.values() if counts[kind]]
    ends = [round(100 * end / len(matched), 1) for end in accumulate(n for _, n in listed)]
    starts = [0.0, *ends]
    return tuple(
        [
            KindPart(kind, count, start, round(end - start, 1))
            for (kind, count), start, end in zip(listed, starts, ends, strict=False)
        ]
    )


def _former_names(indexes: Indexes, posts: TopicPosts) -> Iterator[Page]:
    """Generate redirects from the former names of shown topics, and of those that are gone."""
    targets = {each.slug: Link(each.name, urls.topic(each.slug)) for each in posts.shown}
    targets[""] = Link(indexes.language.text("menu.topics"), indexes.topics_path)
    for old, slug in indexes.topics.forwards:
        if slug not in targets:
            continue
        target = targets[slug]
        context = contexts.RedirectContext(target, "topic")
        claim = f"the former topic {old!r}"
        yield Page(urls.topic(old), "moved.html", context, claim, target.title, indexed=False)


def _groups(posts: TopicPosts, views: list[TopicView]) -> tuple[TopicGroup, ...]:
    """Return the groups, those with most posts first, and those that are in none at the end."""
    counts = {topic.slug: view.count for topic, view in zip(posts.shown, views, strict=True)}
    names = posts.topics.group_names(counts)
    members: dict[str, list[TopicView]] = {}
    for topic, view in zip(posts.shown, views, strict=True):
        members.setdefault(names[topic.group], []).append(view)
    most = max([view.count for view in views])
    groups = []
    for name, own in members.items():
        own.sort(key=lambda view: (-view.count, key(view.name), view.path))
        words, width, height = word_map(own, most)
        groups.append(TopicGroup(name, tuple(own), words, width, height))
    groups.sort(key=lambda g: (not g.name, -sum([view.count for view in g.topics]), g.name))
    return tuple(groups)


def _held_back(indexes: Indexes, posts: TopicPosts) -> HeldBack:
    found = indexes.topics
    few, least = found.too_few + posts.too_few, indexes.config.topics.min_posts
    return HeldBack(few, found.people, found.hidden, least)
