"""Convert statuses of the Mastodon client API and of compatible servers to posts.

https://docs.joinmastodon.org/entities/Status/. Pixelfed exports such a list, backup tools save the
pages of `/api/v1/accounts/ID/statuses`. Pixelfed adds `content_text`, Pleroma `pleroma.content`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from sitegen.formats.html import post_text
from sitegen.formats.html.post_text import HtmlText
from sitegen.model import (
    Author,
    Card,
    Counts,
    Elsewhere,
    Json,
    Media,
    MediaKind,
    Poll,
    PollOption,
    Post,
    Profile,
)
from sitegen.sources import Exclusion
from sitegen.sources.mastodon.activitypub.account import Account
from sitegen.sources.mastodon.activitypub.activities import (
    Item,
    ItemResult,
    exclusion_reason,
    with_visibility,
)
from sitegen.sources.mastodon.activitypub.audience import (
    Audience,
    audience_of_fields,
    audience_of_word,
    closing_word,
    narrower,
)
from sitegen.sources.mastodon.activitypub.ids import NETWORK, elsewhere, host, is_web, post_id
from sitegen.sources.mastodon.activitypub.notes import is_language
from sitegen.sources.mastodon.activitypub.properties import Properties
from sitegen.sources.post_parts import extra, references, without_doubles

_KINDS: dict[str, MediaKind] = {
    "image": "image", "video": "video", "gifv": "video", "audio": "audio",
}  # fmt: skip


def read_status(
    status: Properties, record: str, account: Account, local: Mapping[str, str]
) -> ItemResult:
    """Read a status; `local` maps its server's ids to those of posts."""
    name = _uri(status) or record
    if not _uri(status):
        return ItemResult(Exclusion(name, "damaged", "has no address"))
    inner = status.record("reblog")
    audiences = [(audience_of_status(s), _word(s)) for s in (status, inner) if s.values]
    audience = narrower(*[audience for audience, _ in audiences])
    if hidden := exclusion_reason(audience, account, dict(reversed(audiences))[audience]):
        return ItemResult(Exclusion(name, *hidden), hidden=post_id(name))
    post = _repost(status, inner, account) if inner.values else _post(status, account, local)
    shows = (post.text, post.media, post.poll, post.quote_of, post.warning, post.repost_of)
    if not any(shows):
        return ItemResult(Exclusion(name, "no content"))
    return ItemResult(Item(with_visibility(post, audience), name))


def audience_of_status(status: Properties) -> Audience:
    """Return the audience of a status: only known public words open it."""
    if status.values.get("local_only") is True:
        return "narrow"
    others = {key: value for key, value in status.values.items() if key != "visibility"}
    own = audience_of_fields(Properties(others, Counter()))
    return narrower(audience_of_word(status.values.get("visibility")), own)


def local_ids(statuses: list[Mapping[str, Any]]) -> dict[str, str]:
    """Map the ids that a server gives its statuses to the ids of posts."""
    local: dict[str, str] = {}
    for value in statuses:
        status = Properties(value, Counter())
        uri, number = _uri(status), status.identifier("id")
        if uri and number:
            local[number] = post_id(uri)
    return local


def author_of(status: Properties, account: Account) -> Author:
    """Return the author of a status."""
    owner, uri = status.record("account"), _uri(status) or ""
    handle, known = handle_of(owner, uri), elsewhere(uri).author
    actor = owner.text("uri") or known.id or owner.optional("url")
    if actor and handle:
        account.handles[actor] = handle
    return Author(handle or known.handle, actor or None, owner.text("display_name") or None)


def handle_of(owner: Properties, uri: str) -> str | None:
    """Return the handle of an account with its host; `uri` is of one of its posts."""
    name = owner.text("acct") or owner.optional("username")
    server = host(owner.text("uri")) or host(owner.text("url")) or host(uri)
    return name if not name or "@" in name or not server else f"{name}@{server}"


def profile_of(status: Properties, account: Account) -> Profile | None:
    """Return the profile of an author, as the status shows it."""
    author, owner = author_of(status, account), status.record("account")
    if not author.id or not owner.values:
        return None
    url = owner.optional("url")
    return Profile(
        id=author.id,
        network=NETWORK,
        handle=author.handle,
        name=author.name,
        bio=post_text.read(owner.text("note")).text,
        url=url if url and is_web(url) else None,
        details=tuple(
            (field.text("name"), post_text.read(field.text("value")).text)
            for field in owner.records("fields")
        ),
    )


def _post(status: Properties, account: Account, local: Mapping[str, str]) -> Post:
    content = _content_text(status)
    names = [_full_name(mention) for mention in status.records("mentions")]
    tags = [tag.text("name") for tag in status.records("tags")]
    reply = _parent(status, local)
    quote = _quoted_post(status)
    created, edited = status.time("created_at"), status.time("edited_at")
    author, url = author_of(status, account), status.optional("url")
    language = status.optional("language")
    if status.has("place"):
        account.oddities["positions left out"] += 1
    return Post(
        id=post_id(_uri(status) or ""),
        network=NETWORK,
        text=content.text,
        created_at=created,
        author=author,
        reply_to=reply.id if reply else None,
        quote_of=quote.id if quote else None,
        facets=content.facets,
        links=content.links,
        mentions=without_doubles([n for n in names if n] or [*content.mentions]),
        tags=without_doubles([*content.tags, *(tag.lstrip("#") for tag in tags if tag)]),
        media=tuple(filter(None, map(_media, status.records("media_attachments"))))
        + content.images,
        card=_card(status.record("card")),
        poll=_poll(status.record("poll")),
        warning=status.text("spoiler_text") or None,
        sensitive=status.may_be("sensitive") and not status.text("spoiler_text"),
        langs=(language,) if language and is_language(language) else (),
        counts=Counts(
            likes=status.count("favourites_count"),
            reposts=status.count("reblogs_count"),
            replies=_first(status.count("replies_count"), status.count("reply_count")),
            quotes=status.count("quotes_count"),
        ),
        url=url if url and is_web(url) else _web(_uri(status)),
        edited_at=edited if edited != created else None,
        elsewhere=references(reply, quote),
        extra=_extra(status),
    )


def _repost(status: Properties, inner: Properties, account: Account) -> Post:
    """Convert a repost with its content, which is never the owner's own words."""
    original = _post(inner, account, {})
    uri = _uri(inner)
    origin = elsewhere(uri, original.author.id) if uri else Elsewhere(original.id or "unknown")
    return replace(
        original,
        id=post_id(_uri(status) or ""),
        created_at=status.time("created_at"),
        author=author_of(status, account),
        reply_to=None,
        quote_of=None,
        repost_of=origin.id,
        counts=Counts(),
        url=None,
        edited_at=None,
        elsewhere=(replace(origin, author=original.author),),
    )


def _uri(status: Properties) -> str | None:
    """Return the address of a status as its outbox has it."""
    uri, url, number = status.optional("uri"), status.optional("url"), status.identifier("id")
    owner = status.record("account")
    server = host(owner.text("uri")) or host(owner.text("url"))
    return uri or url or (f"{number}@{server}" if number and server else number)


def _web(uri: str | None) -> str | None:
    return uri if uri and is_web(uri) else None


def _content_text(status: Properties) -> HtmlText:
    """Return the text: the author's own plain text if it differs from the HTML."""
    html, own = status.optional("content"), _own_text(status)
    html_text = post_text.read(html or "")
    if own is None or own.strip() == html_text.text or (html and not own.strip()):
        return html_text
    return HtmlText(own.strip())


def _own_text(status: Properties) -> str | None:
    if status.has("content_text"):
        return status.optional("content_text")
    return None if status.has("content") else status.optional("text")


def _full_name(mention: Properties) -> str:
    name = mention.text("acct") or mention.text("username")
    server = host(mention.text("url"))
    return name if "@" in name or not server or not name else f"{name}@{server}"


def _parent(status: Properties, local: Mapping[str, str]) -> Elsewhere | None:
    """Return the parent of a reply, by the id that its server gave it."""
    number = status.identifier("in_reply_to_id")
    if not number:
        return None
    server = host(_uri(status) or "")
    known = local.get(number)
    return Elsewhere(known or (f"{number}@{server}" if server else number))


def _quoted_post(status: Properties) -> Elsewhere | None:
    quote = status.record("quote")
    shown = quote.record("quoted_status")
    uri = _uri(shown) if shown.values else _uri(quote)
    return elsewhere(uri) if uri else None


def _media(file: Properties) -> Media | None:
    url = next((u for key in ("url", "remote_url", "preview_url") if (u := file.text(key))), None)
    alt = file.text("description") or None
    kind = (file.text("type")).lower()
    if not url and not alt:
        return None
    return Media(_KINDS.get(kind, "file"), None, alt, url)


def _card(card: Properties) -> Card | None:
    url = card.optional("url")
    if not url or not is_web(url):
        return None
    return Card(card.text("title"), card.text("description"), url)


def _poll(poll: Properties) -> Poll | None:
    options = tuple(
        PollOption(option.text("title"), option.count("votes_count"))
        for option in poll.records("options")
    )
    return Poll(options, poll.time("expires_at"), poll.count("voters_count")) if options else None


def _extra(status: Properties) -> tuple[tuple[str, str], ...]:
    """Return fields outside the schema, as JSON."""
    emoji: dict[str, Json] = {
        f":{code}:": e.text("url")
        for e in status.records("emojis")
        if (code := e.text("shortcode"))
    }
    return extra(
        {
            "emoji": emoji,
            "poll_choices": "several" if status.record("poll").flag("multiple") else None,
        }
    )


def _word(status: Properties) -> str | None:
    if status.values.get("local_only") is True:
        return "local"
    word = status.values.get("visibility")
    if audience_of_word(word) in ("public", "unlisted"):
        return closing_word(audience_of_status(status), status)
    return word if type(word) is str else None


def _first(*counts: int | None) -> int | None:
    return next((count for count in counts if count is not None), None)
