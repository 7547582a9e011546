"""Read the embed of a post: pictures, a video, a link card, another record.

`app.bsky.embed.*`: images, gallery, video, external, record, recordWithMedia. The record is
authoritative; the API's view adds the URLs of files and details of other accounts' records.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from sitegen.model import Author, Card, Elsewhere, Json, Media, MediaKind
from sitegen.sources import at_uris
from sitegen.sources.at_uris import Address
from sitegen.sources.bluesky.records.record_fields import RecordFields, blob
from sitegen.text.facets import is_safe_url

_EMBED = "app.bsky.embed."
# Collections shown as a card: the default title, and the path of the public page.
_CARDS = {
    "app.bsky.feed.generator": ("Feed", "/profile/{0}/feed/{1}"),
    "app.bsky.graph.list": ("List", "/profile/{0}/lists/{1}"),
    "app.bsky.graph.starterpack": ("Starter pack", "/starter-pack/{0}/{1}"),
    "app.bsky.labeler.service": ("Labeler", "/profile/{0}"),
}


class Embed(Struct, frozen=True):
    """The contents of a post's embed; `more` is what the schema has no field for."""

    media: tuple[Media, ...] = ()
    card: Card | None = None
    quote: Elsewhere | None = None
    links: tuple[str, ...] = ()
    more: dict[str, Json] = {}


NO_EMBED = Embed()


def read_embed(record: RecordFields, view: RecordFields, blobs: Container[str]) -> Embed:
    """Return the embed of a post's record.

    `view` is the API's view of the embed, empty if there is none; `blobs` are the
    CIDs of the files that are available.
    """
    embed = record.record("embed")
    if not embed.values:
        return NO_EMBED
    read = _READERS.get(embed.kind)
    if read is None:
        record.oddities[f"embeds of a kind that is not known: {embed.kind or 'none'}"] += 1
        return Embed(more=record.raw(["embed"]))
    return read(embed, view, blobs)


def account(view: RecordFields) -> Author:
    """Return the author that the API's view of an account describes."""
    return Author(
        at_uris.handle(view.text("handle")),
        view.optional("did"),
        view.text("displayName") or None,
    )


def _images(embed: RecordFields, view: RecordFields, blobs: Container[str]) -> Embed:
    return Embed(media=_pictures(embed.records("images"), view.records("images"), blobs))


def _gallery(embed: RecordFields, view: RecordFields, blobs: Container[str]) -> Embed:
    return Embed(media=_pictures(embed.records("items"), view.records("items"), blobs))


def _pictures(
    items: list[RecordFields], views: list[RecordFields], blobs: Container[str]
) -> tuple[Media, ...]:
    shown = (
        views if len(views) == len(items) else [RecordFields({}, item.oddities) for item in items]
    )
    return tuple(
        _file("image", item.record("image"), item.text("alt"), view.text("fullsize"), blobs)
        for item, view in zip(items, shown, strict=True)
    )


def _video(embed: RecordFields, view: RecordFields, blobs: Container[str]) -> Embed:
    video = _file("video", embed.record("video"), embed.text("alt"), view.text("playlist"), blobs)
    captions = [
        _file(
            "file",
            c.record("file"),
            f"Captions: {c.text('lang') or 'no language'}",
            None,
            blobs,
        )
        for c in embed.records("captions")
    ]
    more = embed.raw(["presentation"]) if embed.text("presentation") else {}
    return Embed(media=(video, *captions), more=more)


def _file(
    kind: MediaKind, file: RecordFields, alt: str | None, url: str | None, blobs: Container[str]
) -> Media:
    """Return a media file: the local one, else its URL or CID as the origin."""
    cid = blob(file)
    if not cid and not url:
        file.oddities["embeds that name no file"] += 1
    path = cid if cid and cid in blobs else None
    return Media(kind, path, alt or None, url if url and path is None else cid)


def _external(embed: RecordFields, view: RecordFields, blobs: Container[str]) -> Embed:
    page, shown = embed.record("external"), view.record("external")
    url = page.optional("uri")
    if not url or not is_safe_url(url):
        embed.oddities["cards without a web address"] += 1
        url = None
    cid = blob(page.record("thumb"))
    card = Card(page.text("title"), page.text("description"), url, cid if cid in blobs else None)
    picture = cid or shown.text("thumb")
    return Embed(card=card, more={"card_image": picture} if picture else {})


def _record(embed: RecordFields, view: RecordFields, blobs: Container[str]) -> Embed:
    uri, shown = embed.record("record").text("uri"), view.record("record")
    target = at_uris.address(uri)
    if target is None:
        embed.oddities["embedded records without an address"] += 1
        return NO_EMBED if not uri else Embed(more=embed.raw(["record"]))
    if target.collection == at_uris.POST:
        return Embed(quote=_quote(target, shown))
    if card := _card(target, shown):
        return Embed(card=card)
    embed.oddities[f"embedded records of a kind that is not known: {target.collection}"] += 1
    return Embed(more=embed.raw(["record"]))


def _with_media(embed: RecordFields, view: RecordFields, blobs: Container[str]) -> Embed:
    """Return a record with media; of two cards the record's becomes a link."""
    quoted = _record(embed.record("record"), view.record("record"), blobs)
    shown = RecordFields({"embed": embed.values.get("media")}, embed.oddities)
    media = read_embed(shown, view.record("media"), blobs) if _is_shallow(embed) else NO_EMBED
    more = quoted.more | media.more
    if media.card is None or quoted.card is None:
        return replace(media, card=media.card or quoted.card, quote=quoted.quote, more=more)
    links = (quoted.card.url,) if quoted.card.url else ()
    return replace(media, links=links, more=more)


def _is_shallow(embed: RecordFields) -> bool:
    """Return whether an embed is not nested too deeply."""
    if embed.record("media").kind != f"{_EMBED}recordWithMedia":
        return True
    embed.oddities["embeds within embeds left out"] += 1
    return False


def _quote(target: Address, view: RecordFields) -> Elsewhere:
    return Elsewhere(
        target.post_id, target.url, author_of(target, view.record("author")), state(view)
    )


def author_of(target: Address, view: RecordFields) -> Author:
    """Return the author of the record at an address, from the view if it is the same account."""
    shown = account(view)
    return shown if shown.id and shown.id == target.account else target.author


def state(view: RecordFields) -> Any:
    """Return why a view shows no post (deleted or blocked), or None."""
    kind = view.kind
    if kind.endswith(("#viewNotFound", "#notFoundPost", "#threadItemNotFound")):
        return "deleted"
    if kind.endswith(("#viewBlocked", "#blockedPost", "#threadItemBlocked")):
        return "blocked"
    if view.values.get("notFound") is True:
        return "deleted"
    return "blocked" if view.values.get("blocked") is True else None


def _card(target: Address, view: RecordFields) -> Card | None:
    """Return the card of a feed, list, labeler or starter pack, with its name if there is one."""
    what, path = _CARDS.get(target.collection, (None, ""))
    if what is None:
        return None
    names = [
        view.text("displayName"),
        view.text("name"),
        view.record("record").text("name"),
    ]
    title = next((name for name in names if name), what)
    about = view.text("description") or view.record("record").text("description")
    return Card(title, about, at_uris.SITE + path.format(target.account, target.key))


_READERS: dict[str, Callable[[RecordFields, RecordFields, Container[str]], Embed]] = {
    f"{_EMBED}images": _images,
    f"{_EMBED}gallery": _gallery,
    f"{_EMBED}video": _video,
    f"{_EMBED}external": _external,
    f"{_EMBED}record": _record,
    f"{_EMBED}recordWithMedia": _with_media,
}
