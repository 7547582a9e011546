"""Who wrote the posts of a file: its front matter says it for all lines that name nobody."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from sitegen.content.format.draft import Parts, account, digest, slim
from sitegen.content.merge.parts import Merged, as_object
from sitegen.model import Author

AUTHOR, ACCOUNT = "author", "account"


def author_of(fields: Parts) -> Author:
    """Return the author that front matter names for the posts that name none."""
    told = as_object(fields.get("account")) or {"handle": fields.get("author")}
    texts = {k: v for k, v in told.items() if isinstance(v, str)}
    return Author(texts.get("handle"), texts.get("id"), texts.get("name"))


def of_one_account(one: Author, other: Author) -> bool:
    """Tell whether two authors are known to be one account."""
    if one.id and other.id:
        return one.id == other.id
    return bool(one.handle) and (one.handle or "").casefold() == (other.handle or "").casefold()


def is_front_ours(fields: Parts, written: Parts) -> bool:
    """Tell whether no person changed whom front matter names as the author."""
    keys = {AUTHOR, ACCOUNT} & {*fields, *written}
    return all(digest(fields.get(key)) == written.get(key) for key in keys)


def with_front(posts: Mapping[str, Merged], old: Author, new: Author) -> dict[str, Merged]:
    """Return the posts of a file whose front matter named one author and names another now."""
    if old != new:
        posts = {identity: _named(post, old) for identity, post in posts.items()}
    return {identity: said_once(post, new) for identity, post in posts.items()}


def _named(post: Merged, author: Author) -> Merged:
    """Return a post whose line names its author, if front matter did until now."""
    if AUTHOR in post.parts or AUTHOR in post.written or author == Author():
        return post
    named = slim(account(author))
    return replace(
        post,
        parts=post.parts | {AUTHOR: named},
        written=post.written | {AUTHOR: digest(named)},
    )


def said_once(post: Merged, author: Author) -> Merged:
    """Return a post whose line does not name the thread's author again."""
    named = post.parts.get(AUTHOR)
    is_ours = named is not None and digest(named) == post.written.get(AUTHOR)
    if not is_ours or author_of({"account": named}) != author:
        return post
    parts, written = dict(post.parts), dict(post.written)
    del parts[AUTHOR], written[AUTHOR]
    return replace(post, parts=parts, written=written)
