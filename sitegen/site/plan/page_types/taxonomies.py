"""Pages of taxonomies: tags, accounts, dates, people mentioned, sites linked to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import groupby

from sitegen.content.format.draft import shorten
from sitegen.model import Profile
from sitegen.site import urls
from sitegen.site.plan.indexes import Indexes
from sitegen.site.plan.page_types.machine_files import feed_pages
from sitegen.site.plan.pagination import entries_of, stretches
from sitegen.site.views import contexts as shown
from sitegen.site.views.contexts import Context, Page
from sitegen.site.views.excerpts import ONE_LISTING, profile_beginning
from sitegen.site.views.links import MAX_NAME, Link, Tag
from sitegen.site.views.summary import Entries, Listed
from sitegen.site.views.template_values import Host, Month, Pager, Person, ProfileView, Year


def tags(indexes: Indexes) -> Iterator[Page]:
    """Give each tag a listing and feeds, and list all tags."""
    tags, build = [], indexes.build
    spelled = _spellings(lambda entry: entry.tag_names, urls.tag_key)
    for key, listed in sorted(indexes.by_tag.items()):
        name = spelled(listed[-1])[key]
        tag = Tag(name, urls.tag(name), len(listed))
        tags.append(tag)
        title, claim = f"#{tag.name}", f"the tag {tag.name!r}"
        has_feeds = build.tag_feeds and len(listed) >= build.tag_feed_threads
        feed_size = build.tag_feed_size if has_feeds else 0
        yield from _listing(indexes, "tag.html", partial(shown.OneTag, tag), tag.path, title,
                            claim, listed, feed_size)  # fmt: skip
    if tags:
        yield Page(urls.TAGS, "tags.html", shown.AllTags(tuple(tags)), "the list of tags", "Tags")


def accounts(indexes: Indexes) -> Iterator[Page]:
    """Give each account a page, and list them all."""
    following: dict[str, list[ProfileView]] = {}
    targets: dict[str, Link] = {}
    named = []
    for view in indexes.profiles:
        listed = indexes.by_account.get(view.path, ())
        name = shorten(view.label, MAX_NAME)
        claim = f"the profile {name!r}"
        feed_size = indexes.build.feed_size if indexes.build.profile_feeds else 0
        if _only_bio(view.profile):
            following.setdefault(view.profile.followed_by or "", []).append(view)
        else:
            named.append(view)
        yield from _listing(indexes, "profile.html", _profile_context(view), view.path, name,
                            claim, listed, feed_size,
                            indexed=not _only_bio(view.profile))  # fmt: skip
        targets[view.path] = Link(name, view.path)
    for path, home in indexes.moved.items():
        target = targets[home]
        claim = f"the address of {target.title!r} by its handle"
        moved = shown.OneMoved(target, "account")
        yield Page(path, "moved.html", moved, claim, target.title, indexed=False)
    if indexes.profiles:
        groups = tuple((handle, tuple(group)) for handle, group in following.items())
        context = shown.AllProfiles(tuple(named), groups)
        yield Page(urls.PROFILES, "profiles.html", context, "the list of profiles", "Profiles")


def dates(indexes: Indexes) -> Iterator[Page]:
    """Give years and months their pages."""
    names = sorted(indexes.by_month, reverse=True)
    months = [Month(name, urls.month(name), len(indexes.by_month[name])) for name in names]
    years = [_year(name, list(own)) for name, own in groupby(months, lambda m: m.name[:4])]
    for year in years:
        yield Page(year.path, "year.html", shown.OneYear(year), f"the year {year.name}", year.name)
    links = [None, *(Link(month.name, month.path) for month in months), None]
    for at, month in enumerate(months):
        entries = entries_of(indexes.by_month[month.name])
        context = shown.OneMonth(month, entries, links[at], links[at + 2])
        yield Page(month.path, "month.html", context, f"the month {month.name}", month.name)
    if years:
        listed = shown.AllYears(tuple(years))
        yield Page(urls.DATES, "dates.html", listed, "the list of years", "By date")


def people(indexes: Indexes) -> Iterator[Page]:
    """Give everybody who is mentioned a listing, and list them."""
    people = []
    spelled = _spellings(lambda entry: entry.mentions, str.casefold)
    for (network, key), listed in indexes.by_person.items():
        handle = spelled(listed[-1])[key]
        path, url = urls.person(network, handle), urls.mention_url(network, handle)
        person = Person(handle, path, url, len(listed))
        people.append(person)
        claim = f"the person @{handle}"
        yield from _listing(indexes, "person.html", partial(shown.OnePerson, person), path,
                            f"@{handle}", claim, listed, 0)  # fmt: skip
    if people:
        people.sort(key=lambda p: (-p.count, p.handle.casefold(), p.path))
        context = shown.AllPeople(tuple(people))
        yield Page(urls.PEOPLE, "people.html", context, "the list of people", "People mentioned")


def hosts(indexes: Indexes) -> Iterator[Page]:
    """Give every site that posts lead to a listing, and list them."""
    hosts = []
    for name, listed in indexes.by_host.items():
        host = Host(name, urls.host(name), f"https://{name}/", len(listed))
        hosts.append(host)
        yield from _listing(indexes, "host.html", partial(shown.OneHost, host), host.path, name,
                            f"the site {name}", listed, 0)  # fmt: skip
    if hosts:
        hosts.sort(key=lambda h: (-h.count, h.name))
        yield Page(urls.HOSTS, "hosts.html", shown.AllHosts(tuple(hosts)), "the list of sites",
                   "Sites linked")  # fmt: skip


def _listing(
    indexes: Indexes, template: str, context: Callable[[Entries, Pager], Context], path: str,
    title: str, claim: str, listed: tuple[Listed, ...], feed_size: int, *, indexed: bool = True,
) -> Iterator[Page]:  # fmt: skip
    """Go through the pages of a listing, and its feeds of `feed_size` threads, if not 0."""
    newest = listed[:feed_size]
    feeds = indexes.feeds(path, title) if newest else ()
    for stretch in stretches(path, title, listed, indexes.build.page_size):
        page_context = context(entries_of(stretch.items), stretch.pager)
        page_title = title if stretch.path == path else f"{title}, page {stretch.pager.number}"
        yield Page(stretch.path, template, page_context, claim, page_title, feeds=feeds,
                   indexed=indexed)  # fmt: skip
    if newest:
        title = f"{title} · {indexes.title}"
        yield from feed_pages(indexes, path, title, newest, ONE_LISTING)


def _profile_context(view: ProfileView) -> Callable[[Entries, Pager], Context]:
    """Return what makes the contexts of an account's pages: the first alone has all of it."""
    beginning = profile_beginning(view)
    return lambda entries, pager: shown.OneProfile(
        beginning if pager.newer else view, entries, pager
    )


def _only_bio(profile: Profile) -> bool:
    return bool(profile.followed_by) and profile.handle is None and profile.name is None


def _year(name: str, months: list[Month]) -> Year:
    return Year(name, urls.year(name), sum(month.count for month in months), tuple(months))


def _spellings(
    names: Callable[[Listed], tuple[str, ...]], key: Callable[[str], str]
) -> Callable[[Listed], dict[str, str]]:
    """Return a function that says how a thread spells names first, by what makes them one."""
    known: dict[str, dict[str, str]] = {}

    def spelled(entry: Listed) -> dict[str, str]:
        if entry.source not in known:
            known[entry.source] = {key(name): name for name in reversed(names(entry))}
        return known[entry.source]

    return spelled
