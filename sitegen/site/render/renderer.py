"""A page's value into its bytes: Jinja2 for HTML, Python for feeds and lists of addresses.

Nothing but the page, the site's own view and pure filters can reach a template.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from sitegen import timestamps
from sitegen.config.schema import Config
from sitegen.content.format.draft import printable
from sitegen.model import Facet
from sitegen.site import urls
from sitegen.site.outputs import feeds
from sitegen.site.render.markdown import (
    document_html,
    handwritten_html,
    page_html,
    placed_media,
    post_html,
    renamed_media,
)
from sitegen.site.render.sanitise import without_controls
from sitegen.site.render.templates import Templates
from sitegen.site.render.theme import Theme
from sitegen.site.views import related, thread_pages, thread_views
from sitegen.site.views.contexts import Page, ThreadContext
from sitegen.site.views.excerpts import Excerpt, excerpt
from sitegen.site.views.file_reader import Posts, Reader
from sitegen.site.views.related import Related
from sitegen.site.views.summary import Entry, EntryRefs, ThreadPart
from sitegen.site.views.template_values import (
    Document,
    PostView,
    ProfileView,
    Quoted,
    SiteView,
    ThreadView,
)

if TYPE_CHECKING:
    from markupsafe import Markup

BARE_URL = re.compile(r"https?://[^\s<>\"'`]+[^\s<>\"'`.,;:!?)\]}’”…]")
# HTML, 13.2.3.5, and the form feed, which XML has not. Compiled when it is used first, which
# few builds do.
NOT_HTML = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]"
# The bytes that no character of NOT_HTML has alone, nor a line end of old; two more start one of
# several bytes.
HARMLESS = bytes([9, 10, *range(32, 127), *range(128, 256)])
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
MAX_BODIES = 2_000  # kept, of less than a kilobyte each
Address = Callable[[Facet], str | None]


class Renderer:
    """Turns pages into bytes; one a process, since its templates are compiled once."""

    def __init__(self, theme: Theme, config: Config, reader: Reader) -> None:
        self.theme = theme
        self.config = config
        self.reader = reader
        self.entries: Mapping[str, Entry] = {}
        self.renamed: Mapping[str, str] = {}
        self.renamed_of: SiteView | None = None
        self.handwritten = lru_cache(maxsize=5_000)(handwritten_html)
        self.places = lru_cache(maxsize=100)(self._places)
        self.excerpts = lru_cache(maxsize=100)(self._excerpts)
        self.tag_keys = lru_cache(maxsize=100)(self._tag_keys)
        self.first_post_body = lru_cache(maxsize=MAX_BODIES)(self._linked_body)
        self.feed_entries = feeds.FeedEntries(self.thread, self.post_body)
        self.templates = Templates(theme, self.filters())

    def render(self, page: Page, site: SiteView) -> bytes:
        """Return the bytes of a page. Raises ThemeError when its template fails."""
        context = page.context
        if self.renamed_of is not site:  # as many as media, on as many pages: once a build
            self.renamed_of, self.renamed = site, dict(site.renamed)
        if type(context) is ThreadContext:
            return self._thread_page(page, context, site)
        if page.template in feeds.WRITERS:
            return feeds.WRITERS[page.template](page, site, context, self.feed_entries).encode()
        shown = {name: self.resolve(getattr(context, name)) for name in context.__struct_fields__}
        return _bytes(self.templates.render(page, {"site": site, "page": page, **shown}))

    def _thread_page(self, page: Page, context: ThreadContext, site: SiteView) -> bytes:
        """Return the bytes of the page of a thread, of which most sites have most."""
        if not context.thread.start:
            page = replace(page, description=self.entries[context.thread.source].summary)
        shown = {
            "site": site,
            "page": page,
            "thread": self.thread(context.thread),
            "pager": context.pager,
            "newer": context.newer,
            "older": context.older,
        }
        html = self.templates.render(page, shown)
        if context.pager is None:
            self.reader.forget(context.thread.source)
        return _bytes(html)

    def resolve(self, value: Any) -> Any:
        """Read the threads that a context speaks of; other values are themselves."""
        kind = type(value)
        if kind is ThreadPart:
            return self.thread(value)
        if kind is EntryRefs:
            return [self.entries[source] for source in value.sources]
        if kind is tuple:
            return tuple([self.resolve(v) for v in value])
        return value

    def thread(self, part: ThreadPart) -> ThreadView:
        """Return a thread with those of its posts that a page shows, and what they quote."""
        entry = self.entries[part.source]

        def posts() -> tuple[PostView, ...]:
            if part.characters:
                shown = self.excerpts(part.source, entry.digest, part.end, part.characters)
            else:
                shown = Excerpt(self.reader.posts(entry)[part.start : part.end], False)
            relations = self._related(entry, part, shown.posts) if entry.quotes else None
            keys = self.tag_keys(part.source, entry.digest)
            views = thread_views.post_views(
                entry, part, shown.posts, relations, keys, self.config.build
            )
            return (*views[:-1], replace(views[-1], is_cut=True)) if shown.is_cut else views

        return ThreadView(entry, posts, self.config.build.thread_size)

    def _excerpts(self, source: str, digest: bytes, end: int | None, characters: int) -> Excerpt:
        """Return the beginning of a thread, which many feeds may show."""
        return excerpt(self.reader.posts(self.entries[source])[:end], characters)

    def _tag_keys(self, source: str, digest: bytes) -> frozenset[str]:
        """Return the keys of a thread's tags."""
        return frozenset([urls.tag_key(name) for name in self.entries[source].tag_names])

    def _related(self, entry: Entry, part: ThreadPart, posts: Posts) -> Iterator[Related]:
        own = self.places(entry.source, entry.digest)
        found = {identity: self._archived(identity, source) for identity, source in part.quoted}
        return related.relations(posts, own, found | dict.fromkeys(part.hidden, related.HIDDEN))

    def _archived(self, identity: str, source: str) -> Quoted:
        """Return a post of another thread, or of the same, as a post that leads to it shows it."""
        quoted = self.entries[source]
        at = self.places(quoted.source, quoted.digest)[identity]
        path = thread_pages.address(quoted, at, self.config.build)
        return related.archived_post(self.reader.posts(quoted)[at], path)

    def _places(self, source: str, digest: bytes) -> dict[str, int]:
        """Return the places of a thread's posts in it; its digest differs for each version."""
        return {identity: at for at, identity in enumerate(self.entries[source].post_ids)}

    def post_body(self, view: PostView, place: Callable[[str], str]) -> str:
        """Return a post's text as safe HTML; `place` makes site paths into addresses."""
        return without_controls(self._body(view, place, self._linked_body))

    def _page_body(self, view: PostView, page: Page) -> str:
        # A thread's first post is on its page and in the timeline, most others on one page.
        render = self.first_post_body if view.position == 1 else self._linked_body
        return self._body(view, _way(page.root), render)

    def _body(self, view: PostView, place: Callable[[str], str], render: Callable[..., str]) -> str:
        post = view.post
        if view.handwritten is not None:
            owner = urls.footnotes(urls.post(post.network, post.id))
            html = self.handwritten(view.handwritten, owner)
            return placed_media(html, self.renamed, place)
        if not post.facets:
            return page_html(post.text, (), _nowhere)
        return render(post.network, post.text, post.facets, post.mentions, view.tag_keys, place)

    def _linked_body(
        self, network: str, text: str, facets: tuple[Facet, ...], mentions: tuple[str, ...],
        tag_keys: frozenset[str], place: Callable[[str], str],
    ) -> str:  # fmt: skip
        """Return the HTML of a post with links: nothing else decides on it."""
        return page_html(text, facets, self._address(network, frozenset(mentions), tag_keys, place))

    def _own_html(self, html: str) -> str:
        """Let what a person wrote lead to media by the names that these have on the site."""
        return renamed_media(html, self.renamed) if self.renamed else html

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters that templates have."""
        from markupsafe import Markup

        def safe(html: str) -> Markup:
            """Vouch for HTML: the only place that does, and only for what markdown.py made."""
            return str.__new__(Markup, html)  # it is a str, and need not be asked what it is

        def body(view: PostView, page: Page) -> Markup:
            return safe(self._page_body(view, page))

        def bio(view: ProfileView, page: Page) -> Markup:
            if view.handwritten is not None:
                owner = urls.footnotes(view.path)
                return safe(self._own_html(self.handwritten(view.handwritten, owner)))
            return safe(post_html(view.profile.bio, _bare_urls(view.profile.bio), lambda f: None))

        def document(value: Document) -> Markup:
            return safe(self._own_html(document_html(value.body)))

        return {
            "href": href, "absolute": absolute, "day": day, "short_day": short_day,
            "moment": moment, "number": number, "plural": plural, "host": host, "body": body,
            "bio": bio, "document": document, "file_name": file_name,
        }  # fmt: skip

    def _address(
        self, network: str, mentions: frozenset[str], tag_keys: frozenset[str],
        place: Callable[[str], str],
    ) -> Address:  # fmt: skip
        """Return what knows where mentions and tags of a post lead to."""
        build = self.config.build

        def address(facet: Facet) -> str | None:
            value = facet.value
            if facet.kind == "mention":
                if build.people_pages and value in mentions:
                    return place(urls.person(network, value))
                return urls.mention_url(network, value)
            if build.tag_pages and urls.tag_key(value) in tag_keys:
                return place(urls.tag(value))
            return None

        return address


@lru_cache(maxsize=20)
def _way(root: str) -> Callable[[str], str]:
    """Return what makes site paths into addresses on pages as deep as that."""
    return lru_cache(maxsize=20_000)(lambda path: root + urls.iri(path))


def _nowhere(facet: Facet) -> None:
    return None


def _bytes(html: str) -> bytes:
    """Return a page as UTF-8, with what no HTML may hold as U+FFFD."""
    try:
        data = html.encode()
        if not data.translate(None, HARMLESS) and b"\xc2" not in data and b"\xef" not in data:
            return data
    except UnicodeEncodeError:  # half of a character
        pass
    return re.sub(NOT_HTML, "\ufffd", html.replace("\r", "\n")).encode()


def href(path: str, page: Page) -> str:
    """Return the relative address of a site path from a page."""
    return page.root + urls.iri(path)


def absolute(path: str, site: SiteView) -> str:
    """Return the whole address of a site path; empty when nobody said where the site is."""
    return site.base_url + urls.percent_encode(path) if site.base_url else ""


def day(iso: str | None) -> str:
    """Return "15 September 2025"."""
    when = timestamps.parse(iso)
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}" if when else ""


def short_day(iso: str | None) -> str:
    """Return "15 Sep 2025"."""
    when = timestamps.parse(iso)
    return f"{when.day} {MONTHS[when.month - 1][:3]} {when.year}" if when else ""


def moment(iso: str | None) -> str:
    """Return "15 September 2025, 13:24", on the clock that the source used."""
    when: datetime | None = timestamps.parse(iso)
    if when is None:
        return ""
    return f"{day(iso)}, {when:%H:%M}" if len(iso or "") > 10 else day(iso)


def number(count: int) -> str:
    """Return "1,234"."""
    return f"{count:,}"


def plural(count: int, one: str, many: str) -> str:
    """Return "1 post" or "1,234 posts"."""
    return f"{count:,} {one if count == 1 else many}"


def host(url: str) -> str:
    """Return the host that a link leads to, as readers know it."""
    return urls.host_of(url) or url


def file_name(origin: str) -> str:
    """Return how a file is called of which the source gave an address or a path."""
    if origin.startswith("data:"):
        return ""
    return printable(re.split(r"[?#]", origin, maxsplit=1)[0].rstrip("/").rpartition("/")[2])


def _bare_urls(text: str) -> tuple[Facet, ...]:
    return tuple(Facet(m.start(), m.end(), "link", m[0]) for m in BARE_URL.finditer(text))
