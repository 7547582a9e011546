"""The contents of a thread's file, whichever reader read it."""

from msgspec import Struct

from sitegen.model import Post


class StoredPost(Struct, frozen=True):
    """A post as its file has it; `handwritten` is Markdown that only a person writes."""

    post: Post
    handwritten: str | None
    hidden: bool


class Heading(Struct, frozen=True):
    """Title, date and tags of a thread's front matter; if tags is None, its posts' tags are used.

    `warnings` are about keys that sitegen does not read, each with its line.
    """

    title: str
    date: str | None
    tags: tuple[str, ...] | None
    warnings: tuple[str, ...] = ()
