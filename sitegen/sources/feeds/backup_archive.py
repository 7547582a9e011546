"""Read backups in folders and archives: WordPress.com's ZIP of parts, Google Takeout's blogs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from msgspec.structs import replace

from sitegen.errors import SourceError
from sitegen.formats.archives import Members
from sitegen.sources import Exclusion, Imported, Options, Source
from sitegen.sources.accounting import Accounting
from sitegen.sources.feeds.items.items import Channel
from sitegen.sources.source_files import head_of

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
                damaged.append(Exclusion(name, "damaged", error.message_with_line))
            else:
                blogs.setdefault(channel.home, []).append(channel)
        imports = [import_channel(_join(parts), options) for parts in blogs.values()]
        return _merge(imports, damaged)


def _backups(members: Members) -> Iterator[str]:
    """Yield the names of backups, which the beginnings of files show."""
    from sitegen.sources.feeds.importer import Feed

    for name in [name for name in members.names() if _NAME.fullmatch(name)][:_MAX_PROBED_FILES]:
        head = head_of(members, name)
        if _BACKUP.search(head) and Feed().detect(Source(Path(name), head)):
            yield name


def _channel(data: bytes, name: str, path: Path) -> Channel:
    from sitegen.formats.encodings import decode
    from sitegen.sources.feeds.rss_and_atom import read_xml

    text, _ = decode(data)
    return read_xml(text.removeprefix("\ufeff"), path).within(name)


def _join(parts: Sequence[Channel]) -> Channel:
    """Join the parts of one feed."""
    return replace(
        parts[0],
        items=tuple(chain.from_iterable(part.items for part in parts)),
        exclusions=tuple(chain.from_iterable(part.exclusions for part in parts)),
        oddities=sum((Counter(part.oddities) for part in parts), Counter[str]()),
    )


def _merge(imports: Sequence[Imported], damaged: Sequence[Exclusion]) -> Imported:
    """Merge the imports of several blogs."""
    accounting = Accounting()
    for blog in imports:
        accounting.include(blog)
    accounting.count_all_excluded(damaged)
    return accounting.report(
        "a backup of blogs",
        tuple(chain.from_iterable(blog.threads for blog in imports)),
        tuple(chain.from_iterable(blog.profiles for blog in imports)),
    )
