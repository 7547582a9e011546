"""Complete the posts of a thread's page with what depends on the posts around them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from sitegen.content.format.stored import StoredPost
from sitegen.languages.language import Language
from sitegen.site.views import related, thread_pages
from sitegen.site.views.page_refs import Quoter
from sitegen.site.views.summary import MAX_STEP, Entry
from sitegen.site.views.template_values import PostView

Views = tuple[PostView, ...]


def with_days(views: Views, language: Language) -> Views:
    """Return the posts of a page, each knowing whether the one above is of the same day."""
    days = [language.date(view.post.created_at) for view in views]
    return tuple(
        [
            replace(view, is_same_day=True) if day and day == above else view
            for view, above, day in zip(views, (None, *days), days, strict=False)
        ]
    )


def with_others(views: Views, other_posts: Sequence[int]) -> Views:
    """Return the posts of a page, each knowing whether it is at one of these positions."""
    positions = frozenset(other_posts)
    return tuple(
        [replace(view, is_other=True) if view.position - 1 in positions else view for view in views]
    )


def with_quoters(views: Views, quoters: Sequence[Quoter]) -> Views:
    """Return the posts of a page, each with the posts that quote it."""
    of_posts: dict[str, list[Quoter]] = {}
    for quoter in quoters:
        of_posts.setdefault(quoter.post, []).append(quoter)
    return tuple(
        [
            replace(view, quoters=tuple(of_posts[view.post.id]))
            if view.post.id in of_posts
            else view
            for view in views
        ]
    )


def with_steps(
    views: Views,
    entry: Entry,
    posts: Sequence[StoredPost],
    positions: Mapping[str, int],
    size: int,
) -> Iterator[PostView]:
    """Yield the posts of a page of a conversation with their indentations.

    A post names what it answers where its step cannot show that: it is too deep, or the other is
    on an earlier page. `posts` are those of the whole thread, `positions` theirs by id, and `size`
    is the number of posts on a page.
    """
    start = views[0].position - 1
    for view in views:
        step = entry.steps[view.position - 1]
        at = positions.get(view.post.reply_to or "") if step else None
        if at is None:
            yield view
        elif step > MAX_STEP or at < start:
            parent = related.archived_post(posts[at], thread_pages.place(entry, at, size))
            yield replace(view, step=min(step, MAX_STEP), parent=parent)
        else:
            yield replace(view, step=step)
