"""Medium's export: a page a story, drafts among them, each an h-entry in a folder `posts`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from sitegen.errors import SourceError
from sitegen.importers import Exclusion, Imported, Members, Options, Source
from sitegen.importers.feeds.items import Access, Channel, Item, narrowest
from sitegen.importers.feeds.times import iso

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

_FOOTER = re.compile(r"Exported from\s+Medium\b")
_FOOTER_BYTES = re.compile(rb"Exported from\s*(?:<[^<>]*>\s*)*Medium\b")
_STORY = re.compile(r"(?:.*/)?posts/[^/]+\.html?", re.IGNORECASE)
_LONE_STORY = re.compile(r"[^/]+\.html?", re.IGNORECASE)
_PROBED = 3


class Story(Struct, frozen=True):
    """What a page of the export says beside its h-entry: its public address, and its author's."""

    url: str | None = None
    author: str | None = None


def story(page: BeautifulSoup) -> Story | None:
    """Return what a page of Medium's export says of its story; None for any other page.

    Its footer says what it is; where that is missing, the names of its parts do.
    """
    has_footer = _FOOTER.search(" ".join(page.get_text(" ").split()))
    has_parts = page.select_one("[data-field=body]") and page.select_one(".graf")
    if not has_footer and not has_parts:
        return None
    return Story(_link(page, "a.p-canonical"), _link(page, "a.p-author"))


def _link(page: BeautifulSoup, selector: str) -> str | None:
    link = page.select_one(selector)
    url = str(link.get("href") or "") if link else ""
    return url if url.startswith(("http://", "https://")) else None


def completed(item: Item, story: Story) -> Item:
    """Return a story with its address; one that was never published is a draft."""
    draft = Access("draft")
    access = item.access if iso(item.published) else narrowest(draft, item.access)
    return replace(item, url=story.url or item.url, access=access)


class MediumExport:
    """Reads a whole export, in a folder or a ZIP; nothing but stories is opened."""

    name = "Medium export"
    looks_for = "a folder or ZIP with posts/*.html, each exported from Medium"

    def detect(self, source: Source) -> str | None:
        """Claim what holds stories that say where they are from."""
        if source.members is None:
            return None
        probed = _stories(source.members)[:_PROBED]
        is_export = any(_FOOTER_BYTES.search(_head(source.members, name)) for name in probed)
        return "a Medium export" if is_export else None

    def read(self, source: Source, options: Options) -> Imported:
        """Read all stories. Raises SourceError."""
        from sitegen.importers.feeds.posts import imported

        if source.members is None:
            raise SourceError("is no export", path=source.path, hint=f"give {self.looks_for}.")
        items: list[Item] = []
        exclusions: list[Exclusion] = []
        found = [*_channels(source.members, source.path)]
        for name, channel in found:
            items += [replace(i, place=f"{name}, {i.place}") for i in channel.items]
            exclusions += [replace(e, record=f"{name}, {e.record}") for e in channel.exclusions]
        homes = [channel.home for _, channel in found if channel.home and "@" in channel.home]
        whole = Channel(
            found="a Medium export",
            items=tuple(items),
            home=next(iter(homes), None),
            exclusions=tuple(exclusions),
        )
        return imported(whole, options)


def _channels(members: Members, path: Path) -> Iterator[tuple[str, Channel]]:
    """Go through the pages of an export, numbered: a draft's file is called by its title."""
    from sitegen.importers.feeds.bytes import decoded
    from sitegen.importers.feeds.h_pages import tree
    from sitegen.importers.feeds.hfeed import channel_of

    for number, name in enumerate(_stories(members), 1):
        place = f"story {number}"
        text, _ = decoded(members.read(name))
        try:
            yield place, channel_of(tree(text, path), text, path)
        except SourceError as error:
            damaged = Exclusion("page", "damaged", error.what)
            yield place, Channel(found="a page", exclusions=(damaged,))


def _stories(members: Members) -> list[str]:
    """Return the names of the stories; people also give the folder `posts` by itself."""
    names = members.names()
    found = [name for name in names if _STORY.fullmatch(name)]
    lone = [name for name in names if _LONE_STORY.fullmatch(name)]
    return found or (lone if all(_is_story(members, name) for name in lone) else [])


def _is_story(members: Members, name: str) -> bool:
    return _FOOTER_BYTES.search(_head(members, name)) is not None


def _head(members: Members, name: str) -> bytes:
    with members.open(name) as file:
        return file.read(4 * 1024 * 1024)
