"""The state of a build for the next one: parsed files, rendered pages and their recipes.

A page is kept as the value that it was made from. When an edit leaves every thread in its
places, those pages still hold but for what the edited threads show, and only they are made.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from itertools import islice
from typing import Any

from msgspec import DecodeError, Raw, Struct, msgpack
from msgspec.structs import replace

from sitegen.site.scan import OnDisk, Signature
from sitegen.site.views.contexts import Page
from sitegen.site.views.file_reader import Item
from sitegen.site.views.template_values import SiteView

NOTHING = Raw(b"\xc0")
_encode = msgpack.Encoder().encode
AT_ONCE = 256  # of a map, encoded: pieces that need no memory of their own from the system


class Made(Struct, frozen=True, array_like=True):
    """The fingerprint and recipe of a file of the site.

    `recipe` is the encoded page where it shows threads, else nothing; the fingerprint is of all
    that the recipe does not have.
    """

    fingerprint: bytes
    recipe: Raw = NOTHING


class State(Struct, frozen=True, array_like=True):
    """The saved state; without `site` it does not say which files show a thread.

    `seen` has the files of the content and `stats` those of the site, as `stat` found them;
    `items` has what was read, encoded, and of media what is known of the picture. `stored` counts
    all posts, hidden ones too; `purge` is what the last purge left of them.
    """

    settings: bytes
    site: SiteView | None
    threads: int
    posts: int
    warnings: tuple[str, ...]
    seen: dict[str, Signature]
    items: dict[str, Raw]
    made: dict[str, Made]
    stats: dict[str, OnDisk]
    stored: int | None = None
    purge: int | None = None

    def only(self, sources: Iterable[str], paths: Iterable[str]) -> "State":
        """Return the part of the state for these content files and these files of the site."""
        return replace(
            empty(),
            seen={source: self.seen[source] for source in sources},
            items={source: self.items[source] for source in sources},
            made={path: self.made[path] for path in paths},
            stats={path: self.stats[path] for path in paths},
        )

    def with_changes(self, changes: "State") -> "State":
        """Return this state updated with the content files and site files of another."""
        return replace(
            self,
            seen=self.seen | changes.seen,
            items=self.items | changes.items,
            made=self.made | changes.made,
            stats=self.stats | changes.stats,
        )

    def naming(self, sources: Iterable[str]) -> list[str]:
        """Return the files of the site that show one of these sources."""
        names = [re.escape(encoded(source)) for source in sources]
        if not names:
            return []
        has_name = re.compile(b"|".join(names)).search
        return [path for path, made in self.made.items() if has_name(made.recipe)]


def empty() -> State:
    """Return the state of a site that was never built."""
    return State(b"", None, 0, 0, (), {}, {}, {}, {})


def load(data: memoryview, distrusted: Collection[str]) -> State:
    """Return a state from its bytes; an empty one when they cannot be used.

    It knows nothing of the files that are distrusted, and with any the site is planned anew.
    """
    try:
        state: State = _decoder(State).decode(data) if data else empty()
    except (DecodeError, UnicodeDecodeError):
        return empty()
    for path in distrusted:
        state.made.pop(path, None)
    return replace(state, site=None) if distrusted else state


def item_of(encoded: Raw) -> Item:
    """Return a file as it was read."""
    item: Item = _decoder(Item).decode(encoded)
    return item


def page_of(made: Made) -> Page | None:
    """Return the page that a file was made from, if it shows threads."""
    page: Page | None = _decoder(Page | None).decode(made.recipe)
    return page


def encoded(value: object) -> bytes:
    """Return a value's bytes; none for what has no UTF-8, which is not kept."""
    try:
        return _encode(value)
    except UnicodeEncodeError:
        return b""


def written(state: State, head: bytes) -> Iterator[bytes]:
    """Go through a state's bytes after others, piece by piece: a large one is never whole.

    What is written is one array of msgpack (https://github.com/msgpack/msgpack/blob/master/spec.md).
    Raises UnicodeEncodeError for what has no UTF-8.
    """
    fields = State.__struct_fields__
    yield head + bytes([0x90 | len(fields)])
    for name in fields:
        value = getattr(state, name)
        yield from _pieces(value) if isinstance(value, dict) else (_encode(value),)


def _pieces(value: dict[str, Any]) -> Iterator[bytes]:
    """Encode a map: a head with how much it has, then its items, of many at once."""
    yield b"\xdf" + len(value).to_bytes(4, "big")
    items = iter(value.items())
    while some := dict(islice(items, AT_ONCE)):
        yield _encode(some)[3 if len(some) > 15 else 1 :]  # without the head of so small a map


@cache
def _decoder(kind: Any) -> msgpack.Decoder[Any]:
    return msgpack.Decoder(kind)
