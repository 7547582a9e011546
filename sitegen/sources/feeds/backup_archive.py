"""Read backups in folders and archives: WordPress.com's ZIP of parts, Google Takeout's blogs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from sitegen.errors import SourceError
from sitegen.formats.archives import Members
from sitegen.sources import HEAD_BYTES, Exclusion, Imported, Options, Source
from sitegen.sources.feeds.items.items import Channel

_NAME = re.compile(r".+\.(?:xml|atom)", re.IGNORECASE)
_BACKUP = re.compile(
    rb"wordpress\.org/export/|schemas\.google\.com/blogger/2018|/blogger/2008/kind#"
)
_MAX_PROBED_FILES = 1000


class Backups:
    """Reads the backups in a folder, ZIP or tar; nothing else in it is opened."""

    name = "blog backup"
    looks_for = "a folder or archive with WordPress exports or Blogger's feed.atom"

    def detect(self, source: Source) -> str | None:
        """Claim a bundle with a feed that declares itself a backup."""
        if source.members is None or not any(_backups(source.members)):
            return None
        return "a backup of blogs"

    def read(self, source: Source, options: Options) -> Imported:
        """Read all backups, and join the parts of each blog. Raises SourceError."""
        from sitegen.sources.feeds.items.posts import import_channel

        if source.members is None:
            raise SourceError("is no archive", path=source.path, hint=f"give {self.looks_for}.")
        blogs: dict[str | None, list[Channel]] = {}
        damaged: list[Exclusion] = []
        for name in _backups(source.members):
            data = source.members.read(name)
            try:
                channel = _channel(data, name, source.path)
            except SourceError as error:
                damaged.append(Exclusion(name, "damaged", error.what_and_line))
            else:
                blogs.setdefault(channel.home, []).append(channel)
        imports = [import_channel(_join(parts), options) for parts in blogs.values()]
        merged = _merge(imports, ("threads", "profiles", "exclusions", "oddities"))
        return Imported(
            found="a backup of blogs",
            records=sum(each.records for each in imports) + len(damaged),
            threads=merged["threads"],
            profiles=merged["profiles"],
            exclusions=(*merged["exclusions"], *damaged),
            notes=tuple(dict.fromkeys(chain.from_iterable(each.notes for each in imports))),
            oddities=merged["oddities"],
        )


def _backups(members: Members) -> Iterator[str]:
    """Yield the names of backups, which the beginnings of files show."""
    from sitegen.sources.feeds.importer import Feed

    for name in [name for name in members.names() if _NAME.fullmatch(name)][:_MAX_PROBED_FILES]:
        with members.open(name) as file:
            head = file.read(HEAD_BYTES)
        if _BACKUP.search(head) and Feed().detect(Source(Path(name), head)):
            yield name


def _channel(data: bytes, name: str, path: Path) -> Channel:
    from sitegen.formats.encodings import decode
    from sitegen.sources.feeds.rss_and_atom import read_xml

    text, _ = decode(data)
    return read_xml(text.removeprefix("\ufeff"), path).within(name)


def _join(parts: Sequence[Channel]) -> Channel:
    """Join the parts of one feed."""
    return replace(parts[0], **_merge(parts, ("items", "exclusions", "oddities")))


def _merge(parts: Sequence[Channel] | Sequence[Imported], names: Sequence[str]) -> dict[str, Any]:
    """Concatenate the tuples that several values have under each name."""
    return {name: tuple(chain.from_iterable(getattr(p, name) for p in parts)) for name in names}
