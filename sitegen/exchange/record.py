"""The type of a line of the exchange format: the fields of `Post`, and its place in a thread."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from msgspec import NODEFAULT, defstruct
from msgspec.structs import fields

from sitegen.model import Count, Facet, Name, Post

Extra = tuple[tuple[str, str], ...]
Field = tuple[str, Any, Any]  # a name, a type and a default

_REQUIRED: list[Field] = [
    ("id", Name, NODEFAULT),
    ("network", Name, NODEFAULT),
    ("text", str, NODEFAULT),
]
_OPTIONAL: list[Field] = [
    (field.name, field.type, field.default)
    for field in fields(Post)
    if field.name not in ("id", "network", "text", "facets", "extra")
]
_OWN: list[Field] = [
    ("facets", tuple[Facet, ...] | None, None),  # listed only where the text does not show them
    ("thread", str | None, None),
    ("position", Count | None, None),
]
Record: Any = defstruct(
    "Record",
    [*_REQUIRED, *_OPTIONAL, *_OWN],
    frozen=True,
    forbid_unknown_fields=True,
    module=__name__,
)
NAMES = frozenset(Record.__struct_fields__)
_values = attrgetter(*[name for name, *_ in (*_REQUIRED, *_OPTIONAL)])


def post(record: Any, facets: tuple[Facet, ...], extra: Extra) -> Post:
    """Return the post of a record, with these facets and fields outside the schema."""
    return Post(*(*_values(record), facets, extra))  # keyword arguments take five times as long
