"""Recognise generated titles: they state the kind of post, and are nobody's words."""

from __future__ import annotations

import re

from sitegen.sources.feeds.items.items import Item
from sitegen.sources.feeds.items.post_ids import BLUESKY, MASTODON, X

_UNTITLED_NETWORKS = frozenset((BLUESKY, MASTODON, X))
_PREFIX = re.compile(r"(?:(?:Pinned|R to @\w{1,15}|RT by @\w{1,15}): )+")
_SENTENCE = re.compile(
    r"New status by \S+"
    r"|\S+ (?:shared|favou?rited|liked|repeated|deleted) a (?:status|notice|note|post)(?: by \S+)?"
    r"|\S+ (?:started|stopped|is now|requested to) (?:following|follow) \S+"
    r"|\S+ is no longer following \S+",
    re.IGNORECASE,
)
_KINDS = frozenset((
    "photo", "photos", "photoset", "picture", "image", "gif", "video", "audio", "link", "quote",
))  # fmt: skip


def own_words(title: str, item: Item, network: str, has_media: bool) -> str:
    """Return the author's words in a title; nothing if it only states the kind of post."""
    if network in _UNTITLED_NETWORKS and item.content is not None:
        return ""
    if _SENTENCE.fullmatch(title) or (has_media and title.casefold() in _KINDS):
        return ""
    return title


def bare(title: str) -> str:
    """Remove the prefixes that say how a post came to be in the feed."""
    return _PREFIX.sub("", title, count=1) if _PREFIX.match(title) else title
