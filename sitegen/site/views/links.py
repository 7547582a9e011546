"""Links that templates show: to pages, tags, feeds and authors."""

from functools import lru_cache

from msgspec import Struct

from sitegen.content.format.draft import printable, shorten
from sitegen.model import Author
from sitegen.site import urls

MAX_NAME = 200  # characters of a name on pages other than its own


class Link(Struct, frozen=True, array_like=True):
    """A link to a page of the site: its `title`, and its site path `path`.

    `lang` is the language of the title (BCP 47) where that is a thread's.
    """

    title: str
    path: str
    lang: str | None = None


class Tag(Struct, frozen=True, array_like=True):
    """A tag: its `name` without "#", and the site path `path` of its page.

    `count` is its number of threads in the list of tags, else 0.
    """

    name: str
    path: str
    count: int = 0


class Feed(Struct, frozen=True, array_like=True):
    """A feed: its `title`, and its site path `path`.

    `type` is its media type, "application/atom+xml" or "application/feed+json".
    """

    title: str
    path: str
    type: str


class Writer(Struct, frozen=True, array_like=True):
    """An author as templates show it; all fields are None for an unknown author.

    `name` and `handle` (without "@") are as the source states them. `path` is the site path of the
    account's page.
    """

    name: str | None
    handle: str | None
    path: str | None


ATOM = "application/atom+xml"
JSON = "application/feed+json"
NOBODY = Writer(None, None, None)


def feed_links(path: str, title: str, json_feeds: str) -> tuple[Feed, ...]:
    """Return links to the feeds of a listing; `json_feeds` is the setting of this name."""
    atom = Feed(title, urls.feed(path, "xml"), ATOM)
    if json_feeds == "none" or (json_feeds == "site" and path != urls.INDEX):
        return (atom,)
    return (atom, Feed(title, urls.feed(path, "json"), JSON))


@lru_cache(maxsize=50_000)
def tag(name: str) -> Tag:
    """Return the link to a tag, without a count."""
    return Tag(shorten(name, MAX_NAME), urls.tag(name))


@lru_cache(maxsize=10_000)
def writer(network: str, author: Author) -> Writer:
    """Return an author as templates show it, with shortened names."""
    if author == Author():
        return NOBODY
    name = shorten(printable(author.name), MAX_NAME) if author.name else None
    handle = shorten(author.handle, MAX_NAME) if author.handle else author.handle
    return Writer(name, handle, urls.author_profile(network, author))
