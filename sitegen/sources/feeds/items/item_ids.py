"""Decide which ids identify items, and derive ids for the others.

Some programs write "N/A" or the site's address as the id of every item. A feed shows other items
tomorrow, so whether an id is usable depends on the id alone; only if several items share it,
all of them get ids that are derived from their content.
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
    """A post, and what distinguishes it from others: its content, and its time as written."""

    post: Post
    shown: str
    published: str | None = None


def own_id(item: Item, channel: Channel) -> str:
    """Return an item's own id, or its address if it has none; "" if that is not usable.

    The address does not replace an unusable id: such programs may write one address for all items.
    """
    guid = (item.id or item.url or "").strip()
    return guid if _can_identify(guid, item, channel) else ""


def _can_identify(guid: str, item: Item, channel: Channel) -> bool:
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
    return bool(is_address or has_number or _is_long(guid) or _is_part_of_address(guid, item.url))


def _is_long(guid: str) -> bool:
    """Return whether an id is long and varied, unlike "undefined-undefined"."""
    words = _WORD.findall(guid.casefold())
    is_varied = len(set(guid)) > _MIN_VARIETY and (len(words) == 1 or len(set(words)) > 1)
    return is_varied and len(guid) >= _MIN_ID_LETTERS and " " not in guid


def _is_part_of_address(guid: str, url: str | None) -> bool:
    """Return whether an id is a part of the item's address."""
    parts = re.split(r"[/?#&=.]", _plain(url or "").partition("/")[2])
    return len(guid) > 1 and guid.casefold() in parts


def _plain(address: str) -> str:
    """Normalise an address for comparison: without scheme, "www", and trailing slash."""
    return _WEB.sub("", address.strip(), count=1).rstrip("/#?").casefold()


def shown(text: str, media: Iterable[Media]) -> str:
    """Return the content that distinguishes an item without an id."""
    return "\n".join([text, *(medium.origin or "" for medium in media)])


def resolve_collisions(entries: Sequence[Entry], home: str | None) -> list[Post]:
    """Return posts in their order; those that share an id get derived ones."""
    posts = [entry.post for entry in entries]
    for derive in (derived_id, _exact_id):
        shared = _shared_keys(posts, entries)
        for at, (post, entry) in enumerate(zip(posts, entries, strict=True)):
            if key(post) in shared:
                posts[at] = replace(post, id=derive(post.created_at, entry.shown, home))
    return posts


def _shared_keys(posts: Sequence[Post], entries: Sequence[Entry]) -> frozenset[Key]:
    """Return the ids that posts with different content or times share."""
    contents: dict[Key, set[tuple[str, str | None]]] = defaultdict(set)
    for post, entry in zip(posts, entries, strict=True):
        contents[key(post)].add((entry.shown, entry.published))
    return frozenset(post_key for post_key, variants in contents.items() if len(variants) > 1)


def _exact_id(created_at: str | None, shown: str, home: str | None) -> str:
    """Derive an id also from punctuation and seconds, which a derived id ignores."""
    derived = derived_id(created_at, shown, home)
    exact = f"{created_at}\n{shown}\n{home or ''}"
    digest = hashlib.sha256(exact.encode("utf-8", "replace")).hexdigest()[:8]
    return f"{derived.rpartition('-')[0]}-{digest}"
