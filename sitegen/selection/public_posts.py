"""What a public export leaves out: all that the site does not show as public.

These are hidden posts; threads of a kind that `[site] show` leaves out; and posts of which their
source says that not everybody may read them, or does not say it, even where the site shows them.
"""

from __future__ import annotations

from collections import Counter

from sitegen.config.schema import Config
from sitegen.content.format.hiding import OPEN
from sitegen.content.format.stored import StoredPost
from sitegen.content.format.thread_file import ThreadFile
from sitegen.model import Post
from sitegen.selection import queried_posts
from sitegen.threads.kinds import LISTING_NAMES, kinds_of

HIDDEN, OTHER_KIND, NOT_PUBLIC = "hidden", "other kind", "not public"


class PublicPosts:
    """Decides which posts are public, and counts those that are not by the reason."""

    def __init__(self, config: Config) -> None:
        self.kinds = config.site.show
        self.left_out: Counter[str] = Counter()

    def leave_out(self, file: ThreadFile, stored: tuple[StoredPost, ...]) -> list[bool]:
        """Return of each post of a thread whether it is left out."""
        is_hidden = queried_posts.leave_out_hidden(file, stored)
        posts = [each.post for each in stored]
        shown = [post for post, hides in zip(posts, is_hidden, strict=True) if not hides]
        hidden = [post for post, hides in zip(posts, is_hidden, strict=True) if hides]
        is_of_other_kind = bool(shown) and not self._shows_kind(shown, hidden)
        reasons = [
            HIDDEN if hides else OTHER_KIND if is_of_other_kind else _reason(each)
            for each, hides in zip(stored, is_hidden, strict=True)
        ]
        self.left_out.update([reason for reason in reasons if reason])
        return [bool(reason) for reason in reasons]

    def _shows_kind(self, shown: list[Post], hidden: list[Post]) -> bool:
        return LISTING_NAMES[kinds_of(shown, hidden).root] in self.kinds


def _reason(stored: StoredPost) -> str:
    return "" if (stored.post.visibility or OPEN[0]) in OPEN else NOT_PUBLIC
