"""Medium's export: a page for each story, drafts included, each an h-entry in a folder `posts`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from sitegen.errors import SourceError
from sitegen.formats.archives import Members
from sitegen.formats.encodings import decode
from sitegen.formats.html.page_tree import parse_page
from sitegen.sources import Exclusion, Imported, Options, Source
from sitegen.sources.feeds.items.items import Channel, Item
from sitegen.sources.feeds.microformats.importer import channel_of

_FOOTER_BYTES = re.compile(rb"Exported from\s*(?:<[^<>]*>\s*)*Medium\b")
_STORY = re.compile(r"(?:.*/)?posts/[^/]+\.html?", re.IGNORECASE)
_LONE_STORY = re.compile(r"[^/]+\.html?", re.IGNORECASE)
_PROBED = 3


class MediumExport:
    """Reads a whole export in a folder or ZIP; only stories are opened."""

    name = "Medium export"
    looks_for = "a folder or ZIP with posts/*.html, each exported from Medium"

    def detect(self, source: Source) -> str | None:
        """Claim a bundle of stories that state their origin."""
        if source.members is None:
            return None
        probed = _stories(source.members)[:_PROBED]
        is_export = any(_FOOTER_BYTES.search(_head(source.members, name)) for name in probed)
        return "a Medium export" if is_export else None

    def read(self, source: Source, options: Options) -> Imported:
        """Read all stories. Raises SourceError."""
        from sitegen.sources.feeds.items.posts import imported

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
    """Yield the pages of an export, numbered, as a draft's file name is its title."""
    for number, name in enumerate(_stories(members), 1):
        place = f"story {number}"
        text, _ = decode(members.read(name))
        try:
            yield place, channel_of(parse_page(text, path), text, path)
        except SourceError as error:
            damaged = Exclusion("page", "damaged", error.message)
            yield place, Channel(found="a page", exclusions=(damaged,))


def _stories(members: Members) -> list[str]:
    """Return the names of the stories; the folder `posts` may be given by itself."""
    names = members.names()
    found = [name for name in names if _STORY.fullmatch(name)]
    lone = [name for name in names if _LONE_STORY.fullmatch(name)]
    return found or (lone if all(_is_story(members, name) for name in lone) else [])


def _is_story(members: Members, name: str) -> bool:
    return _FOOTER_BYTES.search(_head(members, name)) is not None


def _head(members: Members, name: str) -> bytes:
    with members.open(name) as file:
        return file.read(4 * 1024 * 1024)
