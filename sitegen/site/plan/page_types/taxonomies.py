"""Taxonomy pages: tags, accounts, people mentioned, sites linked to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from itertools import groupby, islice

from msgspec.structs import replace

from sitegen.content.format.draft import shorten
from sitegen.model import Profile
from sitegen.site import urls
from sitegen.site.plan import listings
from sitegen.site.plan.indexes import Indexes
from sitegen.site.plan.listings import Listed
from sitegen.site.plan.page_types.album import album
from sitegen.site.plan.page_types.directories import numbered, spread
from sitegen.site.plan.page_types.insights import account_insights
from sitegen.site.plan.page_types.kinds import kind_listings
from sitegen.site.plan.page_types.machine_files import feed_pages
from sitegen.site.plan.page_types.redirects import former_listing, former_pages, moved_accounts
from sitegen.site.plan.pagination import entry_refs, page_counts, paginate
from sitegen.site.views import contexts
from sitegen.site.views.contexts import Context, Page
from sitegen.site.views.excerpts import (
    ONE_LISTING,
    bio_excerpt,
    count_bytes,
    profile_excerpt,
)
from sitegen.site.views.links import MAX_NAME, Link, Tag
from sitegen.site.views.listing_values import Host, Pager, Person, Tab
from sitegen.site.views.page_refs import EntryRefs
from sitegen.site.views.summary import PlacedThread
from sitegen.site.views.template_values import ProfileView

PROFILE_MARKUP = 500  # bytes around a bio in the list of accounts


def tags(indexes: Indexes) -> Iterator[Page]:
    """Generate each tag's listing and feeds, and the list of tags."""
    tags, build = [], indexes.build
    joined = indexes.topic_posts.of_tags(indexes.by_tag) if build.topics else {}
    spellings_of = _spellings(lambda entry: entry.tag_names, urls.tag_key)
    for key, listed in sorted(indexes.by_tag.items()):
        name = spellings_of(listed[-1])[key]
        tag = Tag(name, urls.tag(name), len(listed))
        if key in joined:
            topic = Link(joined[key].name, urls.topic(joined[key].slug))
            tags.append(replace(tag, path=topic.path))
            yield from _joined_tag(indexes, tag, topic, listed)
            continue
        tags.append(tag)
        title, claim = f"#{tag.name}", f"the tag {tag.name!r}"
        feed_size = _tag_feed_size(indexes, listed)
        yield from _listing(indexes, "tag.html", partial(contexts.TagContext, tag), tag.path, title,
                            claim, listed, feed_size)  # fmt: skip
    shown = [replace(tag, name=shorten(tag.name, MAX_NAME)) for tag in tags]
    heading = indexes.language.text("menu.tags")
    for page in spread(urls.TAGS, heading, shown, indexes.language) if tags else ():
        context = contexts.TagsContext(page.names, page.directory)
        yield Page(page.path, "tags.html", context, "the list of tags", page.title)


def _tag_feed_size(indexes: Indexes, threads: tuple[PlacedThread, ...]) -> int:
    """Return the number of entries in the feeds of a tag with these threads, 0 for no feeds."""
    build = indexes.build
    has_feeds = build.tag_feeds and len(threads) >= build.tag_feed_threads
    return build.tag_feed_size if has_feeds else 0


def _joined_tag(
    indexes: Indexes, tag: Tag, topic: Link, threads: tuple[PlacedThread, ...]
) -> Iterator[Page]:
    """Generate redirects from the pages of a tag to the topic that it is joined with, and feeds.

    Feed readers do not follow these redirects, so the tag keeps the feeds that it had.
    """
    pages = page_counts(listings.line_units(threads), indexes.build.page_size)
    yield from former_listing(tag.path, len(pages), topic)
    newest = threads[: _tag_feed_size(indexes, threads)]
    if newest:
        title = f"#{tag.name} · {indexes.title}"
        yield from feed_pages(indexes, tag.path, title, newest, ONE_LISTING)


def accounts(indexes: Indexes) -> Iterator[Page]:
    """Generate each account's page, redirects from its former ones, and the list of accounts."""
    homes: dict[str, Link] = {}
    insights = account_insights(indexes)
    for view in indexes.accounts.profiles:
        posts = indexes.by_author.get(view.path, ())
        listed = indexes.chosen(posts)
        name = shorten(view.label, MAX_NAME)
        home = Link(name, view.path)
        kinds = listings.by_kind(posts)
        tabs = indexes.tabs(view.path, kinds)
        claim = f"the profile {name!r}"
        feed_size = indexes.build.feed_size if indexes.build.profile_feeds else 0
        own = insights.get(view.path, "")
        yield from _profile_pages(indexes, view, home, listed, tabs, claim, feed_size, own)
        yield from kind_listings(indexes, home, tabs, kinds)
        yield from album(indexes, home, tabs, posts)
        before = len(indexes.accounts.threads.get(view.path, ()))
        units = listings.line_units(listed)
        now = len(page_counts(units, indexes.build.page_size))
        yield from former_pages(indexes, home, before, now)
        homes[view.path] = home
    yield from moved_accounts(indexes, homes)
    yield from _former_feeds(indexes)
    yield from _profile_list(indexes)


def _profile_list(indexes: Indexes) -> Iterator[Page]:
    """Generate the list of accounts: those with a name, then those that another follows."""
    views = sorted(map(bio_excerpt, indexes.accounts.profiles), key=_follower)  # stable
    first = Link(indexes.language.text("menu.profiles"), urls.PROFILES)
    for page in numbered(first, views, _weigh_profile, indexes.language):
        groups = {name: tuple(group) for name, group in groupby(page.items, key=_follower)}
        named = groups.pop((False, ""), ())
        following = tuple([(handle, group) for (_, handle), group in groups.items()])
        context = contexts.ProfilesContext(named, following, page.numbers)
        yield Page(page.path, "profiles.html", context, "the list of profiles", page.title)


def _follower(view: ProfileView) -> tuple[bool, str]:
    """Return whether only the bio of an account is known, and the handle of who follows it."""
    is_only_bio = _only_bio(view.profile)
    return is_only_bio, (view.profile.followed_by or "") if is_only_bio else ""


def _weigh_profile(view: ProfileView) -> int:
    """Return about the number of bytes of an account in the list of accounts."""
    profile = view.profile
    texts = (view.label, view.path, profile.handle or "", profile.warning or "")
    handles = [account.profile.handle or account.profile.id for account in view.accounts]
    bio = count_bytes(view.handwritten or profile.bio)
    return PROFILE_MARKUP + 3 * bio + sum(map(count_bytes, (*texts, *handles)))


def _profile_pages(
    indexes: Indexes, view: ProfileView, home: Link, posts: tuple[Listed, ...],
    tabs: tuple[Tab, ...], claim: str, feed_size: int, insights: str,
) -> Iterator[Page]:  # fmt: skip
    """Generate an account's page, with the posts of the chosen kinds, and its feeds."""
    newest = tuple(islice(listings.threads_of(posts), feed_size))
    feeds = indexes.feeds(home.path, home.title) if newest else ()
    # On later pages, whose number of threads would change all of them with each new post.
    excerpt = replace(profile_excerpt(view), count=0)
    size, language = indexes.build.page_size, indexes.language
    units = listings.line_units(posts)
    for page in paginate(home.path, home.title, posts, size, language, units):
        context = contexts.ProfileContext(
            view if page.is_newest else excerpt,
            listings.refs(page.items, indexes.thumbnails),
            page.pager,
            tabs if page.is_newest else (),
            insights if page.is_newest else "",
        )
        yield Page(page.path, "profile.html", context, claim, page.title, feeds=feeds,
                   indexed=not _only_bio(view.profile))  # fmt: skip
    if newest:
        title = f"{home.title} · {indexes.title}"
        yield from feed_pages(indexes, home.path, title, newest, ONE_LISTING)


def _former_feeds(indexes: Indexes) -> Iterator[Page]:
    """Generate the feeds of accounts whose pages redirect to a person's.

    Feed readers do not follow these redirects, so each account keeps the feed that it had.
    """
    build = indexes.build
    for person in indexes.accounts.people if build.profile_feeds else ():
        for path in person.accounts:
            listed = indexes.accounts.by_account.get(path, ())
            if listed and path != person.home:
                title = f"{shorten(person.person.name, MAX_NAME)} · {indexes.title}"
                yield from feed_pages(indexes, path, title, listed[: build.feed_size], ONE_LISTING)


def people(indexes: Indexes) -> Iterator[Page]:
    """Generate a listing for each person mentioned or answered, and the list of people."""
    people = []
    spellings_of = _spellings(_handles, str.casefold)
    size, language = indexes.build.page_size, indexes.language
    networks_with = Counter([key for _, key in indexes.by_person])
    for (network, key), listed in indexes.by_person.items():
        handle = spellings_of(listed[-1].thread)[key]
        path, url = urls.person(network, handle), urls.mention_url(network, handle)
        person = Person(handle, path, url, len(listed), network if networks_with[key] > 1 else "")
        people.append(person)
        claim, units = f"the person @{handle}", listings.line_units(listed)
        for page in paginate(path, person.name, listed, size, language, units):
            entries = listings.refs(page.items, indexes.thumbnails)
            context = contexts.PersonContext(person, entries, page.pager)
            yield Page(page.path, "person.html", context, claim, page.title)
    people.sort(key=lambda p: (-p.count, p.handle.casefold(), p.path))
    shown = [replace(person, handle=shorten(person.handle, MAX_NAME)) for person in people]
    heading = language.text("menu.people")
    for names in spread(urls.PEOPLE, heading, shown, language) if people else ():
        people_context = contexts.PeopleContext(names.names, names.directory)
        yield Page(names.path, "people.html", people_context, "the list of people", names.title)


def _handles(thread: PlacedThread) -> tuple[str, ...]:
    """Return the handles that a thread mentions, and those that it answers."""
    return (*thread.mentions, *[handle for _, handle in thread.answered])


def hosts(indexes: Indexes) -> Iterator[Page]:
    """Generate a listing for each site that posts link to, and the list of sites."""
    hosts = []
    for name, listed in indexes.by_host.items():
        host = Host(name, urls.host(name), f"https://{name}/", len(listed))
        hosts.append(host)
        context = partial(contexts.HostContext, host)
        yield from _listing(indexes, "host.html", context, host.path, name, f"the site {name}",
                            listed, 0)  # fmt: skip
    hosts.sort(key=lambda h: (-h.count, h.name))
    shown = [replace(host, name=shorten(host.name, MAX_NAME)) for host in hosts]
    heading = indexes.language.text("title.sites")
    for page in spread(urls.HOSTS, heading, shown, indexes.language) if hosts else ():
        hosts_context = contexts.HostsContext(page.names, page.directory)
        yield Page(page.path, "hosts.html", hosts_context, "the list of sites", page.title)


def _listing(
    indexes: Indexes, template: str, context: Callable[[EntryRefs, Pager], Context], path: str,
    title: str, claim: str, threads: tuple[PlacedThread, ...], feed_size: int,
) -> Iterator[Page]:  # fmt: skip
    """Generate the pages of a listing and its feeds of `feed_size` threads (0: no feeds)."""
    newest = threads[:feed_size]
    feeds = indexes.feeds(path, title) if newest else ()
    size, language = indexes.build.page_size, indexes.language
    units = listings.line_units(threads)
    for page in paginate(path, title, threads, size, language, units):
        page_context = context(entry_refs(page.items, indexes.thumbnails), page.pager)
        yield Page(page.path, template, page_context, claim, page.title, feeds=feeds)
    if newest:
        title = f"{title} · {indexes.title}"
        yield from feed_pages(indexes, path, title, newest, ONE_LISTING)


def _only_bio(profile: Profile) -> bool:
    return bool(profile.followed_by) and profile.handle is None and profile.name is None


def _spellings(
    names: Callable[[PlacedThread], tuple[str, ...]], key: Callable[[str], str]
) -> Callable[[PlacedThread], dict[str, str]]:
    """Return a function that maps normalised names to a thread's first spelling of them."""
    cache: dict[str, dict[str, str]] = {}

    def spellings_of(entry: PlacedThread) -> dict[str, str]:
        if entry.source not in cache:
            cache[entry.source] = {key(name): name for name in reversed(names(entry))}
        return cache[entry.source]

    return spellings_of
