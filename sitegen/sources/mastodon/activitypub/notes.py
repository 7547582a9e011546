"""Convert notes, and other objects that the fediverse posts, to posts.

Properties: https://www.w3.org/TR/activitystreams-vocabulary/ and
https://docs.joinmastodon.org/spec/activitypub/. What only serves machines or other servers
(signatures, reply collections, policies, blurhashes) is no part of a post, nor are positions.
"""

from __future__ import annotations

import re
from typing import Literal

from msgspec.structs import replace

from sitegen.formats.html import post_text
from sitegen.formats.html.post_text import HtmlText
from sitegen.model import Counts, Elsewhere, Json, Poll, PollOption, Post
from sitegen.sources.mastodon.activitypub.account import Account
from sitegen.sources.mastodon.activitypub.attachments import media_of
from sitegen.sources.mastodon.activitypub.ids import NETWORK, elsewhere, is_web, post_id
from sitegen.sources.mastodon.activitypub.properties import Properties
from sitegen.sources.mastodon.activitypub.tags import Tags
from sitegen.sources.post_parts import extra, references, shift

# Types with a title, whose summary is not a warning.
TITLED = frozenset(("Article", "Page", "Event", "Video", "Audio", "Image", "Document"))
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_PLAIN = ("text/plain", "text/markdown")
_QUOTES = ("quote", "quoteUri", "quoteUrl", "_misskey_quote")


def post_of(
    note: Properties, uri: str, published: str | None, actor: str | None, account: Account
) -> Post:
    """Convert an object to a post; its author and time may come from its activity."""
    tags = Tags(note)
    account.handles.update(tags.handles)
    content = tags.named(_said(note))
    created = note.time("published") or published
    edited = note.time("updated")
    summary = _plain(note.optional("summary"))
    titled = note.kind in TITLED and not note.flag("sensitive")
    reply, quote = note.address("inReplyTo"), _quote(note, content, tags)
    links = dict.fromkeys((*content.links, *_linked(note)))
    if note.has("location"):
        account.oddities["positions left out"] += 1
    return Post(
        id=post_id(uri),
        network=NETWORK,
        text=content.text,
        created_at=created,
        author=account.author(note.address("attributedTo") or actor),
        reply_to=post_id(reply) if reply else None,
        quote_of=quote.id if quote else None,
        facets=content.facets,
        links=tuple(links),
        mentions=content.mentions,
        tags=content.tags,
        media=media_of(note, account) + content.images,
        poll=_poll(note),
        warning=None if titled else summary,
        sensitive=note.may_be("sensitive") and not summary,
        langs=tuple(k for k in note.texts_by_language("contentMap") if is_language(k)),
        counts=Counts(
            likes=note.record("likes").count("totalItems"),
            reposts=note.record("shares").count("totalItems"),
            replies=note.record("replies").count("totalItems"),
        ),
        url=_url(note, uri),
        edited_at=edited if edited != created else None,
        elsewhere=references(elsewhere(reply) if reply else None, quote),
        extra=_extra(note, tags, titled),
    )


def _said(note: Properties) -> HtmlText:
    """Return the text of an object, below its title."""
    content = note.only_text("content")
    if content is None:
        content = next(iter(note.texts_by_language("contentMap").values()), "")
    is_plain = (note.text("mediaType")).partition(";")[0].strip().lower() in _PLAIN
    html = HtmlText(content.strip()) if is_plain else post_text.read(content)
    title = _plain(note.optional("name"))
    return _below(title, html) if title and not html.text.startswith(title) else html


def _below(title: str, content: HtmlText) -> HtmlText:
    above = f"{title}\n\n" if content.text else title
    facets = shift(content.facets, len(above))
    return replace(content, text=above + content.text, facets=facets)


def _plain(text: str | None) -> str | None:
    """Return a line that Mastodon has as text and others as HTML; None if it is empty."""
    if not text or not text.strip():
        return None
    return post_text.read(text).text if re.match(r"\s*<(?:p|div|span|br)\b", text) else text


def _url(note: Properties, uri: str) -> str | None:
    """Return the page of a post: a web address, and of several the HTML one."""
    pages = [t for t in note.records("url") if t.text("mediaType") == "text/html"]
    addresses = [page.address("href") or "" for page in pages] + [*note.addresses("url"), uri]
    return next(filter(is_web, addresses), None)


def _linked(note: Properties) -> tuple[str, ...]:
    """Return the addresses of a post's link cards."""
    cards = [t for t in note.records("attachment") if t.kind == "Link"]
    return tuple(url for c in cards if (url := c.address("href")) and is_web(url))


def _quote(note: Properties, content: HtmlText, tags: Tags) -> Elsewhere | None:
    """Return the quoted post (FEP-044f, FEP-e232, Misskey, or Mastodon's own field)."""
    for key in _QUOTES:
        if uri := note.address(key):
            quote = elsewhere(uri)
            state: Literal["deleted"] | None = "deleted" if _is_gone(note) else None
            return Elsewhere(quote.id, quote.url, quote.author, state)
    for uri in (*tags.quotes, *content.quotes):
        return elsewhere(uri)
    return None


def _is_gone(note: Properties) -> bool:
    return note.record("quote").kind == "Tombstone"


def _poll(note: Properties) -> Poll | None:
    answers = note.records("oneOf") or note.records("anyOf")
    options = tuple(
        PollOption(answer.text("name"), answer.record("replies").count("totalItems"))
        for answer in answers
    )
    if not options:
        return None
    return Poll(options, note.time("endTime"), note.count("votersCount"))


def is_language(tag: str) -> bool:
    """Return whether a text is a language tag, and not that for no language."""
    return tag != "und" and _LANGUAGE.fullmatch(tag) is not None


def _extra(note: Properties, tags: Tags, titled: bool) -> tuple[tuple[str, str], ...]:
    """Return fields outside the schema, as JSON."""
    summary, closed = _plain(note.optional("summary")), note.values.get("closed")
    return extra(
        {
            "summary": summary if titled else None,
            "emoji": {**tags.emoji},
            "poll_choices": "several" if note.records("anyOf") else None,
            "poll_closed": closed if isinstance(closed, str | bool) else None,
            "quote_gone": True if _is_gone(note) and not note.address("quote") else None,
            "quote_authorization": note.address("quoteAuthorization"),
            "starts_at": note.time("startTime") if note.kind == "Event" else None,
            "ends_at": note.time("endTime") if note.kind == "Event" else None,
            "texts": _translations(note),
        }
    )


def _translations(note: Properties) -> dict[str, Json]:
    """Return the text in other languages, if a post has several."""
    texts = note.texts_by_language("contentMap")
    text = note.optional("content")
    others = {k: v for k, v in texts.items() if v != text} if text and len(texts) > 1 else {}
    return {k: post_text.read(v).text for k, v in others.items()}
