"""Write Atom (RFC 4287) and JSON Feed 1.1.

An entry's id is derived from the post's id, never from a URL, so that feed readers do not show
everything as unread when the site moves.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import UTC, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from sitegen import timestamps
from sitegen.languages.direction import is_other_language
from sitegen.languages.language import Language
from sitegen.site import url_encoding
from sitegen.site.markup.sanitise import without_controls
from sitegen.site.outputs.entry_html import (
    Body,
    Resolve,
    attribute,
    author_name,
    escape,
    thread_html,
)
from sitegen.site.views.contexts import (
    FeedContext,
    Page,
)
from sitegen.site.views.links import Writer
from sitegen.site.views.page_refs import ThreadPart
from sitegen.site.views.template_values import SiteView, ThreadView

NAMESPACE = uuid.UUID("6d5b0c6e-3f0e-5c57-9d5e-7f2f1c1f8d11")
UNKNOWN_TIME = "1970-01-01T00:00:00Z"
MAX_CACHED_ENTRIES = 2_000  # of a few kilobytes each
MAX_CATEGORIES = 20  # tags of an entry


class FeedEntry(NamedTuple):
    """A thread in a feed. `changed` is the ISO 8601 time of its last edit, else of writing.

    `lang` is the language of its title and its text, if that is not the feed's.
    """

    id: str
    url: str
    title: str
    published: str
    changed: str | None
    author: str
    tags: tuple[str, ...]
    html: str
    lang: str | None = None


class FeedEntries:
    """Renders the entries of feeds, and caches those that several feeds have in common."""

    def __init__(
        self,
        thread: Callable[[ThreadPart], ThreadView],
        body: Body,
        credited: Callable[[Writer], Writer],
        language: Language,
    ) -> None:
        self._thread = thread
        self._body = body
        self._credited = credited
        self._language = language
        self._entry = lru_cache(maxsize=MAX_CACHED_ENTRIES)(self._render)

    def of(self, page: Page, site: SiteView, context: FeedContext) -> list[FeedEntry]:
        """Return the rendered entries of a feed, in its order."""
        root = _root(page, site)
        return [self._entry(part, root) for part in context.threads]

    def _render(self, part: ThreadPart, root: str) -> FeedEntry:
        thread, resolve = self._thread(part), _resolver(root)
        first = thread.posts[0]
        return FeedEntry(
            id=_identity("thread", thread.network, first.post.id),
            url=resolve(thread.path),
            title=thread.entry.title,
            published=_rfc3339(thread.created_at),
            changed=_last_edited(thread),
            author=author_name(self._credited(first.author), self._language),
            tags=tuple([tag.name for tag in thread.tags[:MAX_CATEGORIES]]),
            html=thread_html(thread, self._body, resolve, self._language),
            lang=thread.lang if is_other_language(thread.lang, self._language.tag) else None,
        )


def atom(page: Page, site: SiteView, context: FeedContext, entries: FeedEntries) -> str:
    """Write an Atom feed of threads (RFC 4287)."""
    resolve = _resolver(_root(page, site))
    items = entries.of(page, site, context)
    updated = _rfc3339(max([entry.changed for entry in items], key=_seconds, default=None))
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>\n',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={attribute(site.language)}>\n',
        f"<title>{escape(page.title)}</title>\n",
        f"<id>{_identity('feed', site.title, page.path)}</id>\n",
        f"<updated>{updated}</updated>\n",
        f"<author><name>{escape(site.title)}</name></author>\n",
        f'<link rel="alternate" type="text/html" href={attribute(resolve(context.home))}/>\n',
        f'<link rel="self" type="application/atom+xml" href={attribute(resolve(page.path))}/>\n',
    ]
    lines += map(_atom_entry, items)
    return "".join(lines) + "</feed>\n"


def json_feed(page: Page, site: SiteView, context: FeedContext, entries: FeedEntries) -> str:
    """Write a JSON Feed of threads (https://www.jsonfeed.org/version/1.1/)."""
    resolve = _resolver(_root(page, site))
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": page.title,
        "home_page_url": resolve(context.home),
        "feed_url": resolve(page.path),
        "language": site.language,
        "items": [_json_item(entry) for entry in entries.of(page, site, context)],
    }
    text = json.dumps(feed, ensure_ascii=False, indent=1)
    return text.encode("utf-8", "replace").decode() + "\n"


def _atom_entry(entry: FeedEntry) -> str:
    categories = "".join([f"<category term={attribute(tag)}/>\n" for tag in entry.tags])
    language = f" xml:lang={attribute(entry.lang)}" if entry.lang else ""
    return (
        f"<entry{language}>\n<title>{escape(entry.title)}</title>\n<id>{entry.id}</id>\n"
        f'<link rel="alternate" type="text/html" href={attribute(entry.url)}/>\n'
        f"<published>{entry.published}</published>\n"
        f"<updated>{_rfc3339(entry.changed)}</updated>\n"
        f"<author><name>{escape(entry.author)}</name></author>\n{categories}"
        f'<content type="html">{_cdata(entry.html)}</content>\n</entry>\n'
    )


def _json_item(entry: FeedEntry) -> dict[str, Any]:
    item = {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "content_html": without_controls(entry.html),
        "date_published": entry.published,
        "authors": [{"name": entry.author}],
        "tags": list(entry.tags),
    }
    return {**item, "language": entry.lang} if entry.lang else item


def _root(page: Page, site: SiteView) -> str:
    """Return the prefix of a feed's links: the site's URL, else the relative path to its top."""
    return site.base_url or "../" * page.path.count("/")


def _resolver(root: str) -> Resolve:
    """Return a function from site paths to URLs."""
    return lambda path: root + url_encoding.percent_encode(path)


def _rfc3339(iso: str | None) -> str:
    """Format a time as RFC 3339 requires, with a time zone; an unknown time is 1970."""
    when = timestamps.parse(iso)
    if when is None:
        return UNKNOWN_TIME
    if (when.utcoffset() or timedelta()) % timedelta(minutes=1):
        try:
            when = when.astimezone(UTC)
        except OverflowError:  # the first or last day of Python's calendar
            return UNKNOWN_TIME
    text = when.isoformat(timespec="seconds")
    return text.replace("+00:00", "Z") if when.tzinfo else f"{text}Z"


def _seconds(iso: str | None) -> float:
    instant = timestamps.instant(iso)
    return float("-inf") if instant is None else instant


def _last_edited(thread: ThreadView) -> str | None:
    """Return the time of a thread's last edit, else of its first post."""
    edits = [view.post.edited_at for view in thread.posts if view.post.edited_at]
    return max((thread.created_at, *edits), key=_seconds) if edits else thread.created_at


def _identity(*parts: str) -> str:
    """Return a stable URN made of these parts (UUID version 5, RFC 9562)."""
    name = "\n".join(parts).encode("utf-8", "replace").decode()
    return f"urn:uuid:{uuid.uuid5(NAMESPACE, name)}"


def _cdata(text: str) -> str:
    """Wrap text in a CDATA section, where HTML takes less space than escaped."""
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"
