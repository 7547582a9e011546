"""Pages of threads: each thread, and every post of one."""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.site import urls
from sitegen.site.plan.indexes import Indexes
from sitegen.site.views import contexts, thread_pages
from sitegen.site.views.contexts import Page
from sitegen.site.views.links import Link
from sitegen.site.views.summary import PlacedThread, values_in
from sitegen.site.views.thread_pages import Section


def threads(indexes: Indexes) -> Iterator[Page]:
    """Generate each thread's pages, and then those of its posts.

    Middle pages link to no other thread, so they never change.
    """
    size = indexes.build.thread_size
    thread_links = [Link(entry.title, entry.path, entry.lang) for entry in indexes.entries]
    links = [None, *thread_links, None]
    months = indexes.month_links
    for at, entry in enumerate(indexes.entries):
        image = indexes.preview_image(entry, entry.previews)
        date = entry.created_at if entry.day else None
        single = (Section(thread_links[at]),)
        for link, start, end, pager in (
            thread_pages.sections(entry, size, indexes.language)
            if thread_pages.has_pages(entry, size)
            else single
        ):
            is_middle = pager is not None and not pager.total
            last = end if is_middle and end else entry.count
            context = contexts.ThreadContext(
                thread=indexes.page_part(entry, start, end),
                pager=pager,
                newer=None if is_middle else links[at],
                older=None if is_middle else links[at + 2],
                month=months.get(entry.month),
                jumps=thread_pages.jumps(entry, last, size, indexes.language),
            )
            yield Page(link.path, "thread.html", context, entry.source, link.title, image=image,
                       date=date)  # fmt: skip
        if indexes.build.post_pages:
            yield from _posts(indexes, entry)


def _posts(indexes: Indexes, entry: PlacedThread) -> Iterator[Page]:
    """Generate a page for every post of a thread after the first, at its permanent address."""
    for at, identity in enumerate(entry.post_ids[1:], 1):
        context = contexts.PostContext(indexes.part(entry, at, at + 1))
        image = indexes.preview_image(entry, values_in(entry.media_paths, at, at + 1))
        path = urls.post(entry.network, identity)
        yield Page(path, "post.html", context, entry.source, image=image)


def former_posts(indexes: Indexes) -> Iterator[Page]:
    """Generate redirects from addresses with derived ids, used before the real ids were known.

    When several posts had the same derived id, the first one gets the redirect.
    """
    size, taken = indexes.build.thread_size, {""}
    former = [entry for entry in indexes.entries if entry.former_ids]
    if former:
        taken = {urls.post(e.network, i) for e in indexes.entries for i in e.post_ids}
    for entry in former:
        for at, identity in entry.former_ids:
            path, post_id = urls.post(entry.network, identity), entry.post_ids[at]
            if path not in taken:
                taken.add(path)
                page = thread_pages.page_of(entry, at, size)
                address = f"{page}#{urls.anchor(post_id)}" if at else page
                target = Link(entry.title, address, entry.lang)
                context = contexts.RedirectContext(target, "post")
                claim = f"the former address of the post {post_id}"
                yield Page(path, "moved.html", context, claim, entry.title, indexed=False)
