"""Infer threads that the export does not state, from numbers ("2/") and replies to oneself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from sitegen.model import Post
from sitegen.sources.meta.posts.posts import ParsedPost
from sitegen.sources.numbered_threads import cues

_MAX_PAUSE = timedelta(days=1)
# The app posts a whole thread at once. A later reply to oneself may answer any older post.
_MAX_SEND_TIME = timedelta(seconds=60)
JOINED = "Its number joins it to the post above; the export does not."
JOINED_BY_TIME = (
    "Its author answered themselves within a minute; the export does not name the post."
)
UNNAMED_OWN = "It answers an earlier post of its author, which the export does not name."


def link_posts(parsed_posts: Sequence[ParsedPost]) -> list[Post]:
    """Link posts to their parents where these are certain; return all posts.

    Posts are sorted oldest first. Only what begins with 1, continues without a gap within a day,
    and announces one total, is a thread by its numbers. Replies to somebody else are not in
    their author's threads.
    """
    joined: list[Post] = []
    open_thread: tuple[Post, int, int | None] | None = None
    above: ParsedPost | None = None
    for read in parsed_posts:
        post, post_cues = read.post, cues(read.post.text)
        if _answers_another(read):
            joined.append(post)
            above = None
            continue
        if post_cues.number is not None:
            if open_thread and _continues(open_thread, post, post_cues.number, post_cues.total):
                post = _as_reply(post, open_thread[0], JOINED)
                open_thread = (post, post_cues.number, post_cues.total or open_thread[2])
            else:
                open_thread = (post, 1, post_cues.total) if post_cues.number == 1 else None
        if post.reply_to is None and read.answers:
            is_next = above is not None and _pause(above.post, post) <= _MAX_SEND_TIME
            own = replace(post, uncertain=(UNNAMED_OWN,))
            post = _as_reply(post, above.post, JOINED_BY_TIME) if above and is_next else own
        joined.append(post)
        above = replace(read, post=post)
    return joined


def _answers_another(read: ParsedPost) -> bool:
    own = (read.post.author.handle or "").casefold()
    return read.answers is not None and read.answers.casefold() != own


def _continues(
    thread: tuple[Post, int, int | None], post: Post, number: int, total: int | None
) -> bool:
    above, reached, announced = thread
    return (
        _pause(above, post) <= _MAX_PAUSE
        and number == reached + 1
        and (not total or total == (announced or total))
    )


def _pause(above: Post, post: Post) -> timedelta:
    """Return the time between two posts; the maximum if a post has no time."""
    if not above.created_at or not post.created_at:
        return timedelta.max
    return datetime.fromisoformat(post.created_at) - datetime.fromisoformat(above.created_at)


def _as_reply(post: Post, above: Post, why: str) -> Post:
    return replace(post, reply_to=above.id, uncertain=(why,))
