"""The authors of a file's posts: front matter names the author of all lines that name none."""

from __future__ import annotations

from collections.abc import Mapping

from sitegen.content.format.draft import Parts, account, as_object, digest, drop_null
from sitegen.content.format.recorded import is_recorded
from sitegen.content.merge.post_parts import PostParts
from sitegen.model import Author

AUTHOR, ACCOUNT = "author", "account"


def author_of(fields: Parts) -> Author:
    """Return the author that front matter names."""
    names = as_object(fields.get("account")) or {"handle": fields.get("author")}
    texts = {k: v for k, v in names.items() if isinstance(v, str)}
    return Author(texts.get("handle"), texts.get("id"), texts.get("name"))


def is_same_account(first: Author, second: Author) -> bool:
    """Return whether two authors are known to be the same account."""
    if first.id and second.id:
        return first.id == second.id
    return (
        bool(first.handle) and (first.handle or "").casefold() == (second.handle or "").casefold()
    )


def is_front_ours(front: PostParts) -> bool:
    """Return whether the author in front matter is as written, not changed by a person."""
    return front.is_untouched(AUTHOR) and front.is_untouched(ACCOUNT)


def change_front_author(
    posts: Mapping[str, PostParts], old: Author, new: Author
) -> dict[str, PostParts]:
    """Update the posts of a file whose front matter changes its author."""
    if old != new:
        posts = {identity: _name_author(post, old) for identity, post in posts.items()}
    return {identity: omit_same_author(post, new) for identity, post in posts.items()}


def _name_author(post: PostParts, author: Author) -> PostParts:
    """Name the author in a post's line, if front matter named it until now."""
    if not post.is_missing(AUTHOR) or author == Author():
        return post
    return post.write(AUTHOR, drop_null(account(author)))


def omit_same_author(post: PostParts, author: Author) -> PostParts:
    """Remove the author from a post's line if it is the thread's author."""
    named = post.parts.get(AUTHOR)
    is_ours = named is not None and is_recorded(post.recorded.get(AUTHOR), digest(named))
    if not is_ours or author_of({"account": named}) != author:
        return post
    return post.without((AUTHOR,))
