"""Read Medium's export: a page with an h-entry for each story, drafts too, in a folder `posts`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from sitegen.errors import SourceError
from sitegen.formats.archives import Members
from sitegen.formats.encodings import decode
from sitegen.formats.html.page_tree import parse_page
from sitegen.sources import Exclusion, Imported, Options, Source
from sitegen.sources.feeds.items.items import Channel
from sitegen.sources.feeds.microformats.importer import channel_of
from sitegen.sources.source_files import head_of

_FOOTER = re.compile(rb"Exported from\s*(?:<[^<>]*>\s*)*Medium\b")
_STORY = re.compile(r"(?:.*/)?posts/[^/]+\.html?", re.IGNORECASE)
_LONE_STORY = re.compile(r"[^/]+\.html?", re.IGNORECASE)
_MAX_PROBED_FILES = 3
_MAX_STORY_BYTES = 4 * 1024 * 1024


class MediumExport:
    """Reads a whole export in a folder or ZIP; only stories are opened."""

    name = "Medium export"
    looks_for = "a folder or ZIP with posts/*.html, each exported from Medium"

    def detect(self, source: Source) -> str | None:
        """Claim a bundle of stories that state their origin."""
        if source.members is None:
            return None
        probed = _stories(source.members)[:_MAX_PROBED_FILES]
        is_export = any(_is_story(source.members, name) for name in probed)
        return "a Medium export" if is_export else None

    def read(self, source: Source, options: Options) -> Imported:
        """Read all stories. Raises SourceError."""
        from sitegen.sources.feeds.items.posts import import_channel

        if source.members is None:
            raise SourceError("is no export", path=source.path, hint=f"give {self.looks_for}.")
        channels = [*_channels(source.members, source.path)]
        homes = (channel.home for channel in channels if channel.home and "@" in channel.home)
        export = Channel(
            found="a Medium export",
            items=tuple(item for channel in channels for item in channel.items),
            home=next(homes, None),
            exclusions=tuple(e for channel in channels for e in channel.exclusions),
        )
        return import_channel(export, options)


def _channels(members: Members, path: Path) -> Iterator[Channel]:
    """Yield the pages of an export by number, as the name of a draft's file is its title."""
    for number, name in enumerate(_stories(members), 1):
        text, _ = decode(members.read(name))
        try:
            channel = channel_of(parse_page(text, path), text, path)
        except SourceError as error:
            damaged = Exclusion("page", "damaged", error.message)
            channel = Channel(found="a page", exclusions=(damaged,))
        yield channel.within(f"story {number}")


def _stories(members: Members) -> list[str]:
    """Return the names of the stories; the folder `posts` may be given by itself."""
    names = members.names()
    stories = [name for name in names if _STORY.fullmatch(name)]
    lone = [name for name in names if _LONE_STORY.fullmatch(name)]
    return stories or (lone if all(_is_story(members, name) for name in lone) else [])


def _is_story(members: Members, name: str) -> bool:
    return _FOOTER.search(head_of(members, name, _MAX_STORY_BYTES)) is not None
