"""Render pages to bytes: HTML with Jinja2, feeds and sitemaps in Python.

A template has access to the page, the `SiteView` and pure filters only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from msgspec.structs import asdict, replace

from sitegen.config.schema import Config
from sitegen.languages.language import Language
from sitegen.model import Facet
from sitegen.site import url_encoding, urls
from sitegen.site.markup import headings
from sitegen.site.markup.markdown import (
    below_title,
    handwritten_html,
    page_html,
    post_html,
)
from sitegen.site.markup.references import lead
from sitegen.site.markup.words import words_of
from sitegen.site.outputs import feeds
from sitegen.site.outputs.writers import WRITERS
from sitegen.site.parsing.file_reader import Reader
from sitegen.site.render import previews, template_filters
from sitegen.site.render.citations import Citation, cite
from sitegen.site.render.jinja.templates import Templates
from sitegen.site.render.page_bytes import encode_markup
from sitegen.site.render.post_pages import post_in_thread
from sitegen.site.render.search_results import ResultsWriter
from sitegen.site.render.theme import Theme
from sitegen.site.render.thread_loader import ThreadLoader
from sitegen.site.views.contexts import Page, PostContext, ThreadContext
from sitegen.site.views.links import Writer
from sitegen.site.views.page_refs import ThreadPart
from sitegen.site.views.search.contexts import ResultsContext
from sitegen.site.views.template_values import (
    Credit,
    Document,
    PostView,
    ProfileView,
    SiteView,
)
from sitegen.text.printing import without_surrogates

if TYPE_CHECKING:
    from markupsafe import Markup

BARE_URL = r"https?://[^\s<>\"'`]+[^\s<>\"'`.,;:!?)\]}’”…]"  # compiled for bios alone
XML = ".xml"
MAX_CACHED_BODIES = 2_000  # of less than a kilobyte each
MAX_CACHED_REPLIES = 500  # of a few threads
AddressOf = Callable[[Facet], str | None]


class Renderer:
    """Renders the pages of one theme, config and language; each process has one."""

    def __init__(self, theme: Theme, config: Config, language: Language, reader: Reader) -> None:
        self.theme = theme
        self.config = config
        self.language = language
        self.reader = reader
        extensions = config.markdown.loaded
        words = words_of(language)
        self.handwritten_html = lru_cache(maxsize=5_000)(
            partial(handwritten_html, extensions=extensions, words=words)
        )
        self.lead = partial(lead, undescribed=language.text("media.no_description"))
        self.threads = ThreadLoader(config, language, reader)
        self.credited_site: SiteView | None = None
        self.credits: Mapping[str, Credit] = {}
        # Shown on the timeline too, and on a page of its own, which follows that of the thread.
        self.first_post_body = lru_cache(maxsize=MAX_CACHED_BODIES)(self._linked_body)
        self.other_post_body = lru_cache(maxsize=MAX_CACHED_REPLIES)(self._linked_body)
        self.feed_entries = feeds.FeedEntries(
            self.threads.thread, self.post_body, self.credited, language
        )
        self.results = ResultsWriter(self.threads, reader, language, config.build, self.credited)
        self.templates = Templates(theme, self.filters(), language)

    def render(self, page: Page, site: SiteView) -> bytes:
        """Render a page to UTF-8. Raises ThemeError if its template fails, ContentError."""
        context = page.context
        if self.credited_site is not site:  # build the mapping once, not for every page
            self.credited_site = site
            self.credits = {credit.account: credit for credit in site.credits}
        if type(context) is ThreadContext:
            return self._thread_page(page, context, site)
        if type(context) is PostContext:
            return self._post_page(page, context.thread, site)
        if type(context) is ResultsContext:
            return self.results.file(context)
        if page.template in WRITERS:
            text = WRITERS[page.template](page, site, context, self.feed_entries)
            if page.template.endswith(XML):
                return encode_markup([text])
            return without_surrogates(text).encode()
        variables = {
            name: self.threads.load(getattr(context, name)) for name in context.__struct_fields__
        }
        return encode_markup(self.templates.render(page, {"site": site, "page": page, **variables}))

    def _thread_page(self, page: Page, context: ThreadContext, site: SiteView) -> bytes:
        """Render a thread's page; the usual page type, so without the generic `load_threads`."""
        thread = self.threads.thread(context.thread)
        if site.base_url:
            page = previews.of_thread(page, thread, self.credited(thread.author))
        elif not context.thread.start:
            page = replace(page, description=thread.entry.summary)
        variables = {
            "site": site,
            "page": page,
            "thread": thread,
            "pager": context.pager,
            "newer": context.newer,
            "older": context.older,
            "month": context.month,
            "jumps": context.jumps,
        }
        pieces = self.templates.render(page, variables)
        if context.pager is None and not (self.config.build.post_pages and thread.count > 1):
            self.reader.forget(context.thread.source)
        return encode_markup(pieces)

    def _post_page(self, page: Page, part: ThreadPart, site: SiteView) -> bytes:
        """Render the page of a post of a thread; that of the last post comes last."""
        entry = self.threads.entries[part.source]
        positions = self.threads.positions(entry.source, entry.digest)
        posts = self.reader.posts(entry)
        shown = post_in_thread(self.threads.post(part), posts, positions, self.config.build)
        view = shown.view
        author = self.credited(view.author)
        page = previews.of_post(page, view, author, self.language)
        if site.base_url:
            page = previews.with_card(page, view, author, self.language)
        variables = {"site": site, "page": page, **asdict(shown)}
        pieces = self.templates.render(page, variables)
        if shown.next is None:
            self.reader.forget(part.source)
        return encode_markup(pieces)

    def post_body(self, view: PostView, resolve: Callable[[str], str]) -> str:
        """Return a post's text as safe HTML; `place` makes site paths into addresses."""
        return self._body(view, resolve, self._linked_body)

    def _page_body(self, view: PostView, page: Page) -> str:
        render = self.first_post_body if view.position == 1 else self.other_post_body
        return self._body(view, _href_function(page.root), render)

    def _body(
        self, view: PostView, resolve: Callable[[str], str], render: Callable[..., str]
    ) -> str:
        post = view.post
        if view.handwritten is not None:
            owner = urls.footnotes(urls.post(post.network, post.id))
            html = self.handwritten_html(view.handwritten, owner)
            return self.lead(html, view.targets, resolve)
        if not post.facets:
            return page_html(post.text, (), _no_address)
        return render(post.network, post.text, post.facets, post.mentions, view.tag_keys, resolve)

    def _linked_body(
        self, network: str, text: str, facets: tuple[Facet, ...], mentions: tuple[str, ...],
        tag_keys: frozenset[str], resolve: Callable[[str], str],
    ) -> str:  # fmt: skip
        """Render a post with links, from its arguments alone: they are the key of a cache."""
        return page_html(
            text, facets, self._address(network, frozenset(mentions), tag_keys, resolve)
        )

    def credited(self, author: Writer) -> Writer:
        """Return an author with the name and page of the person who owns the account."""
        credit = self.credits.get(author.path) if author.path and self.credits else None
        if credit:
            author = Writer(credit.name, author.handle, credit.path)
        return author if self.config.build.profile_pages else replace(author, path=None)

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters for templates, see docs/themes.md."""
        return {
            **template_filters.filters(self.language),
            "citation": self._citation,
            "body": self._body_markup,
            "bio": self._bio_markup,
            "document": self._document_markup,
            "heading": self._heading_markup,
            "credited": self.credited,
        }

    def _body_markup(self, view: PostView, page: Page) -> Markup:
        """Return a post's text as HTML, with its links."""
        return _markup(self._page_body(view, page))

    def _bio_markup(self, view: ProfileView, page: Page) -> Markup:
        """Return the bio of an account as HTML, with its links."""
        if view.handwritten is not None:
            owner = urls.footnotes(view.path)
            is_in_list = page.kind == "profiles"  # where each name is a heading
            highest = headings.IN_POSTS if is_in_list else headings.IN_PAGES
            html = self.handwritten_html(view.handwritten, owner, highest=highest)
            return _markup(self.lead(html, view.targets, _href_function(page.root)))
        return _markup(post_html(view.profile.bio, _bare_urls(view.profile.bio), _no_address))

    def _document_markup(self, value: Document) -> Markup:
        """Return a handwritten page as HTML, without a first heading that is its title."""
        is_introduction = value.path == urls.INDEX  # of the front page, with another title
        title = "" if is_introduction else value.title
        return self._led(below_title(self.reader.document_html(value.body), title), value)

    def _heading_markup(self, value: Document) -> Markup | str:
        """Return the title of a handwritten page; if its first heading is that, as HTML."""
        html = headings.title_html(self.reader.document_html(value.body), value.title)
        return self._led(html, value) or value.title

    def _led(self, html: str, value: Document) -> Markup:
        """Return the HTML of a handwritten page with addresses that lead on from there."""
        root = "../" * value.path.count("/")
        return _markup(self.lead(html, value.targets, _href_function(root)))

    def _citation(
        self, title: str, author: Writer, iso: str | None, path: str, site: SiteView
    ) -> Citation:
        """Return what cites a title, an author and a time, as `text`, `markdown`, `bibtex`."""
        return cite(title, self.credited(author), self.language.local(iso), path, site)

    def _address(
        self, network: str, mentions: frozenset[str], tag_keys: frozenset[str],
        resolve: Callable[[str], str],
    ) -> AddressOf:  # fmt: skip
        """Return a function from a mention or tag to its address, None to leave it as text."""
        build = self.config.build

        def address(facet: Facet) -> str | None:
            value = facet.value
            if facet.kind == "mention":
                if build.people_pages and value in mentions:
                    return resolve(urls.person(network, value))
                return urls.mention_url(network, value)
            if build.tag_pages and urls.tag_key(value) in tag_keys:
                return resolve(urls.tag(value))
            return None

        return address


@lru_cache(maxsize=20)
def _href_function(root: str) -> Callable[[str], str]:
    """Return a cached function from site paths to relative URLs, for pages with this root."""
    return lru_cache(maxsize=20_000)(lambda path: root + url_encoding.iri(path))


def _markup(html: str) -> Markup:
    """Mark HTML as safe: only here, and only for output of markdown.py."""
    return str.__new__(Markup, html)  # faster than Markup(html), which looks for __html__


def _no_address(facet: Facet) -> None:
    return None


def _bare_urls(text: str) -> tuple[Facet, ...]:
    return tuple(Facet(m.start(), m.end(), "link", m[0]) for m in re.finditer(BARE_URL, text))
