"""What a content file holds, however it was read."""

from msgspec import Struct

from sitegen.model import Post


class StoredPost(Struct, frozen=True):
    """A post as its file has it; `handwritten` is Markdown that only a person writes."""

    post: Post
    handwritten: str | None
    hidden: bool


class Heading(Struct, frozen=True):
    """What a thread's front matter says of it, where it says so; without tags, its posts' count.

    `warnings` name what in it nobody reads, each with its line.
    """

    title: str
    date: str | None
    tags: tuple[str, ...] | None
    warnings: tuple[str, ...] = ()
