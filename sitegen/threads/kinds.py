"""Tell the kinds of posts apart: posts, threads, replies and reposts.

A repost repeats somebody's post. A reply answers a post by somebody else. A thread is several posts
by its author. A post is anything else. A reply to oneself belongs to the thread of the post that it
answers, so it has no kind of its own. A thread ends where its author answers somebody else: what
follows there is part of the conversation, not of the thread.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from msgspec.structs import replace

from sitegen.model import Author, Facet, Post

Kind = Literal["post", "thread", "reply", "repost"]
# What several of a kind are called, in addresses, settings and messages.
LISTING_NAMES: dict[Kind, str] = {
    "post": "posts",
    "thread": "threads",
    "reply": "replies",
    "repost": "reposts",
}
RETWEET = re.compile(r"RT @(\w{1,20}): ?")


class Kinds(NamedTuple):
    """The kind of a thread's first post, and the positions of other posts by what they are.

    `replies` answer a post by somebody else. `other_posts` are not of the author's own thread:
    somebody else wrote them, or a post that they answer, directly or through others.
    """

    root: Kind
    replies: tuple[int, ...]
    other_posts: tuple[int, ...]


def kinds_of(posts: Sequence[Post], hidden: Sequence[Post] = ()) -> Kinds:
    """Return the kinds of a thread's posts, which are in reading order.

    `hidden` are other posts of the thread, which these may answer.
    """
    root = posts[0]
    by_id = {post.id: post for post in (*posts, *hidden)} if len(posts) > 1 or hidden else {}
    replies = _replies_within(posts, by_id) if len(posts) > 1 else ()
    others = _other_posts(posts, by_id) if len(posts) > 1 else ()
    if is_repost(root):
        return Kinds("repost", replies, others)
    if root.reply_to and not _answers_own(root, by_id.get(root.reply_to)):
        return Kinds("reply", replies, others)
    return Kinds("thread" if len(others) < len(posts) - 1 else "post", replies, others)


def spread(kinds: Kinds, posts: Sequence[Post]) -> tuple[Kind, ...]:
    """Return the kind of every post of a thread of these kinds, as `kinds_of` found them.

    A post of the first author's own thread is of the kind of that; any other is a reply, or a part
    of one. But what a repost says of itself is not true of the posts below it.
    """
    each: list[Kind] = ["post" if kinds.root == "repost" else kinds.root] * len(posts)
    for at in kinds.other_posts:
        each[at] = "reply"
    for at, post in enumerate(posts):
        if is_repost(post):
            each[at] = "repost"
    for at in kinds.replies:
        each[at] = "reply"
    return (kinds.root, *each[1:])


def _other_posts(posts: Sequence[Post], by_id: Mapping[str, Post]) -> tuple[int, ...]:
    """Return the positions of the posts that are not of the first author's own thread."""
    root = posts[0]
    is_own = {root.id: True}
    for post in posts:
        path: list[str] = []
        current: Post | None = post
        own = True
        while own and current is not None and current.id not in is_own:
            path.append(current.id)
            is_own[current.id] = True  # so that a circle ends
            parent = by_id.get(current.reply_to) if current.reply_to else root
            own = is_same_author(current.author, root.author) and _answers_own(current, parent)
            current = parent
        if own and current is not None:
            own = is_own[current.id]
        is_own.update(dict.fromkeys(path, own))
    return tuple([at for at, post in enumerate(posts) if not is_own[post.id]])


def _replies_within(posts: Sequence[Post], by_id: Mapping[str, Post]) -> tuple[int, ...]:
    """Return the positions of the posts after the first that answer a post by somebody else.

    Where a source does not say what a post answers, that is the first post.
    """
    root = posts[0]
    positions = []
    for at, post in enumerate(posts):
        parent = by_id.get(post.reply_to) if post.reply_to else root
        if at and not _answers_own(post, parent):
            positions.append(at)
    return tuple(positions)


def _answers_own(post: Post, parent: Post | None) -> bool:
    """Return whether a post answers one by its own author, as far as the sources state it."""
    author = answered_author(post) if parent is None else parent.author
    return author is not None and is_same_author(author, post.author)


def addressee(post: Post, by_id: Mapping[str, Post]) -> Author | None:
    """Return whom a post answers, as far as it is known and somebody else; `by_id` are posts."""
    parent = by_id.get(post.reply_to) if post.reply_to else None
    author = parent.author if parent else answered_author(post)
    return None if author is None or is_same_author(author, post.author) else author


def answered_author(post: Post) -> Author | None:
    """Return the author of the answered post, as the post itself states it; None if it does not."""
    for other in post.elsewhere:
        if other.id == post.reply_to and other.author != Author():
            return other.author
    return None


def is_same_author(one: Author, other: Author) -> bool:
    """Return whether two posts of one network have the same author, by id, else by handle."""
    if one is other:  # the usual case, since a file names its author once
        return True
    if one.id and other.id:
        return one.id == other.id
    if one.handle and other.handle:
        return one.handle.casefold() == other.handle.casefold()
    return one == other


def is_repost(post: Post) -> bool:
    """Return whether a post repeats somebody's post, by reference or in the words of X."""
    return post.repost_of is not None or bool(repeated_handle(post))


def without_marker(post: Post) -> Post:
    """Return a post without the "RT @name: " of X at its start."""
    if not repeated_handle(post) or not (retweet := RETWEET.match(post.text)):
        return post
    start = retweet.end()
    facets = tuple(
        [
            Facet(f.start - start, f.end - start, f.kind, f.value)
            for f in post.facets
            if f.start >= start
        ]
    )
    return replace(post, text=post.text[start:], facets=facets)


def is_truncated(post: Post) -> bool:
    """Return whether X cut off the end of a repeated text, which it did at 140 characters."""
    return bool(repeated_handle(post)) and post.text.rstrip().endswith("…")


def repeated_handle(post: Post) -> str:
    """Return the handle in "RT @name: " at the start of a post on X; "" if it has none."""
    if post.network != "x" or not post.text.startswith("RT @"):
        return ""
    retweet = RETWEET.match(post.text)
    mentions = {mention.casefold() for mention in post.mentions}
    return retweet[1] if retweet and retweet[1].casefold() in mentions else ""
