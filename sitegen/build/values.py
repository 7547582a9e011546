"""What templates see: frozen values, made from the library, without a way to anything else."""

from collections.abc import Callable, Mapping
from functools import lru_cache

from msgspec import Struct

from sitegen.build import urls
from sitegen.build.once import once
from sitegen.build.pictures.values import Picture
from sitegen.content.draft import printable
from sitegen.model import Author, Post, Profile


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
    """Who wrote something, as a reader is told; all None when nobody knows."""

    name: str | None
    handle: str | None
    path: str | None


NOBODY = Writer(None, None, None)
Placed = tuple[tuple[int, str], ...]  # each with its post's place in the thread, from 0


class Listed(Struct, frozen=True, array_like=True):
    """What decides on which pages a thread stands, and where on them: all that planning sees.

    `others` are who wrote in it besides its first author, `quotes` the posts that it quotes,
    reposts, or answers although they are not in it.
    """

    source: str
    network: str
    id: str
    path: str
    title: str
    created_at: str | None
    when: float
    month: str | None
    count: int
    post_ids: tuple[str, ...]
    tag_names: tuple[str, ...]
    root_author: Author
    others: tuple[Author, ...]
    mentions: tuple[str, ...]
    hosts: tuple[str, ...]
    quotes: Placed
    media_paths: Placed
    hidden_media: tuple[str, ...]
    image: str | None

    @property
    def authors(self) -> tuple[Author, ...]:
        """Everybody who wrote in the thread, its first author first."""
        return (self.root_author, *self.others) if self.others else (self.root_author,)


class Entry(Listed, frozen=True, tag="thread", array_like=True):
    """A thread in a listing: what decides on its places, and what its line tells.

    `is_named` tells whether its title is more than how its first post begins.
    `digest` is of the file it came from: whatever is shown of the thread follows from it.
    `is_repost` tells that its summary is what somebody else wrote.
    """

    digest: bytes
    summary: str
    is_named: bool
    media: int
    lang: str | None
    uncertain: bool
    warning: str | None
    is_repost: bool = False

    @property
    def tags(self) -> tuple[Tag, ...]:
        """The thread's tags, where they lead to."""
        return tuple([_tag(name) for name in self.tag_names])

    @property
    def author(self) -> Writer:
        """Who wrote the first post, as readers are told."""
        return writer(self.network, self.root_author)

    def stands_as(self, other: Listed) -> bool:
        """Tell whether two versions of a thread have the same places on the same pages."""
        return all(getattr(self, name) == getattr(other, name) for name in PLACED)


PLACED = Listed.__struct_fields__


@lru_cache(maxsize=50_000)
def _tag(name: str) -> Tag:
    return Tag(name, urls.tag(name))


@lru_cache(maxsize=10_000)
def writer(network: str, author: Author) -> Writer:
    """Return an author as readers are told."""
    if author == Author():
        return NOBODY
    name = printable(author.name) if author.name else None
    return Writer(name, author.handle, urls.writer(network, author))


class Entries(Struct, frozen=True, array_like=True):
    """Stands in a context for the entries of these files, which are looked up when rendering."""

    sources: tuple[str, ...]


class Part(Struct, frozen=True, array_like=True):
    """Stands in a context for posts of a thread, which are read when the page is rendered.

    They are those from `start` to before `end`, counted from 0; without any, the whole thread.
    `quoted` are the files of the posts that they quote, repost or answer, by the id of that post;
    `missing` are their media that have no file, `pictures` what is known of the others.
    """

    source: str
    start: int = 0
    end: int | None = None
    quoted: tuple[tuple[str, str], ...] = ()
    missing: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()


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
    """A post on a page; `parent` is what it answers, where that does not stand in the thread."""

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


class ThreadView(Struct, frozen=True, dict=True, array_like=True):
    """A thread on a page, root first; its posts are read when a template asks for them."""

    entry: Entry
    read: Callable[[], tuple[PostView, ...]]

    @once
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
        return self.entry.title

    @property
    def is_named(self) -> bool:
        """Whether its title is more than how its first post begins."""
        return self.entry.is_named

    @property
    def tags(self) -> tuple[Tag, ...]:
        """The thread's tags, where they lead to."""
        return self.entry.tags

    @property
    def created_at(self) -> str | None:
        """When it was begun, as its source tells it."""
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
    """An account: what is known of it, how many threads it has here, and the post it pinned."""

    profile: Profile
    handwritten: str | None
    path: str
    label: str
    count: int
    feeds: tuple[Feed, ...] = ()
    pinned: Link | None = None


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


class SiteView(Struct, frozen=True, array_like=True):
    """What every page may know of the site; whatever is here changes all pages at once.

    `networks` are those of which the archive has threads or profiles.
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
