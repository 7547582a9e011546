"""What feeds of every kind have in common: an item, and the feed or page that it stands in."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct
from msgspec.structs import replace

from sitegen.model import Author, Counts, MediaKind, Visibility
from sitegen.sources import Exclusion, Include, Oddity, Reason

DOWNLOAD_AGAIN = "download it again, and see that it is whole."
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


class Access(Struct, frozen=True):
    """Who may see an item: everybody, unless there is a reason to leave it out.

    `include` is the option that lets it in nevertheless, `visibility` what its post then has. The
    detail names a kind and has no word of the item.
    """

    reason: Reason | None = None
    detail: str = ""
    include: Include | None = None
    visibility: Visibility | None = None

    def is_open(self, included: Collection[str]) -> bool:
        """Return whether an item may be imported with these options."""
        return self.reason is None or (self.include is not None and self.include in included)


PUBLIC = Access()


def unknown(detail: str) -> Access:
    """Make the access of an item that says who may see it in words that are not known."""
    return Access("not public", detail, "unknown", "unknown")


def narrowest(*found: Access) -> Access:
    """Return the access that shows an item to the fewest.

    Where the reasons need different options, none of these lets the item in.
    """
    closed = [access for access in found if access.reason]
    if not closed:
        return next((access for access in found if access.visibility), PUBLIC)
    first = min(closed, key=lambda access: access.include is not None)
    is_agreed = all(access.include == first.include for access in closed)
    return first if is_agreed else replace(first, include=None)


class Item(Struct, frozen=True, kw_only=True):
    """An item of a feed, an entry of an h-feed: all texts and times as they came.

    `named` is the network and the id there of a post whose address says something else.
    """

    place: str
    named: tuple[str, str] | None = None
    id: str | None = None
    url: str | None = None
    title: Writing | None = None
    content: Writing | None = None
    summary: Writing | None = None
    published: str | None = None
    updated: str | None = None
    author: Author | None = None
    tags: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    files: tuple[Enclosure, ...] = ()
    language: str | None = None
    warning: str | None = None
    reply_to: Reference | None = None
    quote_of: Reference | None = None
    repost_of: Reference | None = None
    external: str | None = None
    counts: Counts = Counts()
    extra: tuple[tuple[str, str], ...] = ()
    access: Access = PUBLIC


class Channel(Struct, frozen=True, kw_only=True):
    """A whole feed: what it tells of itself, its items, and what became no item.

    `home` is the page that the feed is of, `itself` where the feed is, `until` when it was made.
    """

    found: str
    items: tuple[Item, ...] = ()
    home: str | None = None
    itself: str | None = None
    title: str | None = None
    about: str = ""
    author: Author | None = None
    language: str | None = None
    until: str | None = None
    details: tuple[tuple[str, str], ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    oddities: tuple[Oddity, ...] = ()


def kind_of(media_type: str | None, url: str, medium: str | None = None) -> MediaKind:
    """Return what a file is, by what is said of it, else by how its address ends."""
    for kind_name in (medium, (media_type or "").partition("/")[0]):
        if kind_name and (kind := _KINDS.get(kind_name.strip().lower())):
            return kind
    ending = url.split("?", 1)[0].split("#", 1)[0].rpartition(".")[2].lower()
    return _ENDINGS.get(ending, "file")
