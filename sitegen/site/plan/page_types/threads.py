"""Pages of threads: the index, each thread, the address of every post."""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.site import urls
from sitegen.site.plan.indexes import Indexes
from sitegen.site.plan.pagination import stretches
from sitegen.site.views import contexts as shown
from sitegen.site.views import thread_pages
from sitegen.site.views.contexts import Page
from sitegen.site.views.links import Link
from sitegen.site.views.template_values import Totals
from sitegen.site.views.thread_pages import Section


def index(indexes: Indexes) -> Iterator[Page]:
    """List the newest threads, and the older ones on numbered pages."""
    posts = sum(entry.count for entry in indexes.entries)
    totals = Totals(len(indexes.entries), posts, indexes.years)
    for stretch in stretches(urls.INDEX, "Newest", indexes.entries, indexes.build.page_size):
        newest = stretch.path == urls.INDEX
        context = shown.Newest(
            threads=tuple([indexes.beginning(entry) for entry in stretch.items]),
            pager=stretch.pager,
            profile=indexes.owner if newest else None,
            totals=totals if newest else None,
        )
        title = "" if newest else f"Page {stretch.pager.number}"
        template = "index.html" if newest else "older.html"
        yield Page(stretch.path, template, context, "the index", title)


def threads(indexes: Indexes) -> Iterator[Page]:
    """Give each thread its pages; those amid a long one know nothing beyond their neighbours."""
    size = indexes.build.thread_size
    own = [Link(entry.title, entry.path) for entry in indexes.entries]
    links = [None, *own, None]
    for at, entry in enumerate(indexes.entries):
        image = indexes.picture(entry.image)
        date = entry.created_at if entry.month else None
        whole = (Section(own[at]),)
        for link, start, end, pager in (
            thread_pages.cut(entry, size) if entry.count > size else whole
        ):
            is_amid = pager is not None and not pager.total
            context = shown.OneThread(
                thread=indexes.part(entry, start, end),
                pager=pager,
                newer=None if is_amid else links[at],
                older=None if is_amid else links[at + 2],
            )
            yield Page(link.path, "thread.html", context, entry.source, link.title, image=image,
                       date=date)  # fmt: skip


def posts(indexes: Indexes) -> Iterator[Page]:
    """Give every reply an address: a small page that leads to it in its thread."""
    size = indexes.build.thread_size
    for entry in indexes.entries:
        links = thread_pages.links(entry, size)
        count = entry.count if len(links) == 1 else 0
        for at, identity in enumerate(entry.post_ids[1:], 1):
            thread = links[at // size]
            target = f"{thread.path}#{urls.anchor(identity)}"
            context = shown.OnePost(thread.path, target, at + 1, count)
            path = urls.post(entry.network, identity)
            yield Page(path, "post.html", context, entry.source, entry.title, indexed=False)


def former_posts(indexes: Indexes) -> Iterator[Page]:
    """Let the addresses that posts had before their own ids were known lead to them.

    Of posts that had one in common, the first has it.
    """
    size, taken = indexes.build.thread_size, {""}
    former = [entry for entry in indexes.entries if entry.former_ids]
    if former:
        taken = {urls.post(e.network, i) for e in indexes.entries for i in e.post_ids}
    for entry in former:
        links = thread_pages.links(entry, size)
        for at, identity in entry.former_ids:
            path, own = urls.post(entry.network, identity), entry.post_ids[at]
            if path not in taken:
                taken.add(path)
                page = links[at // size].path
                target = Link(entry.title, f"{page}#{urls.anchor(own)}" if at else page)
                context = shown.OneMoved(target, "post")
                claim = f"the former address of the post {own}"
                yield Page(path, "moved.html", context, claim, entry.title, indexed=False)
