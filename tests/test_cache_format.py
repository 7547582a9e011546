"""The number of the build cache's format changes with what is saved in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import inspect

from sitegen import digests
from sitegen.site.cache.build_cache import FORMAT
from sitegen.site.cache.build_state import State
from sitegen.site.parsing.items import Item
from sitegen.site.views.contexts import Page

# After a change of the saved values: raise FORMAT, and write here what the failing test shows.
SAVED = (47, "a7cd590e1e3433af")


def structs(kind: Any, seen: dict[type, tuple[str, ...]]) -> dict[type, tuple[str, ...]]:
    """Return the fields of all structs within a type, each with its type."""
    if isinstance(kind, inspect.StructType) and kind.cls not in seen:
        seen[kind.cls] = tuple(f"{field.name}: {shown(field.type)}" for field in kind.fields)
    for part in parts(kind):
        if not (isinstance(part, inspect.StructType) and part.cls in seen):
            structs(part, seen)
    return seen


def parts(kind: Any) -> Iterator[Any]:
    """Yield the types that a type is made of."""
    if isinstance(kind, inspect.StructType | inspect.NamedTupleType):
        yield from (field.type for field in kind.fields)
    for name in ("item_type", "key_type", "value_type"):
        if part := getattr(kind, name, None):
            yield part
    for name in ("item_types", "types"):
        yield from getattr(kind, name, ())


def shown(kind: Any) -> str:
    """Return a type in words, without what is inside the structs that it names."""
    name = kind.cls.__name__ if hasattr(kind, "cls") else type(kind).__name__
    is_named = isinstance(kind, inspect.StructType)
    inner = () if is_named else map(shown, parts(kind))
    return f"{name}[{', '.join(inner)}]"


def test_what_is_saved_has_a_number_of_its_own() -> None:
    fields: dict[type, tuple[str, ...]] = {}
    for kind in (State, Item, Page):
        structs(inspect.type_info(kind), fields)
    described = sorted(f"{struct.__name__} {names}" for struct, names in fields.items())
    assert (FORMAT, digests.hash_text("\n".join(described), 8)) == SAVED
