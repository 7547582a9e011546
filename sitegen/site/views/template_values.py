"""What templates see: frozen values, made from the library, without a way to anything else."""

from collections.abc import Callable, Mapping
from functools import cached_property

from msgspec import Struct

from sitegen.model import Post, Profile
from sitegen.site import urls
from sitegen.site.views.links import Feed, Link, Tag, Writer
from sitegen.site.views.pictures import Picture
from sitegen.site.views.summary import Entry


class Quoted(Struct, frozen=True, array_like=True):
    """A post that another quotes, reposts or answers; without a path the archive has it not.

    `media` counts what hangs on it; `state` says why its source could not have it.
    """

    path: str | None
    url: str | None
    author: Writer | None = None
    text: str = ""
    created_at: str | None = None
    media: int = 0
    state: str | None = None


class PostView(Struct, frozen=True, array_like=True):
    """A post on a page; `parent` is what it answers, where that is not in the thread.

    `is_cut` says that only its beginning is shown.
    """

    post: Post
    handwritten: str | None
    path: str
    anchor: str
    author: Writer
    quote: Quoted | None
    html_lang: str | None
    position: int
    tag_keys: frozenset[str]
    parent: Quoted | None = None
    repost: Quoted | None = None
    pictures: Mapping[str, Picture] | None = None
    is_cut: bool = False


class ThreadView(Struct, frozen=True, dict=True, array_like=True):
    """A thread on a page, root first; its posts are read when a template asks for them."""

    entry: Entry
    read: Callable[[], tuple[PostView, ...]]
    page_size: int

    @cached_property
    def posts(self) -> tuple[PostView, ...]:
        """The posts that the page shows."""
        return self.read()

    @property
    def path(self) -> str:
        """Where the thread is, from the top of the site; its first page, if it has several."""
        return self.entry.path

    @property
    def title(self) -> str:
        """What the thread is called."""
        return self.entry.long_title or self.entry.title

    @property
    def is_named(self) -> bool:
        """Whether its title is more than how its first post begins."""
        return self.entry.is_named

    @property
    def tags(self) -> tuple[Tag, ...]:
        """The thread's tags, where they lead to."""
        return self.entry.tags

    @property
    def rest(self) -> str:
        """Where the posts begin that follow those that are shown, from the first one on."""
        number = len(self.posts) // self.page_size + 1
        return self.path if number == 1 else urls.numbered_page(self.path, number)

    @property
    def first_tags(self) -> tuple[Tag, ...]:
        """As many of the tags as listings show."""
        return self.entry.first_tags

    @property
    def more_tags(self) -> int:
        """How many tags it has besides."""
        return self.entry.more_tags

    @property
    def created_at(self) -> str | None:
        """When it was begun, by its source."""
        return self.entry.created_at

    @property
    def network(self) -> str:
        """Where its posts are from."""
        return self.entry.network

    @property
    def count(self) -> int:
        """How many posts it has in all."""
        return self.entry.count

    @property
    def author(self) -> Writer:
        """Who wrote the first post."""
        return self.entry.author


class ProfileView(Struct, frozen=True, array_like=True):
    """An account: what is known of it, how many threads it has here, and the post it pinned.

    `is_cut` says that its page has more of what it says of itself.
    """

    profile: Profile
    handwritten: str | None
    path: str
    label: str
    count: int
    feeds: tuple[Feed, ...] = ()
    pinned: Link | None = None
    is_cut: bool = False


class Month(Struct, frozen=True, array_like=True):
    """A month, "2025-09", and how many threads it has."""

    name: str
    path: str
    count: int


class Year(Struct, frozen=True, array_like=True):
    """A year and its months, newest first."""

    name: str
    path: str
    count: int
    months: tuple[Month, ...]


class Person(Struct, frozen=True, array_like=True):
    """Somebody who is mentioned, and in how many threads."""

    handle: str
    path: str
    url: str | None
    count: int


class Host(Struct, frozen=True, array_like=True):
    """A site that posts lead to, and from how many threads."""

    name: str
    path: str
    url: str
    count: int


class Totals(Struct, frozen=True, array_like=True):
    """How much an archive has; `years` are the first and the last."""

    threads: int
    posts: int
    years: tuple[int, int] | None


class Pager(Struct, frozen=True, array_like=True):
    """Where a listing's page is: numbers count from the oldest, `total` is 0 if untold."""

    number: int
    total: int
    newer: Link | None
    older: Link | None


class ThreadPager(Struct, frozen=True, array_like=True):
    """Where a page of a long thread is: numbers count from its start.

    Only the first page and the last know how many there are: `total` is 0 on those between,
    so that they stay as they are when the thread grows.
    """

    number: int
    total: int
    first: Link
    last: Link | None
    previous: Link | None
    next: Link | None


class Document(Struct, frozen=True, tag="document", array_like=True):
    """A page of one's own: Markdown that a person wrote."""

    source: str
    path: str
    title: str
    description: str
    body: str
    nav: bool
    date: str | None = None
    warnings: tuple[str, ...] = ()


class SiteView(Struct, frozen=True, array_like=True):
    """What every page may know of the site; whatever is here changes all pages at once.

    `networks` are those of which the archive has threads or profiles, `renamed` the media that are
    published under other names, with these.
    """

    title: str
    description: str
    language: str
    base_url: str
    account: str | None
    nav: tuple[Link, ...]
    stylesheets: tuple[str, ...]
    scripts: tuple[str, ...]
    feeds: tuple[Feed, ...]
    footer: str
    networks: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
