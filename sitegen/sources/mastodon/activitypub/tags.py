"""The `tag` list of a note: mentions, hashtags, custom emoji, quotes."""

from __future__ import annotations

from msgspec.structs import replace

from sitegen.formats.html.post_text import HtmlText
from sitegen.model import Facet
from sitegen.sources.mastodon.activitypub.ids import host
from sitegen.sources.mastodon.activitypub.properties import Properties
from sitegen.sources.post_parts import without_doubles

_QUOTE = "https://misskey-hub.net/ns#_misskey_quote"


class Tags:
    """The tags of a note; `handles` are those of accounts by their address."""

    def __init__(self, note: Properties) -> None:
        self.handles: dict[str, str] = {}
        self.names: list[str] = []
        self.hashtags: list[str] = []
        self.emoji: dict[str, str] = {}
        self.quotes: list[str] = []
        for tag in note.records("tag"):
            self._take(tag)

    def named(self, content: HtmlText) -> HtmlText:
        """Return a text whose mentions have the full names from the tags.

        The text shows a name and links to a page; if a server's accounts have another host
        than its pages, only the tag has it. What only the tags mention is listed, too.
        """
        facets = tuple(
            Facet(f.start, f.end, f.kind, self._name(f.value)) if f.kind == "mention" else f
            for f in content.facets
        )
        mentions = [f.value for f in facets if f.kind == "mention"]
        return replace(
            content,
            facets=facets,
            mentions=without_doubles([*mentions, *self.names]),
            tags=without_doubles([*content.tags, *self.hashtags]),
        )

    def _take(self, tag: Properties) -> None:
        name, href = tag.text("name"), tag.address("href") or ""
        if tag.kind == "Mention" and name.strip("@"):
            at = host(href)
            full = name.removeprefix("@")
            full = full if "@" in full or not at else f"{full}@{at}"
            self.names.append(full)
            if href:
                self.handles[href] = full
        elif tag.kind == "Hashtag" and name.strip("#＃"):
            self.hashtags.append(name.lstrip("#＃"))
        elif tag.kind == "Emoji" and name:
            self.emoji[name] = tag.record("icon").address("url") or ""
        elif tag.kind == "Link" and tag.text("rel") == _QUOTE and href:
            self.quotes.append(href)

    def _name(self, shown: str) -> str:
        """Find the tag of a mention in the text."""
        exact = [n for n in self.names if n.casefold() == shown.casefold()]
        name = shown.partition("@")[0].casefold()
        alike = [n for n in self.names if n.partition("@")[0].casefold() == name]
        if exact or len(alike) == 1:
            return (exact or alike)[0]
        return shown
