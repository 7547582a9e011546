"""The order of posts in a thread's file to which an import adds some."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sitegen import threads
from sitegen.content.format.draft import Parts
from sitegen.model import Json, Post


def merge_order(
    now: Mapping[str, Parts], new: Mapping[str, Parts], moved: Mapping[str, Parts] = {}
) -> list[str]:
    """Return the ids of a file's posts and of new ones, in the file's new order.

    If both are in reading order, the result is too, whichever was imported first. Otherwise the
    file's order stays, and each new post follows the one that it follows upstream. `moved` are
    posts from other files.
    """
    if new.keys() | moved.keys() <= now.keys():
        return [*now]
    if _is_in_reading_order(now) and _is_in_reading_order(new):
        known = {identity: {**new.get(identity, {}), **parts} for identity, parts in now.items()}
        return _reading_order({**moved, **new, **known})
    return insert_new([*now], [*new, *moved])


def insert_new(now: Sequence[str], new: Sequence[str]) -> list[str]:
    """Insert new ids into the current order, each after the one that it follows upstream."""
    known = set(now)
    followers: dict[str | None, list[str]] = {None: []}
    anchor = first = None
    for identity in new:
        if identity in known:
            anchor = identity
            first = first or identity
        else:
            followers.setdefault(anchor, []).append(identity)
    order: list[str] = []
    for identity in now:
        order += followers[None] if identity == first else []
        order += [identity, *followers.get(identity, [])]
    return order if first else order + followers[None]


def _is_in_reading_order(posts: Mapping[str, Parts]) -> bool:
    return [*posts] == _reading_order(posts)


def _reading_order(posts: Mapping[str, Parts]) -> list[str]:
    """Sort by replies and times, and by id at the same time."""
    by_id = sorted(posts, key=lambda identity: (len(identity), identity))
    found = threads.sort_posts([_bare(identity, posts[identity]) for identity in by_id])
    return [post.id for post in found]


def _bare(identity: str, parts: Parts) -> Post:
    """Return a post with only the fields that its order depends on."""
    created, parent = parts.get("created_at"), parts.get("reply_to")
    return Post(identity, created_at=_text(created), reply_to=_text(parent))


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None
