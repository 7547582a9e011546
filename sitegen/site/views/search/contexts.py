"""The contexts of the page of the search, and of the files with what its results show."""

from msgspec import Struct

from sitegen.site.views.page_refs import EntryRefs


class SearchContext(Struct, frozen=True, tag=True, array_like=True):
    """The search; `topic` is the name in its address of the topic of most posts, or ""."""

    topic: str = ""


class ResultsContext(Struct, frozen=True, tag=True, array_like=True):
    """The posts of a file of results, by content file and position.

    `number` is that of the file, from 0. `thumbnails` has places of posts in the file and site
    paths of small versions of their first pictures. `hidden` are the places of the posts that
    answer or repeat a hidden one.
    """

    number: int
    entries: EntryRefs
    thumbnails: tuple[tuple[int, str], ...] = ()
    hidden: tuple[int, ...] = ()


SearchPageContext = SearchContext | ResultsContext
