"""The album: a page of the pictures of a site or an account, each of which leads to its post."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sitegen.site import urls
from sitegen.site.plan.indexes import Indexes
from sitegen.site.plan.listings import PICTURES, Listed
from sitegen.site.plan.pagination import ListingPage, paginate
from sitegen.site.views import contexts, thread_pages
from sitegen.site.views.contexts import Page
from sitegen.site.views.links import Link
from sitegen.site.views.listing_values import Tab
from sitegen.site.views.pictures import PictureRef, PictureRefs


def album(
    indexes: Indexes, profile: Link | None, tabs: tuple[Tab, ...], posts: Iterable[Listed]
) -> Iterator[Page]:
    """Generate the album of some posts, whose address is among the tabs."""
    path = next((tab.path for tab in tabs if tab.kind == PICTURES), "")
    pictures = tuple(picture_refs(indexes, posts)) if path else ()
    title = title_of_listing(indexes, profile, PICTURES)
    unnumbered = without_counts(tabs)
    size, language = indexes.build.page_size, indexes.language
    units = (1,) * len(pictures)
    pages = [*paginate(path, title, pictures, size, language, units)] if pictures else []
    years = _years(pages)
    for page in pages:
        context = contexts.AlbumContext(
            tabs=tabs if page.is_newest else unnumbered,
            profile=profile,
            count=len(pictures) if page.is_newest else 0,
            years=years if page.is_newest else (),
            pictures=PictureRefs(page.items),
            pager=page.pager,
        )
        yield Page(page.path, "pictures.html", context, "the album", page.title)


def _years(pages: Iterable[ListingPage]) -> tuple[Link, ...]:
    """Return a link to the newest pictures of each year, if they are of several."""
    paths: dict[str, str] = {}
    for page in pages:
        for picture in page.items:
            if picture.day:
                year = picture.day[:4]
                paths.setdefault(year, f"{page.path}#{urls.year_anchor(year)}")
    return tuple([Link(year, path) for year, path in paths.items()]) if len(paths) > 1 else ()


def title_of_listing(indexes: Indexes, profile: Link | None, name: str) -> str:
    """Return the title of a listing such as "replies", of an account or of the whole site."""
    title = indexes.language.text(f"kind.{name}")
    return f"{profile.title} · {title}" if profile else title


def without_counts(tabs: tuple[Tab, ...]) -> tuple[Tab, ...]:
    """Return the tabs of numbered pages, which a new post must not change."""
    return tuple([Tab(tab.kind, tab.path) for tab in tabs])


def picture_refs(indexes: Indexes, posts: Iterable[Listed]) -> Iterator[PictureRef]:
    """Yield references to the pictures of posts, the newest post first.

    Pictures behind a content warning and those of reposts are left out.
    """
    for post, at, path in indexes.listed_pictures(posts):
        address = thread_pages.address(post.thread, at, indexes.build)
        small = indexes.thumbnails[path] or indexes.library.picture_path(path) or path
        yield PictureRef(post.thread.source, path, small, address, post.day)
