"""Threads that their author numbered: the export names no parents, but "2/" follows "1/"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from sitegen.importers.page.markers import cues
from sitegen.model import Post

_LONGEST_PAUSE = timedelta(days=1)
JOINED = "Its number joins it to the post above; the export does not."


def joined(posts: Sequence[Post]) -> list[Post]:
    """Make a post that has a number a reply to the one that has the number before it.

    Posts come oldest first. Only what begins with 1, counts on without a gap within a day,
    and announces one total, is a thread.
    """
    found: list[Post] = []
    open_thread: tuple[Post, int, int | None] | None = None
    for post in posts:
        said = cues(post.text)
        if said.number is None:
            found.append(post)
            continue
        if open_thread and _goes_on(open_thread, post, said.number, said.total):
            above, _, total = open_thread
            post = _below(post, above)
            open_thread = (post, said.number, said.total or total)
        else:
            open_thread = (post, 1, said.total) if said.number == 1 else None
        found.append(post)
    return found


def _goes_on(
    thread: tuple[Post, int, int | None], post: Post, number: int, total: int | None
) -> bool:
    above, reached, announced = thread
    if not above.created_at or not post.created_at:
        return False
    pause = datetime.fromisoformat(post.created_at) - datetime.fromisoformat(above.created_at)
    return (
        pause <= _LONGEST_PAUSE
        and number == reached + 1
        and (not total or total == (announced or total))
    )


def _below(post: Post, above: Post) -> Post:
    return replace(post, reply_to=above.id, uncertain=(JOINED,))
