"""What is made for machines: Atom (RFC 4287), JSON Feed 1.1, sitemaps, robots.txt.

An entry's id is made of the post's own id, never of an address: no reader shows all as
unread when the site moves.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from sitegen import timestamps
from sitegen.site import urls
from sitegen.site.views.contexts import (
    FeedContext,
    Page,
    RobotsContext,
    SitemapContext,
    TextContext,
)
from sitegen.site.views.links import NOBODY, Writer
from sitegen.site.views.summary import ThreadPart
from sitegen.site.views.template_values import PostView, Quoted, SiteView, ThreadView

# XML 1.0, 2.2. Compiled when it is used first: a site without feeds need not wait for that.
NOT_XML = "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
NAMESPACE = uuid.UUID("6d5b0c6e-3f0e-5c57-9d5e-7f2f1c1f8d11")
NEVER = "1970-01-01T00:00:00Z"


MAX_ENTRIES = 2_000  # kept, of a few kilobytes each

Place = Callable[[str], str]  # a site path -> an address
Body = Callable[[PostView, Place], str]  # a post's text as safe HTML


class FeedEntry(NamedTuple):
    """A thread in a feed. `changed` is when it was edited last, or else written."""

    id: str
    url: str
    title: str
    published: str
    changed: str | None
    author: str
    tags: tuple[str, ...]
    html: str


class FeedEntries:
    """Renders the entries of feeds, each once for all the feeds that have it."""

    def __init__(self, thread: Callable[[ThreadPart], ThreadView], body: Body) -> None:
        self._thread = thread
        self._body = body
        self._entry = lru_cache(maxsize=MAX_ENTRIES)(self._render)

    def of(self, page: Page, site: SiteView, context: FeedContext) -> list[FeedEntry]:
        """Return the entries of a feed."""
        root = _root(page, site)
        return [self._entry(part, root) for part in context.threads]

    def _render(self, part: ThreadPart, root: str) -> FeedEntry:
        thread, place = self._thread(part), _placer(root)
        first = thread.posts[0]
        return FeedEntry(
            id=_identity("thread", thread.network, first.post.id),
            url=place(thread.path),
            title=thread.entry.title,
            published=_stamp(thread.created_at),
            changed=_changed(thread),
            author=_called(first.author),
            tags=tuple([tag.name for tag in thread.first_tags]),
            html=_thread_html(thread, self._body, place),
        )


def atom(page: Page, site: SiteView, context: FeedContext, entries: FeedEntries) -> str:
    """Return an Atom feed of threads."""
    place = _placer(_root(page, site))
    items = entries.of(page, site, context)
    updated = _stamp(max([entry.changed for entry in items], key=_seconds, default=None))
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>\n',
        '<feed xmlns="http://www.w3.org/2005/Atom">\n',
        f"<title>{_xml(page.title)}</title>\n",
        f"<id>{_identity('feed', site.title, page.path)}</id>\n",
        f"<updated>{updated}</updated>\n",
        f"<author><name>{_xml(site.title)}</name></author>\n",
        f'<link rel="alternate" type="text/html" href={_attribute(place(context.home))}/>\n',
        f'<link rel="self" type="application/atom+xml" href={_attribute(place(page.path))}/>\n',
    ]
    lines += map(_atom_entry, items)
    return "".join(lines) + "</feed>\n"


def json_feed(page: Page, site: SiteView, context: FeedContext, entries: FeedEntries) -> str:
    """Return a JSON Feed (https://www.jsonfeed.org/version/1.1/) of threads."""
    place = _placer(_root(page, site))
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": page.title,
        "home_page_url": place(context.home),
        "feed_url": place(page.path),
        "language": site.language,
        "items": [_json_item(entry) for entry in entries.of(page, site, context)],
    }
    text = json.dumps(feed, ensure_ascii=False, indent=1)
    return text.encode("utf-8", "replace").decode() + "\n"


def sitemap(page: Page, site: SiteView, context: SitemapContext, entries: FeedEntries) -> str:
    """Return the list of addresses (https://www.sitemaps.org/protocol.html)."""
    lines = (
        f"<url><loc>{_xml(site.base_url + urls.percent_encode(p))}</loc></url>\n"
        for p in context.paths
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"{''.join(lines)}</urlset>\n"
    )


def sitemap_index(page: Page, site: SiteView, context: SitemapContext, entries: FeedEntries) -> str:
    """Return the list of sitemaps, for a site with more pages than one may hold."""
    lines = (
        f"<sitemap><loc>{_xml(site.base_url + urls.percent_encode(p))}</loc></sitemap>\n"
        for p in context.paths
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"{''.join(lines)}</sitemapindex>\n"
    )


def robots(page: Page, site: SiteView, context: RobotsContext, entries: FeedEntries) -> str:
    """Return robots.txt (RFC 9309): everything may be read."""
    where = f"Sitemap: {site.base_url}{urls.SITEMAP}\n" if context.sitemap else ""
    return f"User-agent: *\nAllow: /\n{where}"


def asset(page: Page, site: SiteView, context: TextContext, entries: FeedEntries) -> str:
    """Return a text that is made, not rendered, such as the site's own CSS variables."""
    return context.text


WRITERS: dict[str, Callable[[Page, SiteView, Any, FeedEntries], str]] = {
    "atom.xml": atom,
    "feed.json": json_feed,
    "sitemap.xml": sitemap,
    "sitemap-index.xml": sitemap_index,
    "robots.txt": robots,
    "asset": asset,
}


def _atom_entry(entry: FeedEntry) -> str:
    categories = "".join([f"<category term={_attribute(tag)}/>\n" for tag in entry.tags])
    return (
        f"<entry>\n<title>{_xml(entry.title)}</title>\n<id>{entry.id}</id>\n"
        f'<link rel="alternate" type="text/html" href={_attribute(entry.url)}/>\n'
        f"<published>{entry.published}</published>\n"
        f"<updated>{_stamp(entry.changed)}</updated>\n"
        f"<author><name>{_xml(entry.author)}</name></author>\n{categories}"
        f'<content type="html">{_cdata(entry.html)}</content>\n</entry>\n'
    )


def _json_item(entry: FeedEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "content_html": entry.html,
        "date_published": entry.published,
        "authors": [{"name": entry.author}],
        "tags": list(entry.tags),
    }


def _thread_html(thread: ThreadView, body: Body, place: Place) -> str:
    """Return a thread's posts; of a long one, its beginning and the way to the rest."""
    posts = ["\n".join(_post_html(view, body, place)) for view in thread.posts]
    more = thread.count - len(posts)
    is_cut = thread.posts[-1].is_cut
    words = ["The rest of this post"] if is_cut else []
    if more:
        words.append(f"{'one more post' if more == 1 else f'{more:,} more posts'} in this thread")
    if words:
        where = _attribute(place(thread.path if is_cut else thread.rest))
        posts.append(f"<p><a href={where}>{' and '.join(words)}</a></p>")
    return "\n<hr>\n".join(posts)


def _post_html(view: PostView, body: Body, place: Place) -> Iterator[str]:
    """Go through what a reader of a feed gets of a post; a warning comes first."""
    post = view.post
    if post.warning:
        yield f"<p><strong>{_escaped(post.warning)}</strong></p>"
    if view.parent:
        yield f"<p>In reply to {_related(view.parent, 'a post', place)}</p>"
    if view.repost:
        yield f"<p>Reposted: {_related(view.repost, 'a post', place)}</p>"
    yield body(view, place)
    for media in post.media:
        if media.path and media.kind == "image":
            source = _attribute(place(media.path))
            yield f"<p><img src={source} alt={_attribute(media.alt or '')}></p>"
        elif media.alt:
            yield f"<p>[{_escaped(media.alt)}]</p>"
    if post.card:
        title = _escaped(post.card.title or post.card.url or "")
        safe = post.card.url and re.match("https?://", post.card.url)
        yield (
            f"<p><a href={_attribute(post.card.url or '')}>{title}</a></p>"
            if safe
            else f"<p>{title}</p>"
        )
    for quoted in (view.repost, view.quote):
        if quoted and quoted.text:
            yield f"<blockquote><p>{_escaped(quoted.text)}</p></blockquote>"
    if view.quote and not view.quote.text:
        yield f"<p>{_related(view.quote, 'A quoted post', place)}</p>"


def _related(other: Quoted, what: str, place: Place) -> str:
    """Return the words for another post, linked to where it is."""
    who = _called(other.author) if other.author and other.author != NOBODY else ""
    words = _escaped(f"{what} by {who}" if who else what)
    where = place(other.path) if other.path else other.url
    linked = f"<a href={_attribute(where)}>{words}</a>" if where else words
    return linked if other.path else f"{linked}, {other.state or 'not in this archive'}"


def _root(page: Page, site: SiteView) -> str:
    """Return what addresses in a feed begin with: that of the site, or the way to its top."""
    return site.base_url or "../" * page.path.count("/")


def _placer(root: str) -> Place:
    """Return what makes addresses of site paths."""
    return lambda path: root + urls.percent_encode(path)


def _stamp(iso: str | None) -> str:
    """Return a time as RFC 3339 demands, with a zone; a time that nobody knows is 1970."""
    when = timestamps.parse(iso)
    if when is None:
        return NEVER
    if (when.utcoffset() or timedelta()) % timedelta(minutes=1):
        try:
            when = when.astimezone(UTC)
        except OverflowError:  # the first or the last day that Python knows
            return NEVER
    text = when.isoformat(timespec="seconds")
    return text.replace("+00:00", "Z") if when.tzinfo else f"{text}Z"


def _seconds(iso: str | None) -> float:
    instant = timestamps.instant(iso)
    return float("-inf") if instant is None else instant


def _changed(thread: ThreadView) -> str | None:
    """Return when a thread was edited last, or else written."""
    edits = [view.post.edited_at for view in thread.posts if view.post.edited_at]
    return max((thread.created_at, *edits), key=_seconds) if edits else thread.created_at


def _called(writer: Writer) -> str:
    return writer.name or (f"@{writer.handle}" if writer.handle else "Author not known")


def _identity(*parts: str) -> str:
    """Return a stable URI for something (RFC 9562, version 5)."""
    name = "\n".join(parts).encode("utf-8", "replace").decode()
    return f"urn:uuid:{uuid.uuid5(NAMESPACE, name)}"


def _xml(text: str) -> str:
    return _escaped(re.sub(NOT_XML, "\ufffd", text))


def _cdata(text: str) -> str:
    """Return text as a CDATA section, in which HTML takes less room than when it is escaped."""
    text = re.sub(NOT_XML, "\ufffd", text).replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{text}]]>"


def _attribute(text: str) -> str:
    """Return an attribute's value in quotes; a parser makes spaces of bare line ends in it."""
    value = _xml(text).replace('"', "&quot;").replace("\n", "&#10;")
    return '"' + value.replace("\r", "&#13;").replace("\t", "&#9;") + '"'


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
