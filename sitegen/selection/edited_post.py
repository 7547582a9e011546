"""A post as the file of its thread has it: with the date and the tags that a person gave it.

A post itself is as its source had it; the front matter of its thread changes what counts.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from sitegen import timestamps
from sitegen.model import Facet, Post
from sitegen.query.facts import PostFacts
from sitegen.query.folding import fold


def edited_post(facts: PostFacts) -> Post:
    """Return a post with the date and the tags that count; a tag that does not is text."""
    post, tags, created_at = facts.post, tuple(facts.tags), facts.created_at
    if created_at != post.created_at:
        post = replace(post, created_at=_iso(created_at))
    if tags != post.tags:
        post = replace(post, tags=tags, facets=tuple(_shown(post.facets, tags)))
    return post


def _iso(time: str | None) -> str | None:
    """Return a time as ISO 8601, which exports need; front matter may have others like it."""
    moment = None if time is None or timestamps.is_iso(time) else timestamps.parse(time)
    return moment.isoformat() if moment else time


def _shown(facets: Iterable[Facet], tags: Iterable[str]) -> Iterable[Facet]:
    known = frozenset(map(fold, tags))
    return (each for each in facets if each.kind != "tag" or fold(each.value) in known)
