"""Arrange the posts of a conversation: replies below the posts that they answer.

An author's own line continues below the answers to each of its posts. Where one author wrote a
thread without branches, which is the usual case, its posts stay in the order of their file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sitegen import timestamps
from sitegen.content.format.stored import StoredPost
from sitegen.model import Author, Post
from sitegen.site.views.summary import MAX_STEP

Posts = tuple[StoredPost, ...]


class Conversation(NamedTuple):
    """The posts of a thread in the order of its pages, and the indentation of each.

    `steps` is empty if no post is indented. A step of MAX_STEP + 1 means any deeper one.
    """

    posts: Posts
    steps: tuple[int, ...] = ()


def arrange(posts: Posts) -> Conversation:
    """Return the posts of a thread in the order of the conversation; the first stays the first."""
    if len(posts) < 2 or _is_line(posts):
        return Conversation(posts)
    members = [stored.post for stored in posts]
    accounts = [_account(post.author) for post in members]
    replies = _replies(members, _parents(members))
    if len(set(accounts)) == 1 and not any(len(children) > 1 for children in replies[1:]):
        return Conversation(posts)
    tree = _Tree(replies, accounts)
    steps = tuple([min(step, MAX_STEP + 1) for step in tree.steps])
    return Conversation(tuple([posts[at] for at in tree.order]), steps if any(steps) else ())


def _is_line(posts: Posts) -> bool:
    """Tell whether one author wrote all posts, each in answer to the one before."""
    above = posts[0].post
    author = above.author
    for stored in posts[1:]:
        post = stored.post
        if post.reply_to != above.id or (post.author is not author and post.author != author):
            return False
        above = post
    return True


def _account(author: Author) -> str | None:
    return author.id or author.handle or author.name


def _parents(posts: Sequence[Post]) -> list[int]:
    """Return the position of what each post answers, -1 where that is not in the thread.

    The first post answers none; a cycle is cut where it is entered.
    """
    positions = {post.id: at for at, post in enumerate(posts)}
    parents = [-1, *[positions.get(post.reply_to or "", -1) for post in posts[1:]]]
    is_safe = [False] * len(posts)
    for start in range(len(posts)):
        path: set[int] = set()
        current = start
        while current >= 0 and not is_safe[current] and current not in path:
            path.add(current)
            current = parents[current]
        if current in path:
            parents[current] = -1
        for at in path:
            is_safe[at] = True
    return parents


def _replies(posts: Sequence[Post], parents: Iterable[int]) -> list[list[int]]:
    """Return the replies to each post, the oldest first; before them, the posts without parent.

    So the replies to the post at a position are at the position after it.
    """
    replies: list[list[int]] = [[] for _ in range(len(posts) + 1)]
    for at, parent in enumerate(parents):
        replies[parent + 1].append(at)

    for children in replies[1:]:
        if len(children) > 1:
            children.sort(key=lambda at: timestamps.sort_key(posts[at].created_at))
    return replies


class _Tree:
    """The order of the posts of a conversation, by position, and the step of each."""

    def __init__(self, replies: list[list[int]], accounts: Sequence[str | None]) -> None:
        self.replies = replies
        self.lines = self._lines(accounts)
        self.order: list[int] = []
        self.steps: list[int] = []
        stack = [(root, 0) for root in reversed(replies[0])]
        while stack:
            at, step = stack.pop()
            self.order.append(at)
            self.steps.append(step)
            line = self.lines.get(at)
            if line is not None:  # last, below the answers of others
                stack.append((line, step))
            stack += [(reply, step + 1) for reply in reversed(replies[at + 1]) if reply != line]

    def _lines(self, accounts: Sequence[str | None]) -> dict[int, int]:
        """Return the reply with which its author went on from each post.

        Where there are several, it is the one with most posts after it, and the last of these.
        """
        lengths = [1] * len(accounts)
        lines: dict[int, int] = {}
        for at in reversed(self._parents_first()):
            own = [reply for reply in self.replies[at + 1] if accounts[reply] == accounts[at]]
            if own:
                lines[at] = max(reversed(own), key=lengths.__getitem__)
                lengths[at] += lengths[lines[at]]
        return lines

    def _parents_first(self) -> list[int]:
        order: list[int] = []
        rest = [*self.replies[0]]
        while rest:
            at = rest.pop()
            order.append(at)
            rest += self.replies[at + 1]
        return order
