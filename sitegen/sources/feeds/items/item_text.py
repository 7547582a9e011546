"""Convert the text of a feed item: its content, below its title if that differs."""

from __future__ import annotations

import re

from msgspec import Struct

from sitegen.formats.html.post_text import HtmlText
from sitegen.formats.html.post_text import read as read_html
from sitegen.model import Facet, Media
from sitegen.sources import post_parts
from sitegen.sources.feeds.items.items import Item, Reference, Writing
from sitegen.sources.feeds.items.nitter import name_links
from sitegen.sources.feeds.items.post_ids import BLUESKY, MASTODON, X
from sitegen.sources.plain_links import find_links

# What Bluesky's RSS writes below a post that has an embed.
_EMBED_MARK = "[contains quote post or other embedded content]"
# The beginning of Mastodon's RSS for a post with a content warning, in the post's language.
_CONTENT_WARNING = re.compile(
    r"\s*<p\b[^<>]*>\s*<strong\b[^<>]*>[^<]{1,100}</strong>(?P<words>(?:(?!</?p\b|<hr\b).){1,4000}?)</p>\s*<hr\b[^<>]*>",
    re.DOTALL | re.IGNORECASE,
)
_PLAYER = re.compile(r"(</?(?:audio|video)\b[^<>]*>)", re.IGNORECASE)
_SOURCE = re.compile(r"<source\b[^<>]*>", re.IGNORECASE)
_SPACES = re.compile(r"\s+")
_UNTITLED_NETWORKS = frozenset((BLUESKY, MASTODON, X))
_TITLE_PREFIX = re.compile(r"\A(?:(?:Pinned|R to @\w{1,15}|RT by @\w{1,15}): )+")
# Generated titles state the kind of post; they are nobody's words.
_GENERATED_TITLE = re.compile(
    r"New status by \S+"
    r"|\S+ (?:shared|favou?rited|liked|repeated|deleted) a (?:status|notice|note|post)(?: by \S+)?"
    r"|\S+ (?:started|stopped|is now|requested to) (?:following|follow) \S+"
    r"|\S+ is no longer following \S+",
    re.IGNORECASE,
)
_MEDIA_TITLES = frozenset((
    "photo", "photos", "photoset", "picture", "image", "gif", "video", "audio", "link", "quote",
))  # fmt: skip


class ItemText(Struct, frozen=True):
    """An item's text, its facets, and what it links to and quotes."""

    text: str
    facets: tuple[Facet, ...] = ()
    links: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    images: tuple[Media, ...] = ()
    quote: Reference | None = None
    warning: str | None = None
    embeds_lost: bool = False


def read_text(item: Item, network: str, home: str | None) -> ItemText:
    """Read an item's title and content as its network writes them."""
    content = item.content or Writing("")
    if network == BLUESKY:
        return _read_bluesky(content.value)
    warning, content = _split_warning(content) if network == MASTODON else (None, content)
    body = _read(content, home)
    facets = tuple(name_links(body.facets, body.text)) if network == X else body.facets
    names = {f.value for f in body.facets} - {f.value for f in facets}
    above = _title_above(item, network, home, body)
    shift = len(above) + 2 if above and body.text else 0
    return ItemText(
        text=f"{above}\n\n{body.text}" if shift else above or body.text,
        facets=post_parts.shift(facets, shift),
        links=tuple(link for link in body.links if link not in names),
        mentions=body.mentions or tuple(f.value for f in facets if f.kind == "mention"),
        tags=body.tags or tuple(f.value for f in facets if f.kind == "tag"),
        images=body.images,
        quote=Reference(body.quotes[0]) if body.quotes else None,
        warning=warning,
    )


def _title_above(item: Item, network: str, home: str | None, body: HtmlText) -> str:
    """Return the title to put above a text; empty if it is generated or the text repeats it."""
    title = _read(item.title, home).text if item.title else ""
    title = _SPACES.sub(" ", title).strip()
    if network in _UNTITLED_NETWORKS and item.content is not None:
        return ""
    is_of_media = bool(body.images or item.files) and title.casefold() in _MEDIA_TITLES
    if is_of_media or _GENERATED_TITLE.fullmatch(title):
        return ""
    bare = _TITLE_PREFIX.sub("", title, count=1)
    is_repeated = any(_begins_with(body.text, form) for form in (title, bare))
    return "" if is_repeated else title


def _read(writing: Writing, home: str | None) -> HtmlText:
    if writing.is_html:
        return read_html(_without_fallbacks(writing.value), writing.base or home)
    text = writing.value.replace("\r\n", "\n").strip("\n")
    shown = find_links(text).facets if len(text) < 100_000 else ()
    facets = tuple(f for f in shown if f.kind == "link" and "://" in text[f.start : f.end])
    return HtmlText(text, facets, tuple(dict.fromkeys(f.value for f in facets)))


def _without_fallbacks(html: str) -> str:
    """Remove the fallbacks for browsers without video and audio."""
    parts = _PLAYER.split(html)
    depth = 0
    for at, part in enumerate(parts):
        if at % 2:
            depth = max(0, depth - 1) if part.startswith("</") else depth + 1
        elif depth and at + 1 < len(parts):  # an unclosed element hides nothing
            parts[at] = "".join(_SOURCE.findall(part))
    return "".join(parts)


def _read_bluesky(value: str) -> ItemText:
    """Read the plain text of a Bluesky post."""
    text = value.removesuffix(_EMBED_MARK).rstrip() if value.endswith(_EMBED_MARK) else value
    text_links = find_links(text) if len(text) < 100_000 else find_links("")
    return ItemText(
        text=text,
        facets=text_links.facets,
        links=text_links.values("link"),
        mentions=text_links.values("mention"),
        tags=text_links.values("tag"),
        embeds_lost=text != value,
    )


def _split_warning(content: Writing) -> tuple[str | None, Writing]:
    """Split the content warning from a Mastodon post."""
    match = _CONTENT_WARNING.match(content.value) if content.is_html else None
    if not match:
        return None, content
    rest = Writing(content.value[match.end() :], True, content.base)
    return read_html(match["words"]).text.strip() or None, rest


def _begins_with(text: str, title: str) -> bool:
    """Return whether a title repeats the beginning of the text, whole or cut short."""
    bare = title.removesuffix("…").removesuffix("...").rstrip()
    begin = _SPACES.sub(" ", text[: 2 * len(title) + 100]).strip()
    return begin.casefold().startswith(bare.casefold())
