"""Parts of posts that several sources build in the same way: facets, references, extra fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sitegen.formats import json_text
from sitegen.model import Elsewhere, Facet, FacetKind


def shift(facets: Iterable[Facet], by: int) -> tuple[Facet, ...]:
    """Return the facets of a text with so many characters put before it."""
    return tuple([Facet(f.start + by, f.end + by, f.kind, f.value) for f in facets])


def targets(facets: Iterable[Facet], kind: FacetKind) -> tuple[str, ...]:
    """Return the targets of all facets of a kind, each once."""
    return tuple(dict.fromkeys([f.value for f in facets if f.kind == kind]))


def without_doubles(names: Iterable[str]) -> tuple[str, ...]:
    """Return each name once, ignoring case."""
    unique: dict[str, str] = {}
    for name in names:
        unique.setdefault(name.casefold(), name)
    return tuple(unique.values())


def references(*posts: Elsewhere | None) -> tuple[Elsewhere, ...]:
    """Return the posts that a post refers to, each once."""
    return tuple({post.id: post for post in posts if post}.values())


def extra(fields: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return fields outside the schema as JSON, without the empty ones."""
    present = {k: v for k, v in fields.items() if v not in (None, "", [], {})}
    return tuple([(key, json_text.readable(value)) for key, value in present.items()])
