"""Select the items of a feed that may be published; exclude the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from sitegen.sources import Exclusion, Options
from sitegen.sources.feeds.items.items import Channel, Item

_EXPLANATIONS = {
    "unknown": "their source does not say in words that sitegen knows that they are public",
    "followers": "they are for followers",
    "direct": "they are private messages",
}


class OpenItems(Struct, frozen=True):
    """A feed with only its publishable items, the exclusions of the others, and notes on these."""

    channel: Channel
    exclusions: tuple[Exclusion, ...] = ()
    notes: tuple[str, ...] = ()


def open_items(channel: Channel, options: Options) -> OpenItems:
    """Exclude the items that may not be published with these options."""
    shown = tuple(i for i in channel.items if i.access.is_open(options.include))
    hidden = [i for i in channel.items if not i.access.is_open(options.include)]
    exclusions = [
        Exclusion(i.place, i.access.reason or "not public", i.access.detail) for i in hidden
    ]
    return OpenItems(replace(channel, items=shown), tuple(exclusions), tuple(_notes(hidden)))


def _notes(hidden: Iterable[Item]) -> Iterator[str]:
    counts = Counter(item.access.include for item in hidden if item.access.include)
    for option, count in sorted(counts.items()):
        yield f"Posts left out: {count}; {_EXPLANATIONS[option]}. --include {option} imports them."
