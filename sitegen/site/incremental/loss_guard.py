"""Stop a build that would lose most of the posts until the user confirms it.

An empty folder, a forgotten `git lfs pull` or a wrong path looks like an archive whose posts were
all deleted: without this, its pages would be deleted too. Small sites are no exception: a site of
three posts is all that somebody has, and --force is asked for once.
"""

from __future__ import annotations

from collections.abc import Iterable

from sitegen.config.schema import Config
from sitegen.content.imported import post_count
from sitegen.content.imported.post_count import Count
from sitegen.errors import ContentError
from sitegen.site import urls
from sitegen.site.cache.build_state import State
from sitegen.site.views.file_reader import Hidden, Item
from sitegen.site.views.summary import Entry


def posts_in(items: Iterable[Item]) -> int:
    """Count the posts in files, including hidden ones."""
    parsed = [*items]
    shown = sum([item.count + len(item.hidden_ids) for item in parsed if isinstance(item, Entry)])
    return shown + sum([len(item.ids) for item in parsed if isinstance(item, Hidden)])


def refuse_loss(
    config: Config, posts: int, last: State, min_share: float, published: Iterable[str]
) -> None:
    """Compare the number of posts with the last build or import. Raises ContentError.

    `published` are the files of the site as the last build left it: where neither a cache nor an
    import says how many posts there were, their pages do.
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


def accept(config: Config, posts: int) -> None:
    """Record the lower number of posts as accepted. Raises OutputError, OSError."""
    record = post_count.read(config.content)
    if record and record.posts > posts:
        post_count.write(config.content, Count(posts, record.after_purge))


def purge_of(config: Config) -> int | None:
    """Return the number of posts after the last purge. Raises ContentError."""
    record = post_count.read(config.content)
    return record.after_purge if record else None


def _expected(last: State, record: Count | None, published: Iterable[str]) -> tuple[int, str]:
    """Return the expected number of posts, and the event that it is known from.

    A purge since the last build explains why there are fewer.
    """
    if last.stored is None and record is None:
        return sum(map(urls.is_of_post, published)), "the last build"
    if last.stored is None:
        return (record.posts if record else 0), "the last import"
    purge = record.after_purge if record else None
    if purge is not None and purge != last.purge:
        return min(last.stored, purge), "the last purge"
    return last.stored, "the last build"
