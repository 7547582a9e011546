"""The collections of a site, and the contexts of their pages."""

from msgspec import Struct

from sitegen.site.views.listing_values import Pager
from sitegen.site.views.page_refs import EntryRefs


class CollectionView(Struct, frozen=True, array_like=True):
    """A listing of the posts that a query matches: its `title`, and its `description`, plain text.

    `path` is the site path of its page. `count` is its number of posts on its first page and in the
    list of collections. Other pages lack it and the description, since a new post or another
    description would change all of them.
    """

    title: str
    description: str
    path: str
    count: int = 0


class CollectionContext(Struct, frozen=True, tag=True, array_like=True):
    """A collection and a page of its posts."""

    collection: CollectionView
    entries: EntryRefs
    pager: Pager


class CollectionsContext(Struct, frozen=True, tag=True, array_like=True):
    """The list of collections, in the order of sitegen.toml."""

    collections: tuple[CollectionView, ...]


CollectionPageContext = CollectionContext | CollectionsContext
