"""Every page type: one generator here, one template in the theme.

A generator turns the shelves into pages, which are values; nothing is rendered here, and
no page's value depends on how another was made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain, groupby
from urllib.parse import urlsplit

from sitegen.content.format.draft import shortened
from sitegen.model import Profile
from sitegen.site import urls
from sitegen.site.plan.indexes import ATOM, Shelves
from sitegen.site.plan.pagination import entries_of, stretches
from sitegen.site.views import contexts as shown
from sitegen.site.views import thread_pages
from sitegen.site.views.contexts import Context, Page
from sitegen.site.views.excerpts import ONE_LISTING, WHOLE_SITE, Extent, profile_beginning
from sitegen.site.views.links import MAX_NAME, Link, Tag
from sitegen.site.views.summary import Entries, Listed
from sitegen.site.views.template_values import Host, Month, Pager, Person, ProfileView, Totals, Year
from sitegen.site.views.thread_pages import Section

MENU_SIZE = 12  # a person's own pages in the menu, which is on every page
SITEMAP_LIMIT = 50_000  # addresses a file, https://www.sitemaps.org/protocol.html


def pages(shelves: Shelves) -> Iterator[Page]:
    """Go through all pages that the config wants."""
    build = shelves.build
    generators = (
        (True, index),
        (True, threads),
        (build.post_pages, posts),
        (True, former_posts),
        (build.tag_pages, tags),
        (build.profile_pages, accounts),
        (build.date_pages, dates),
        (build.people_pages, people),
        (build.host_pages, hosts),
        (True, documents),
        (build.site_feeds, site_feeds),
        (True, for_machines),
    )
    listed: list[str] = []
    for page in chain.from_iterable(pages(shelves) for wanted, pages in generators if wanted):
        if page.indexed and page.path.endswith(".html"):
            listed.append(page.path)
        yield page
    if shelves.has_sitemap:
        yield from sitemaps(tuple(listed))


def index(shelves: Shelves) -> Iterator[Page]:
    """List the newest threads, and the older ones on numbered pages."""
    posts = sum(entry.count for entry in shelves.entries)
    totals = Totals(len(shelves.entries), posts, shelves.years)
    for stretch in stretches(urls.INDEX, "Newest", shelves.entries, shelves.build.page_size):
        newest = stretch.path == urls.INDEX
        context = shown.Newest(
            threads=tuple([shelves.beginning(entry) for entry in stretch.items]),
            pager=stretch.pager,
            profile=shelves.owner if newest else None,
            totals=totals if newest else None,
        )
        title = "" if newest else f"Page {stretch.pager.number}"
        template = "index.html" if newest else "older.html"
        yield Page(stretch.path, template, context, "the index", title)


def threads(shelves: Shelves) -> Iterator[Page]:
    """Give each thread its pages; those amid a long one know nothing beyond their neighbours."""
    size = shelves.build.thread_size
    own = [Link(entry.title, entry.path) for entry in shelves.entries]
    links = [None, *own, None]
    for at, entry in enumerate(shelves.entries):
        image = shelves.picture(entry.image)
        date = entry.created_at if entry.month else None
        whole = (Section(own[at]),)
        for link, start, end, pager in (
            thread_pages.cut(entry, size) if entry.count > size else whole
        ):
            is_amid = pager is not None and not pager.total
            context = shown.OneThread(
                thread=shelves.part(entry, start, end),
                pager=pager,
                newer=None if is_amid else links[at],
                older=None if is_amid else links[at + 2],
            )
            yield Page(link.path, "thread.html", context, entry.source, link.title, image=image,
                       date=date)  # fmt: skip


def posts(shelves: Shelves) -> Iterator[Page]:
    """Give every reply an address: a small page that leads to it in its thread."""
    size = shelves.build.thread_size
    for entry in shelves.entries:
        links = thread_pages.links(entry, size)
        count = entry.count if len(links) == 1 else 0
        for at, identity in enumerate(entry.post_ids[1:], 1):
            thread = links[at // size]
            target = f"{thread.path}#{urls.anchor(identity)}"
            context = shown.OnePost(thread, target, at + 1, count)
            path = urls.post(entry.network, identity)
            yield Page(path, "post.html", context, entry.source, entry.title, indexed=False)


def former_posts(shelves: Shelves) -> Iterator[Page]:
    """Let the addresses that posts had before their own ids were known lead to them.

    Of posts that had one in common, the first has it.
    """
    size, taken = shelves.build.thread_size, {""}
    former = [entry for entry in shelves.entries if entry.former_ids]
    if former:
        taken = {urls.post(e.network, i) for e in shelves.entries for i in e.post_ids}
    for entry in former:
        links = thread_pages.links(entry, size)
        for at, identity in entry.former_ids:
            path, own = urls.post(entry.network, identity), entry.post_ids[at]
            if path not in taken:
                taken.add(path)
                page = links[at // size].path
                target = Link(entry.title, f"{page}#{urls.anchor(own)}" if at else page)
                context = shown.OneMoved(target, "post")
                claim = f"the former address of the post {own}"
                yield Page(path, "moved.html", context, claim, entry.title, indexed=False)


def tags(shelves: Shelves) -> Iterator[Page]:
    """Give each tag a listing and feeds, and list all tags."""
    tags = []
    spelled = _spellings(lambda entry: entry.tag_names, urls.tag_key)
    for key, listed in sorted(shelves.by_tag.items()):
        name = spelled(listed[-1])[key]
        tag = Tag(name, urls.tag(name), len(listed))
        tags.append(tag)
        title, claim = f"#{tag.name}", f"the tag {tag.name!r}"
        yield from _listing(shelves, "tag.html", partial(shown.OneTag, tag), tag.path, title,
                            claim, listed, shelves.build.tag_feeds)  # fmt: skip
    if tags:
        yield Page(urls.TAGS, "tags.html", shown.AllTags(tuple(tags)), "the list of tags", "Tags")


def accounts(shelves: Shelves) -> Iterator[Page]:
    """Give each account a page, and list them all."""
    following: dict[str, list[ProfileView]] = {}
    targets: dict[str, Link] = {}
    named = []
    for view in shelves.profiles:
        listed = shelves.by_account.get(view.path, ())
        name = shortened(view.label, MAX_NAME)
        claim = f"the profile {name!r}"
        if _only_bio(view.profile):
            following.setdefault(view.profile.followed_by or "", []).append(view)
        else:
            named.append(view)
        yield from _listing(shelves, "profile.html", _profile_context(view), view.path, name,
                            claim, listed, shelves.build.profile_feeds and bool(listed),
                            indexed=not _only_bio(view.profile))  # fmt: skip
        targets[view.path] = Link(name, view.path)
    for path, home in shelves.moved.items():
        target = targets[home]
        claim = f"the address of {target.title!r} by its handle"
        moved = shown.OneMoved(target, "account")
        yield Page(path, "moved.html", moved, claim, target.title, indexed=False)
    if shelves.profiles:
        groups = tuple((handle, tuple(group)) for handle, group in following.items())
        context = shown.AllProfiles(tuple(named), groups)
        yield Page(urls.PROFILES, "profiles.html", context, "the list of profiles", "Profiles")


def dates(shelves: Shelves) -> Iterator[Page]:
    """Give years and months their pages."""
    names = sorted(shelves.by_month, reverse=True)
    months = [Month(name, urls.month(name), len(shelves.by_month[name])) for name in names]
    years = [_year(name, list(own)) for name, own in groupby(months, lambda m: m.name[:4])]
    for year in years:
        yield Page(year.path, "year.html", shown.OneYear(year), f"the year {year.name}", year.name)
    links = [None, *(Link(month.name, month.path) for month in months), None]
    for at, month in enumerate(months):
        entries = entries_of(shelves.by_month[month.name])
        context = shown.OneMonth(month, entries, links[at], links[at + 2])
        yield Page(month.path, "month.html", context, f"the month {month.name}", month.name)
    if years:
        listed = shown.AllYears(tuple(years))
        yield Page(urls.DATES, "dates.html", listed, "the list of years", "By date")


def people(shelves: Shelves) -> Iterator[Page]:
    """Give everybody who is mentioned a listing, and list them."""
    people = []
    spelled = _spellings(lambda entry: entry.mentions, str.casefold)
    for (network, key), listed in shelves.by_person.items():
        handle = spelled(listed[-1])[key]
        path, url = urls.person(network, handle), urls.mention_url(network, handle)
        person = Person(handle, path, url, len(listed))
        people.append(person)
        claim = f"the person @{handle}"
        yield from _listing(shelves, "person.html", partial(shown.OnePerson, person), path,
                            f"@{handle}", claim, listed, False)  # fmt: skip
    if people:
        people.sort(key=lambda p: (-p.count, p.handle.casefold(), p.path))
        context = shown.AllPeople(tuple(people))
        yield Page(urls.PEOPLE, "people.html", context, "the list of people", "People mentioned")


def hosts(shelves: Shelves) -> Iterator[Page]:
    """Give every site that posts lead to a listing, and list them."""
    hosts = []
    for name, listed in shelves.by_host.items():
        host = Host(name, urls.host(name), f"https://{name}/", len(listed))
        hosts.append(host)
        yield from _listing(shelves, "host.html", partial(shown.OneHost, host), host.path, name,
                            f"the site {name}", listed, False)  # fmt: skip
    if hosts:
        hosts.sort(key=lambda h: (-h.count, h.name))
        yield Page(urls.HOSTS, "hosts.html", shown.AllHosts(tuple(hosts)), "the list of sites",
                   "Sites linked")  # fmt: skip


def documents(shelves: Shelves) -> Iterator[Page]:
    """Give a person's own texts their pages, and list them where the menu cannot."""
    if len(shelves.own_pages) > MENU_SIZE:
        context = shown.AllDocuments(shelves.own_pages)
        yield Page(urls.DOCUMENTS, "documents.html", context, "the list of pages", "All pages")
    for document in shelves.library.documents:
        yield Page(document.path, "document.html", shown.OneDocument(document), document.source,
                   document.title, document.description)  # fmt: skip


def feed_pages(
    shelves: Shelves, path: str, title: str, listed: tuple[Listed, ...], extent: Extent
) -> Iterator[Page]:
    """Give a listing feeds of its newest threads; of long ones, their beginning."""
    newest = tuple(shelves.opening(entry, extent) for entry in listed[: shelves.build.feed_size])
    for feed in shelves.feeds(path, title):
        template = "atom.xml" if feed.type == ATOM else "feed.json"
        context = shown.OneFeed(newest, path, feed)
        yield Page(feed.path, template, context, f"the feed of {path}", title)


def site_feeds(shelves: Shelves) -> Iterator[Page]:
    """Give the whole site feeds."""
    return feed_pages(shelves, urls.INDEX, shelves.title, shelves.entries, WHOLE_SITE)


def for_machines(shelves: Shelves) -> Iterator[Page]:
    """Make what hosts and search engines ask for by name."""
    top = urlsplit(urls.base(shelves.config.site.base_url)).path  # it answers at any depth
    yield Page(
        urls.NOT_FOUND,
        "404.html",
        shown.Nothing(),
        "the 404 page",
        "Not found",
        indexed=False,
        base=top,
    )
    yield Page(urls.ROBOTS, "robots.txt", shown.Crawlers(shelves.has_sitemap), "robots.txt")


def sitemaps(paths: tuple[str, ...]) -> Iterator[Page]:
    """List all pages for search engines; in parts where one may not hold them all."""
    if len(paths) <= SITEMAP_LIMIT:
        yield Page(urls.SITEMAP, "sitemap.xml", shown.Addresses(paths), "the sitemap")
        return
    parts = []
    for number, start in enumerate(range(0, len(paths), SITEMAP_LIMIT), 1):
        parts.append(urls.sitemap(number))
        context = shown.Addresses(paths[start : start + SITEMAP_LIMIT])
        yield Page(parts[-1], "sitemap.xml", context, f"part {number} of the sitemap")
    yield Page(urls.SITEMAP, "sitemap-index.xml", shown.Addresses(tuple(parts)), "the sitemap")


def _listing(
    shelves: Shelves, template: str, context: Callable[[Entries, Pager], Context], path: str,
    title: str, claim: str, listed: tuple[Listed, ...], has_feeds: bool, *, indexed: bool = True,
) -> Iterator[Page]:  # fmt: skip
    feeds = shelves.feeds(path, title) if has_feeds else ()
    for stretch in stretches(path, title, listed, shelves.build.page_size):
        page_context = context(entries_of(stretch.items), stretch.pager)
        page_title = title if stretch.path == path else f"{title}, page {stretch.pager.number}"
        yield Page(stretch.path, template, page_context, claim, page_title, feeds=feeds,
                   indexed=indexed)  # fmt: skip
    if has_feeds:
        title = f"{title} · {shelves.title}"
        yield from feed_pages(shelves, path, title, listed, ONE_LISTING)


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
    """Return what tells how a thread spells names first, by what makes them one."""
    known: dict[str, dict[str, str]] = {}

    def spelled(entry: Listed) -> dict[str, str]:
        if entry.source not in known:
            known[entry.source] = {key(name): name for name in reversed(names(entry))}
        return known[entry.source]

    return spelled
