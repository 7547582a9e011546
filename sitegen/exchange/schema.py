"""The JSON Schema of the exchange format, generated from the types of its fields.

`python -m sitegen.exchange.schema` prints it; `docs/schema.json` is its output.
"""

from __future__ import annotations

import json
import sys
from inspect import cleandoc
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from sitegen.model import (
    NO_COUNTS,
    Author,
    Card,
    Counts,
    Elsewhere,
    Facet,
    Media,
    Name,
    Poll,
    Version,
    Visibility,
)

TITLE = "A post in sitegen's exchange format"
Time = Annotated[str, Meta(description="ISO 8601, in the precision and zone of the source")]
Position = Annotated[int, Meta(ge=1)]


class Record(Struct, frozen=True):
    """One line of `sitegen export`: a post and its place in its thread.

    `id`, `network` and `text` must be there. `facets` are listed where the text alone does not
    show them, `unread_times` has what a source wrote for a time that is none, by field. Other
    fields are kept as the post's own.
    """

    id: Name
    network: Name
    text: str
    thread: str | None = None
    position: Position | None = None
    author: Author | None = None
    created_at: Time | None = None
    reply_to: str | None = None
    repost_of: str | None = None
    quote_of: str | None = None
    links: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    media: tuple[Media, ...] = ()
    card: Card | None = None
    warning: str | None = None
    langs: tuple[str, ...] = ()
    counts: Counts = NO_COUNTS
    url: str | None = None
    uncertain: tuple[str, ...] = ()
    facets: tuple[Facet, ...] = ()
    poll: Poll | None = None
    cut_links: tuple[str, ...] = ()
    edited_at: Time | None = None
    history: tuple[Version, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    also: tuple[Elsewhere, ...] = ()
    unread_times: dict[str, str] = {}
    visibility: Visibility | None = None
    vanished: bool = False


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of one line."""
    (reference,), components = msgspec.json.schema_components((Record,))
    components = {name: _in_order(components[name]) for name in sorted(components)}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": TITLE,
        **reference,
        "$defs": components,
    }


def _in_order(value: Any) -> Any:
    """Return a schema that no version changes: msgspec orders alternatives by its own.

    Python 3.13 takes the indentation out of docstrings, older versions do not.
    """
    if isinstance(value, str):
        return cleandoc(value)
    if isinstance(value, dict):
        return {name: _in_order(part) for name, part in value.items()}
    if isinstance(value, list) and all(isinstance(part, dict) for part in value):
        return sorted(map(_in_order, value), key=json.dumps)
    return value


def text() -> str:
    """Return the schema as the text of `docs/schema.json`."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
