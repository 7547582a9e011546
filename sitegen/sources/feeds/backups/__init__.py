"""Apply the elements that say who may see an item, in backups and in other feeds.

A backup has everything: drafts, private posts, comments, settings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from sitegen.sources.feeds.backups import blogger, indieweb, ostatus, wordpress
from sitegen.sources.feeds.items.items import PUBLIC, Access, Item, narrowest
from sitegen.sources.feeds.xml.elements import Element


class Kinds(Struct, frozen=True):
    """What a feed is a backup of, and the display names of its authors by login.

    `access` is who may see the feed, which applies to all its items.
    """

    is_wordpress: bool = False
    is_blogger: bool = False
    is_ostatus: bool = False
    authors: Mapping[str, str] = {}
    access: Access = PUBLIC


def kinds_of(
    families: frozenset[str],
    elements: Sequence[Element],
    items: Sequence[tuple[Sequence[Element], Sequence[blogger.Category]]],
) -> Kinds:
    """Detect the kinds of a feed by its declarations and the elements of its items."""
    return Kinds(
        is_wordpress="wp" in families,
        is_blogger=any(blogger.is_of_takeout(has) or blogger.has_kind(c) for has, c in items),
        is_ostatus=bool(families & {"activity", "mastodon"}),
        authors=wordpress.authors(elements),
        access=indieweb.access_of_elements(elements),
    )


def apply_access(
    item: Item,
    elements: Sequence[Element],
    categories: Sequence[blogger.Category],
    kinds: Kinds,
) -> Item:
    """Return an item with its access, completed as its backup or network requires."""
    access = narrowest(
        wordpress.access(elements, kinds.is_wordpress),
        blogger.access(elements, categories, kinds.is_blogger),
        ostatus.access(elements),
        indieweb.access_of_elements(elements),
        kinds.access,
    )
    if access.reason and access.include is None:
        return Item(place=item.place, access=access)  # its content is never needed
    item = replace(item, access=access)
    if kinds.is_wordpress:
        item = wordpress.complete(item, elements, kinds.authors)
    if kinds.is_ostatus:
        item = ostatus.complete(item, elements)
    return item
