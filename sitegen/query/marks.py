"""What a post has: the values of `has:` in queries."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sitegen.model import Media, MediaKind, Post

Holds = Callable[[Post, Sequence[Media]], bool]


def marks_of(post: Post, inline: Sequence[Media] = ()) -> tuple[str, ...]:
    """Return the values of `has:` for which a post matches; `inline` are media in its text."""
    has_links = post.links or post.cut_links or post.card
    if not (has_links or post.media or inline or post.poll or post.warning is not None):
        return ()  # as most posts
    media = (*post.media, *inline)
    return tuple([value for value, holds in _HAS.items() if holds(post, media)])


def _has_medium(kind: MediaKind) -> Holds:
    return lambda _post, media: any(each.kind == kind for each in media)


_HAS: dict[str, Holds] = {
    "image": _has_medium("image"),
    "video": _has_medium("video"),
    "audio": _has_medium("audio"),
    "link": lambda post, _media: bool(post.links or post.cut_links or post.card),
    "poll": lambda post, _media: post.poll is not None,
    "warning": lambda post, _media: post.warning is not None,
    "alt": lambda _post, media: any(each.alt for each in media),
}
