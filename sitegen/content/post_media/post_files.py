"""The files that a post shows: its media, and the picture of its link preview."""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.model import Post


def files_of(post: Post) -> Iterator[str]:
    """Yield the paths below content/ of a post's media and of its card's picture."""
    for medium in post.media:
        if medium.path:
            yield medium.path
    if post.card and post.card.picture:
        yield post.card.picture
