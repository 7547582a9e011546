"""Decide which ids identify items, and derive ids for the others.

A guid identifies an item if no other item of the feed has it and it is specific enough:
"N/A", or the address of the site, is what a naive program writes. A feed shows
one item today and two tomorrow, so whether a guid is usable must not depend on what else
is there: only if several items share it do all of these get ids derived from their content.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from sitegen.model import Media, Post
from sitegen.sources.feeds.items.items import Channel, Item
from sitegen.sources.feeds.items.post_ids import derived_id
from sitegen.threads import Key, key

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,31}:\S")
_WEB = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)
_NUMBER = re.compile(r"[1-9]")
_NOTHING = re.compile(r"(?:urn:uuid:)?[0-]+|-1", re.IGNORECASE)
_MIN_ID_LETTERS, _MIN_VARIETY = 16, 3
_WORD = re.compile(r"[^\W_]+")


class Entry(Struct, frozen=True):
    """A post with what distinguishes it: its content, and its time as written."""

    post: Post
    shown: str
    published: str | None = None


def own_id(item: Item, channel: Channel) -> str:
    """Return an item's own id, or its address; "" if neither is usable.

    The address counts only if there is no id: a program that writes unusable ids may
    write one address for all items.
    """
    guid = (item.id or item.url or "").strip()
    return guid if _can_name(guid, item, channel) else ""


def _can_name(guid: str, item: Item, channel: Channel) -> bool:
    """Return whether an id can identify one item."""
    address = _plain(guid)
    if not address or _NOTHING.fullmatch(guid):
        return False
    if address in (_plain(channel.home or ""), _plain(channel.itself or "")):
        return False
    if _WEB.match(guid):
        return re.search(r"[/?#].", address) is not None
    is_address = _SCHEME.match(guid) or (guid.startswith("/") and guid != "/")
    has_number = _NUMBER.search(guid) is not None
    return bool(is_address or has_number or _is_long(guid) or _is_in(guid, item.url))


def _is_long(guid: str) -> bool:
    """Return whether an id has enough variety; "undefined-undefined" does not."""
    words = _WORD.findall(guid.casefold())
    is_varied = len(words) == 1 or len(set(words)) > 1
    return (
        len(guid) >= _MIN_ID_LETTERS
        and len(set(guid)) > _MIN_VARIETY
        and is_varied
        and " " not in guid
    )


def _is_in(guid: str, url: str | None) -> bool:
    """Return whether an id is a part of the item's own address."""
    parts = re.split(r"[/?#&=.]", _plain(url or "").partition("/")[2])
    return len(guid) > 1 and guid.casefold() in parts


def _plain(address: str) -> str:
    """Normalise an address for comparison: without scheme, "www", and trailing slash."""
    return _WEB.sub("", address.strip(), count=1).rstrip("/#?").casefold()


def shown(text: str, media: Iterable[Media]) -> str:
    """Return the content that distinguishes an item without an id."""
    return "\n".join([text, *(medium.origin or "" for medium in media)])


def settle(entries: Sequence[Entry], home: str | None) -> list[Post]:
    """Return posts in their order, with ids that several of them share replaced by derived ones."""
    posts = [entry.post for entry in entries]
    for made in (derived_id, _exact_id):
        taken = _shared(zip(map(key, posts), entries, strict=True))
        if not taken:
            break
        posts = [
            replace(post, id=made(post.created_at, entry.shown, home))
            if key(post) in taken
            else post
            for post, entry in zip(posts, entries, strict=True)
        ]
    return posts


def _shared(named: Iterable[tuple[Key, Entry]]) -> frozenset[Key]:
    """Return the ids that posts with different content or times share."""
    contents: dict[Key, set[tuple[str, str | None]]] = defaultdict(set)
    for name, entry in named:
        contents[name].add((entry.shown, entry.published))
    return frozenset(name for name, words in contents.items() if len(words) > 1)


def _exact_id(created_at: str | None, shown: str, home: str | None) -> str:
    """Derive an id from the signs and seconds as well, which a derived id ignores."""
    derived = derived_id(created_at, shown, home)
    exact = f"{created_at}\n{shown}\n{home or ''}"
    digest = hashlib.sha256(exact.encode("utf-8", "replace")).hexdigest()[:8]
    return f"{derived.rpartition('-')[0]}-{digest}"
