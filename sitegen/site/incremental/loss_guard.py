"""Stop a build that would lose most of the posts until the user confirms it.

An empty folder, a forgotten `git lfs pull` or a wrong path looks as if all posts had been deleted,
and a build would delete their pages. Small sites are no exception: three posts may be all that
somebody has, and `--force` confirms a real deletion once.
"""

from __future__ import annotations

from collections.abc import Iterable

from sitegen.config.schema import Config
from sitegen.content.imported import post_count
from sitegen.content.imported.post_count import Count
from sitegen.errors import ContentError
from sitegen.site import urls
from sitegen.site.cache.build_state import State
from sitegen.site.parsing.items import HiddenFile, Item
from sitegen.site.views.summary import Entry


def count_posts(items: Iterable[Item]) -> int:
    """Count the posts of parsed files, including hidden ones."""
    parsed = [*items]
    shown = sum([item.count + len(item.hidden_ids) for item in parsed if isinstance(item, Entry)])
    return shown + sum([len(item.ids) for item in parsed if isinstance(item, HiddenFile)])


def refuse_loss(
    config: Config, posts: int, last: State, min_share: float, published: Iterable[str]
) -> None:
    """Raise ContentError if fewer than `min_share` of the expected posts are left.

    The expected number is that of the last build, import or purge. Without a record of these, it
    is the number of post pages among `published`, the output files of the last build.
    """
    record = post_count.read(config.content)
    expected, when = _expected(last, record, published)
    if posts >= expected * min_share:
        return
    cure = "If you removed the others yourself, build once with --force"
    committed = f", and commit {post_count.place(config.content)}" if record else ""
    raise ContentError(
        f"only {posts:,} of {expected:,} posts are left since {when}",
        path=config.content,
        hint=f"is something missing? {cure}{committed}.",
    )


def accept_count(config: Config, posts: int) -> None:
    """Lower the recorded number of posts after `--force`. Raises OutputError, OSError."""
    record = post_count.read(config.content)
    if record and record.posts > posts:
        post_count.write(config.content, Count(posts, record.after_purge))


def posts_after_purge(config: Config) -> int | None:
    """Return how many posts the last purge left, None without a purge. Raises ContentError."""
    record = post_count.read(config.content)
    return record.after_purge if record else None


def _expected(last: State, record: Count | None, published: Iterable[str]) -> tuple[int, str]:
    """Return the expected number of posts, and the event that recorded it.

    A purge since the last build explains why there are fewer.
    """
    if last.stored is None and record is None:
        return sum(map(urls.is_post_path, published)), "the last build"
    if last.stored is None:
        return (record.posts if record else 0), "the last import"
    purge = record.after_purge if record else None
    if purge is not None and purge != last.posts_after_purge:
        return min(last.stored, purge), "the last purge"
    return last.stored, "the last build"
