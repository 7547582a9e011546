"""Folders and archives of backups: WordPress.com's ZIP of parts, Google Takeout's blogs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from msgspec.structs import replace

from sitegen.errors import SourceError
from sitegen.formats.archives import Members
from sitegen.sources import HEAD_BYTES, Exclusion, Imported, Options, Source
from sitegen.sources.feeds.items.items import Channel

_NAME = re.compile(r".+\.(?:xml|atom)", re.IGNORECASE)
_BACKUP = re.compile(
    rb"wordpress\.org/export/|schemas\.google\.com/blogger/2018|/blogger/2008/kind#"
)
_PROBED = 1000


class Backups:
    """Reads the backups in a folder, ZIP or tar; nothing else in it is opened."""

    name = "blog backup"
    looks_for = "a folder or archive with WordPress exports or Blogger's feed.atom"

    def detect(self, source: Source) -> str | None:
        """Claim a bundle with a feed that declares itself a backup."""
        if source.members is None or not any(_found(source.members)):
            return None
        return "a backup of blogs"

    def read(self, source: Source, options: Options) -> Imported:
        """Read all backups; the parts of one blog are joined. Raises SourceError."""
        from sitegen.sources.feeds.items.posts import imported

        if source.members is None:
            raise SourceError("is no archive", path=source.path, hint=f"give {self.looks_for}.")
        blogs: dict[str | None, list[Channel]] = {}
        damaged: list[Exclusion] = []
        for name in _found(source.members):
            data = source.members.read(name)
            try:
                channel = _channel(data, name, source.path)
            except SourceError as error:
                damaged.append(Exclusion(name, "damaged", error.message_with_line))
            else:
                blogs.setdefault(channel.home, []).append(channel)
        read = [imported(_joined(parts), options) for parts in blogs.values()]
        return _together(read, damaged)


def _found(members: Members) -> Iterator[str]:
    """Yield the names of the backups, by the beginning of each file."""
    from sitegen.sources.feeds.importer import Feed

    for name in [name for name in members.names() if _NAME.fullmatch(name)][:_PROBED]:
        with members.open(name) as file:
            head = file.read(HEAD_BYTES)
        if _BACKUP.search(head) and Feed().detect(Source(Path(name), head)):
            yield name


def _channel(data: bytes, name: str, path: Path) -> Channel:
    from sitegen.formats.encodings import decode
    from sitegen.sources.feeds.rss_and_atom import read_xml

    text, _ = decode(data)
    channel = read_xml(text.removeprefix("\ufeff"), path)
    return replace(
        channel,
        items=tuple(replace(i, place=f"{name}, {i.place}") for i in channel.items),
        exclusions=tuple(replace(e, record=f"{name}, {e.record}") for e in channel.exclusions),
    )


def _joined(parts: Sequence[Channel]) -> Channel:
    """Join the parts of one feed."""
    return replace(
        parts[0],
        items=tuple(chain.from_iterable(part.items for part in parts)),
        exclusions=tuple(chain.from_iterable(part.exclusions for part in parts)),
        oddities=tuple(chain.from_iterable(part.oddities for part in parts)),
    )


def _together(read: Sequence[Imported], damaged: Sequence[Exclusion]) -> Imported:
    """Join the imports of several blogs."""
    return Imported(
        found="a backup of blogs",
        records=sum(part.records for part in read) + len(damaged),
        threads=tuple(chain.from_iterable(part.threads for part in read)),
        profiles=tuple(chain.from_iterable(part.profiles for part in read)),
        exclusions=(*chain.from_iterable(part.exclusions for part in read), *damaged),
        notes=tuple(dict.fromkeys(chain.from_iterable(part.notes for part in read))),
        oddities=tuple(chain.from_iterable(part.oddities for part in read)),
    )
