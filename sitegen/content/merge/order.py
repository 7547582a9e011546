"""The order of the posts of a thread's file when an import adds some."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sitegen import threads
from sitegen.content.format.draft import Parts
from sitegen.content.merge.parts import ordered
from sitegen.model import Json, Post


def with_new(
    now: Mapping[str, Parts], new: Mapping[str, Parts], moved: Mapping[str, Parts] = {}
) -> list[str]:
    """Return the ids of a file's posts and of new ones, in the order that the file shall have.

    Where both are in reading order, all of them are: then it does not matter which came first.
    Else the file keeps its order, and each new post follows the one that it follows upstream.
    `moved` are posts of other files that come along.
    """
    if new.keys() | moved.keys() <= now.keys():
        return [*now]
    if _is_in_reading_order(now) and _is_in_reading_order(new):
        known = {identity: {**new.get(identity, {}), **parts} for identity, parts in now.items()}
        return _reading_order({**moved, **new, **known})
    return ordered([*now], [*new, *moved])


def _is_in_reading_order(posts: Mapping[str, Parts]) -> bool:
    return [*posts] == _reading_order(posts)


def _reading_order(posts: Mapping[str, Parts]) -> list[str]:
    """Sort by replies and times; of one time, the lower number is first."""
    by_id = sorted(posts, key=lambda identity: (len(identity), identity))
    found = threads.ordered([_bare(identity, posts[identity]) for identity in by_id])
    return [post.id for post in found]


def _bare(identity: str, parts: Parts) -> Post:
    """Return a post with only what its place depends on."""
    created, parent = parts.get("created_at"), parts.get("reply_to")
    return Post(identity, created_at=_text(created), reply_to=_text(parent))


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None


def without(posts: Mapping[str, Parts], gone: Iterable[str]) -> dict[str, Parts]:
    """Return posts without some."""
    left_out = set(gone)
    return {identity: parts for identity, parts in posts.items() if identity not in left_out}
