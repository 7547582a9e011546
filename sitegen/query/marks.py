"""What a post has: the values of `has:` in queries."""

from __future__ import annotations

from collections.abc import Callable

from sitegen.model import MediaKind, Post


def marks_of(post: Post) -> tuple[str, ...]:
    """Return the values of `has:` for which a post matches."""
    has_links = post.links or post.cut_links or post.card
    if not (has_links or post.media or post.poll or post.warning is not None):
        return ()  # as most posts
    return tuple([value for value, holds in _HAS.items() if holds(post)])


def _has_medium(kind: MediaKind) -> Callable[[Post], bool]:
    return lambda post: any(media.kind == kind for media in post.media)


_HAS: dict[str, Callable[[Post], bool]] = {
    "image": _has_medium("image"),
    "video": _has_medium("video"),
    "audio": _has_medium("audio"),
    "link": lambda post: bool(post.links or post.cut_links or post.card),
    "poll": lambda post: post.poll is not None,
    "warning": lambda post: post.warning is not None,
    "alt": lambda post: any(media.alt for media in post.media),
}
