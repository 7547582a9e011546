"""Read `[[collection]]`: listings of the posts that a query matches."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sitegen import files
from sitegen.config import queries, toml_tables
from sitegen.config.schema import Collection
from sitegen.errors import ConfigError, QueryError
from sitegen.text.printing import is_label

TABLE = "collection"
EXAMPLE = '[[collection]], with lines like title = "Eclipses" and query = "#eclipse"'
_KEYS = ("title", "query", "slug", "description")


def read_collections(value: object, text: str, path: Path) -> tuple[Collection, ...]:
    """Read the array of tables `collection`. Raises ConfigError."""
    tables = toml_tables.to_tables(value, TABLE, EXAMPLE, text, path)
    return tuple([_collection(table, line, path) for table, line in tables])


def find_mistakes(collections: tuple[Collection, ...]) -> Iterator[tuple[int, str, str]]:
    """Yield what is wrong with collections as (line, message, hint)."""
    owners: dict[str, Collection] = {}
    for each in collections:
        other = owners.setdefault(each.slug, each)
        if other is not each:
            what = f"{each.title} has the address of {other.title} in line {other.line}"
            hint = f'give it another slug, like slug = "{each.slug}-2".'
            yield each.line, f"[[collection]] {what}", hint
        try:
            queries.compile_collection(each.query)
        except QueryError as error:
            what = f"[[collection]] query of {each.title}: {error.message}"
            yield each.line, what, error.hint or ""


def _collection(table: dict[str, Any], line: int, path: Path) -> Collection:
    def refuse(what: str, hint: str) -> ConfigError:
        return ConfigError(f"[[collection]] {what}", path=path, line=line, hint=hint)

    for key in sorted(table.keys() - {*_KEYS}):
        raise refuse(f"has the unknown key {key}", f"there is: {', '.join(_KEYS)}.")
    for key in _KEYS:
        if not isinstance(table.get(key, ""), str):
            raise refuse(f"{key} must be a string", f'write it like {key} = "…".')
    title = table.get("title", "").strip()
    if not is_label(title):
        raise refuse("needs a title", 'write it like title = "Eclipses".')
    if not table.get("query", "").strip():
        raise refuse(f"{title} needs a query", 'write it like query = "#eclipse".')
    slug = table.get("slug") or files.slug(title)
    if not slug or files.slug(slug) != slug:
        hint = f'write it like slug = "{files.slug(slug) or "eclipses"}".'
        if not table.get("slug"):
            raise refuse(f"{title} has no letter for an address, and needs a slug", hint)
        raise refuse("slug must be a part of an address", hint)
    return Collection(title, table["query"], slug, table.get("description", "").strip(), line)
