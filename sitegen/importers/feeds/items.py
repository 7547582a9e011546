"""What feeds of every kind have in common: an item, and the feed or page that it stands in."""

from __future__ import annotations

from msgspec import Struct

from sitegen.importers import Exclusion, Oddity
from sitegen.model import Author, Counts, MediaKind

_KINDS: dict[str, MediaKind] = {"image": "image", "video": "video", "audio": "audio"}
_ENDINGS: dict[str, MediaKind] = {
    **dict.fromkeys(("jpg", "jpeg", "png", "gif", "webp", "avif", "svg"), "image"),
    **dict.fromkeys(("mp4", "webm", "mov", "m4v"), "video"),
    **dict.fromkeys(("mp3", "m4a", "ogg", "opus", "wav", "flac"), "audio"),
}


class Writing(Struct, frozen=True):
    """A text as its source has it: plain or HTML, whose relative addresses are of `base`."""

    value: str
    is_html: bool = False
    base: str | None = None


class Enclosure(Struct, frozen=True):
    """A file that an item shows: its address, what it is, and its description."""

    url: str
    kind: MediaKind
    alt: str | None = None


class Reference(Struct, frozen=True):
    """A post that an item answers, quotes or reposts: its address, and who wrote it."""

    url: str
    author: Author = Author()


class Item(Struct, frozen=True, kw_only=True):
    """An item of a feed, an entry of an h-feed: all texts and times as they came."""

    place: str
    id: str | None = None
    url: str | None = None
    title: Writing | None = None
    content: Writing | None = None
    published: str | None = None
    updated: str | None = None
    author: Author | None = None
    tags: tuple[str, ...] = ()
    files: tuple[Enclosure, ...] = ()
    language: str | None = None
    warning: str | None = None
    reply_to: Reference | None = None
    quote_of: Reference | None = None
    repost_of: Reference | None = None
    external: str | None = None
    counts: Counts = Counts()
    extra: tuple[tuple[str, str], ...] = ()


class Channel(Struct, frozen=True, kw_only=True):
    """A whole feed: what it tells of itself, its items, and what became no item."""

    found: str
    items: tuple[Item, ...] = ()
    home: str | None = None
    title: str | None = None
    about: str = ""
    author: Author | None = None
    language: str | None = None
    details: tuple[tuple[str, str], ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    oddities: tuple[Oddity, ...] = ()


def kind_of(media_type: str | None, url: str, medium: str | None = None) -> MediaKind:
    """Return what a file is, by what is said of it, else by how its address ends."""
    for told in (medium, (media_type or "").partition("/")[0]):
        if told and (kind := _KINDS.get(told.strip().lower())):
            return kind
    ending = url.split("?", 1)[0].split("#", 1)[0].rpartition(".")[2].lower()
    return _ENDINGS.get(ending, "file")
