"""What an export is to have: for whom, which posts, in which format."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, NamedTuple, get_args

from sitegen.errors import UsageError

# "owner": a private backup, with hidden posts unless there is a query or a table.
Audience = Literal["owner", "public", "anonymous"]
Contents = Literal["posts", "counts"]
Format = Literal["jsonl", "csv", "parquet"]
FORMATS: tuple[Format, ...] = get_args(Format)
MIN_POSTS = 5
KEY_NAME = "anonymous.key"


class Request(NamedTuple):
    """A request for an export.

    `query` and `since` select posts. `contents` "counts" has only numbers of posts. In an anonymous
    export, what fewer than `min_posts` posts (by default 5) have in common is left out, and `key`
    is the file of the key for pseudonyms; by default it is beside sitegen.toml.
    """

    audience: Audience = "owner"
    contents: Contents = "posts"
    format: Format = "jsonl"
    query: str | None = None
    since: str | None = None
    min_posts: int | None = None
    key: Path | None = None

    @property
    def is_backup(self) -> bool:
        """Whether the export is all of the archive, with what is hidden."""
        is_selected = self.query is not None or self.since is not None
        return self.audience == "owner" and self.format == "jsonl" and not is_selected

    @property
    def least_posts(self) -> int:
        """How many posts must have in common what an anonymous export has."""
        return MIN_POSTS if self.min_posts is None else self.min_posts

    def check(self) -> None:
        """Raise UsageError for what cannot be exported, and for options without an effect."""
        if self.format not in FORMATS:
            what = f"--format cannot be {self.format!r}"
            raise UsageError(what, hint=f"write one of {', '.join(FORMATS)}.")
        if self.audience != "anonymous":
            self._refuse_anonymous_options()
        if self.contents == "counts" and self.key is not None:
            what = "--key has no effect with --no-text: numbers of posts have no pseudonyms"
            raise UsageError(what, hint="leave --key out.")
        if self.least_posts < 2:
            what = f"--min-posts cannot be {self.min_posts}: what one post has names that post"
            raise UsageError(what, hint="write 2 or more.")

    def _refuse_anonymous_options(self) -> None:
        if self.contents == "counts":
            what = "--no-text is a kind of anonymous export"
            raise UsageError(what, hint="write --anonymous --no-text.")
        for option, value in (("--min-posts", self.min_posts), ("--key", self.key)):
            if value is not None:
                what = f"{option} has an effect on anonymous exports only"
                raise UsageError(what, hint=f"leave {option} out, or write --anonymous.")
