"""A post's line in a thread's front matter as a typed value: the short way for plain lines.

A line that is not plainly what sitegen writes gives None; `thread_file` then reads it field
by field, which finds out whether it means something or what is wrong with it.
"""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType, ValidationError, convert

from sitegen.model import Author, Card, Counts, Json, Media

Texts = tuple[str, ...] | None


class PostLine(Struct, frozen=True, forbid_unknown_fields=True):
    """The fields of a plain line, each of its type; `author` is unset where the thread's counts."""

    id: Annotated[str, Meta(min_length=1)]
    created_at: str | None = None
    author: Author | UnsetType | None = UNSET
    reply_to: str | None = None
    repost_of: str | None = None
    quote_of: str | None = None
    links: Texts | UnsetType = UNSET
    mentions: Texts = None
    tags: Texts = None
    cut_links: Texts = None
    media: tuple[Media, ...] | None = None
    card: Card | None = None
    warning: str | None = None
    langs: Texts = None
    counts: Counts | None = None
    url: str | None = None
    uncertain: Texts = None
    hide: bool = False


def post_lines(lines: Json) -> tuple[PostLine, ...] | None:
    """Return all lines by their types; None when one of them is more than plain."""
    try:
        read = convert(lines, tuple[PostLine, ...])
    except ValidationError:
        return None
    names = {line.id for line in read}
    return read if names and len(names) == len(read) and not any(map(str.isspace, names)) else None


def author_of(account: Json) -> Author | None:
    """Return a thread's author from its account; None when that is no plain object."""
    try:
        return Author() if account is None else convert(account, Author)
    except ValidationError:
        return None
