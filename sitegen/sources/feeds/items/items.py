"""Define the common model of all feeds: items, and the channel that contains them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from sitegen.model import Author, Counts, MediaKind, Visibility
from sitegen.sources import Exclusion, Include, Reason

DOWNLOAD_AGAIN = "download it again, and see that it is whole."


class Writing(Struct, frozen=True):
    """A text as in the source: plain or HTML, with the base of its relative addresses."""

    value: str
    is_html: bool = False
    base: str | None = None


class Enclosure(Struct, frozen=True):
    """A file of an item: its address, its kind, and its description."""

    url: str
    kind: MediaKind
    alt: str | None = None


class Reference(Struct, frozen=True):
    """A post that an item answers, quotes or reposts: its address and author."""

    url: str
    author: Author = Author()


class Access(Struct, frozen=True):
    """Who may see an item: everybody, unless there is a reason to exclude it.

    `include` is the option that imports it nevertheless, `visibility` the post's visibility then.
    The detail names a kind and never quotes the item.
    """

    reason: Reason | None = None
    detail: str = ""
    include: Include | None = None
    visibility: Visibility | None = None

    def is_open(self, included: Collection[str]) -> bool:
        """Return whether the item may be imported with these options."""
        return self.reason is None or (self.include is not None and self.include in included)


PUBLIC = Access()


def unknown(detail: str) -> Access:
    """Return the access of an item whose visibility is stated in unknown words."""
    return Access("not public", detail, "unknown", "unknown")


def by_words(table: Mapping[str, Access], words: Iterable[str], missing: str) -> Iterator[Access]:
    """Yield the access for each word; it is unknown for words that are not in the table."""
    return (table.get(word) or unknown(missing) for word in words)


def narrowest(*statements: Access) -> Access:
    """Return the access with the fewest viewers.

    If the reasons need different options, no option includes the item.
    """
    closed = [access for access in statements if access.reason]
    if not closed:
        return next((access for access in statements if access.visibility), PUBLIC)
    first = min(closed, key=lambda access: access.include is not None)
    is_agreed = all(access.include == first.include for access in closed)
    return first if is_agreed else replace(first, include=None)


class Item(Struct, frozen=True, kw_only=True):
    """An item of a feed or h-feed, with texts and times as written.

    `named` is the network and the post's id there, if they do not follow from its address.
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
    sensitive: bool = False
    reply_to: Reference | None = None
    quote_of: Reference | None = None
    repost_of: Reference | None = None
    external: str | None = None
    counts: Counts = Counts()
    extra: tuple[tuple[str, str], ...] = ()
    access: Access = PUBLIC


class Channel(Struct, frozen=True, kw_only=True):
    """A whole feed: its own fields, its items, and its exclusions.

    `home` is the feed's page, `itself` its own address, `until` when it was made or last changed.
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
    oddities: Mapping[str, int] = {}

    def within(self, name: str) -> Channel:
        """Return the feed with the name of its file before the places of its items."""
        return replace(
            self,
            items=tuple(replace(i, place=f"{name}, {i.place}") for i in self.items),
            exclusions=tuple(replace(e, record=f"{name}, {e.record}") for e in self.exclusions),
        )
