"""The state saved for the next build: parsed files, and a fingerprint for each output file.

Pages that show threads are saved as `Page` values too. If no edited thread moves to another
page, the next build renders just the saved pages that show them, without planning the site.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from itertools import islice
from typing import Any

from msgspec import DecodeError, Raw, Struct, msgpack
from msgspec.structs import replace

from sitegen.site.parsing.items import Item
from sitegen.site.scan import FileStat, Signature
from sitegen.site.search.records import IndexRecord
from sitegen.site.views.contexts import Page
from sitegen.site.views.template_values import SiteView
from sitegen.topics.site_topics import Topics

NO_PAGE = Raw(b"\xc0")
_encode = msgpack.Encoder().encode
CHUNK_ITEMS = 256  # of a map encoded at once: small buffers come from the allocator's free list


class OutputRecord(Struct, frozen=True, array_like=True):
    """What an output file was rendered from.

    `page` is the encoded `Page` if it shows threads, else nil. The fingerprint covers every input
    that is not in `page`.
    """

    fingerprint: bytes
    page: Raw = NO_PAGE


class State(Struct, frozen=True, array_like=True):
    """The saved state of a build; without `site`, the next build plans the whole site.

    `files` has the signatures of content files, `stats` those of output files; `items` has parsed
    content files and facts about media files, encoded. `stored` counts all posts including hidden
    ones; `posts_after_purge` counts those left by the last purge. `reading` is the fingerprint of
    what `items` depend on besides the files: the language, and the queries of sitegen.toml.
    `searched` has what the search index has of the posts of threads, encoded, and `index` what the
    last build made of it. `topics` are those of the site, None if its pages have none.
    """

    settings: bytes
    site: SiteView | None
    threads: int
    posts: int
    warnings: tuple[str, ...]
    files: dict[str, Signature]
    items: dict[str, Raw]
    outputs: dict[str, OutputRecord]
    stats: dict[str, FileStat]
    stored: int | None = None
    posts_after_purge: int | None = None
    reading: bytes = b""
    searched: dict[str, Raw] = {}
    index: IndexRecord | None = None
    topics: Topics | None = None

    def subset(self, sources: Iterable[str], paths: Iterable[str]) -> "State":
        """Return the part of the state about these content files and output paths."""
        return replace(
            empty(),
            searched={s: self.searched[s] for s in sources if s in self.searched},
            index=self.index,
            files={source: self.files[source] for source in sources},
            items={source: self.items[source] for source in sources},
            outputs={path: self.outputs[path] for path in paths},
            stats={path: self.stats[path] for path in paths},
        )

    def with_changes(self, changes: "State") -> "State":
        """Return this state updated with the files of another one."""
        return replace(
            self,
            files=self.files | changes.files,
            items=self.items | changes.items,
            outputs=self.outputs | changes.outputs,
            stats=self.stats | changes.stats,
            searched=self.searched | changes.searched,
            index=changes.index or self.index,
        )

    def paths_showing(self, sources: Iterable[str]) -> list[str]:
        """Return the output paths whose saved pages show one of these content files."""
        names = [re.escape(encode(source)) for source in sources]
        if not names:
            return []
        shows_any = re.compile(b"|".join(names)).search
        return [path for path, outputs in self.outputs.items() if shows_any(outputs.page)]


def empty() -> State:
    """Return the state of a site that has never been built."""
    return State(b"", None, 0, 0, (), {}, {}, {}, {})


def load(data: memoryview, untrusted: Collection[str]) -> State:
    """Decode a state; return an empty one if the bytes are invalid.

    Records of `untrusted` output paths are dropped; if there are any, so is the plan.
    """
    try:
        state: State = decoder(State).decode(data) if data else empty()
    except (DecodeError, UnicodeDecodeError):
        return empty()
    for path in untrusted:
        state.outputs.pop(path, None)
    return replace(state, site=None) if untrusted else state


def decode_item(encode: Raw) -> Item:
    """Decode a parsed content file."""
    item: Item = decoder(Item).decode(encode)
    return item


def decode_page(outputs: OutputRecord) -> Page | None:
    """Decode the page of an output file; None if it shows no threads."""
    page: Page | None = decoder(Page | None).decode(outputs.page)
    return page


def encode(value: object) -> bytes:
    """Encode a value as msgpack; return b"" if a string in it has no UTF-8 encoding."""
    try:
        return _encode(value)
    except UnicodeEncodeError:
        return b""


def encode_state(state: State, head: bytes) -> Iterator[bytes]:
    """Yield `head` and a state as one msgpack array, in chunks that bound the memory.

    Format: https://github.com/msgpack/msgpack/blob/master/spec.md.
    Raises UnicodeEncodeError for a string without a UTF-8 encoding.
    """
    fields = State.__struct_fields__
    yield head + bytes([0x90 | len(fields)])
    for name in fields:
        value = getattr(state, name)
        yield from _encode_map(value) if isinstance(value, dict) else (_encode(value),)


def _encode_map(value: dict[str, Any]) -> Iterator[bytes]:
    """Encode a map: the header of a map32, then its items in chunks."""
    yield b"\xdf" + len(value).to_bytes(4, "big")
    items = iter(value.items())
    while chunk := dict(islice(items, CHUNK_ITEMS)):
        yield _encode(chunk)[3 if len(chunk) > 15 else 1 :]  # without the chunk's own header


@cache
def decoder(kind: Any) -> msgpack.Decoder[Any]:
    """Return the decoder of a type, which takes long to make."""
    return msgpack.Decoder(kind)
