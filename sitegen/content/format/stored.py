"""The contents of a thread's file, whichever reader read it."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import force_setattr

from sitegen.content.counts import CountsReader
from sitegen.model import NO_COUNTS, Post


class StoredPost(Struct, frozen=True):
    """A post as its file has it; `handwritten` is Markdown that only a person writes."""

    post: Post
    handwritten: str | None
    hidden: bool


def add_counts(stored: Sequence[StoredPost], counts: CountsReader) -> None:
    """Complete newly read posts in place with their counts. Raises ContentError.

    A new post object for each would make a large build a twentieth slower.
    """
    for post in (each.post for each in stored):
        known = counts.of(post.network, post.id, post.created_at)
        if known is not NO_COUNTS and post.counts == NO_COUNTS:
            force_setattr(post, "counts", known)


class Heading(Struct, frozen=True):
    """Title, date and tags of a thread's front matter; if tags is None, its posts' tags are used.

    `warnings` are about keys that sitegen does not read, each with its line.
    """

    title: str
    date: str | None
    tags: tuple[str, ...] | None
    warnings: tuple[str, ...] = ()
