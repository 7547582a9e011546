"""What leads somewhere on this site: threads, tags, feeds, and who wrote something."""

from functools import lru_cache

from msgspec import Struct

from sitegen.content.format.draft import printable, shorten
from sitegen.model import Author
from sitegen.site import urls

MAX_NAME = 200  # characters of a name that is shown on other pages than its own


class Link(Struct, frozen=True, array_like=True):
    """Something on this site."""

    title: str
    path: str


class Tag(Struct, frozen=True, array_like=True):
    """A tag; `count` is known where tags are listed, else 0."""

    name: str
    path: str
    count: int = 0


class Feed(Struct, frozen=True, array_like=True):
    """A feed and its media type."""

    title: str
    path: str
    type: str


class Writer(Struct, frozen=True, array_like=True):
    """Who wrote something, as readers see it; all None when nobody knows."""

    name: str | None
    handle: str | None
    path: str | None


NOBODY = Writer(None, None, None)


@lru_cache(maxsize=50_000)
def tag(name: str) -> Tag:
    """Return a tag as readers see it, without a count."""
    return Tag(shorten(name, MAX_NAME), urls.tag(name))


@lru_cache(maxsize=10_000)
def writer(network: str, author: Author) -> Writer:
    """Return an author as readers see them."""
    if author == Author():
        return NOBODY
    name = shorten(printable(author.name), MAX_NAME) if author.name else None
    handle = shorten(author.handle, MAX_NAME) if author.handle else author.handle
    return Writer(name, handle, urls.author_profile(network, author))
