"""The values that templates see: frozen, and without access to anything else."""

from collections.abc import Callable, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any

from msgspec import Struct

from sitegen.languages.direction import text_direction
from sitegen.model import Json, Post, Profile
from sitegen.site import urls
from sitegen.site.views.links import Feed, Link, Tag, Writer
from sitegen.site.views.pictures import Picture
from sitegen.site.views.summary import Entry


class Quoted(Struct, frozen=True, array_like=True):
    """A post that another quotes, reposts or answers; `path` is None outside the archive.

    `media` is its number of attachments; `state` says why its source does not have it.
    """

    path: str | None
    url: str | None
    author: Writer | None = None
    text: str = ""
    created_at: str | None = None
    media: int = 0
    state: str | None = None


class PostView(Struct, frozen=True, array_like=True):
    """A post on a page; `parent` is the post that it answers, if that is outside the thread.

    `position` counts from 1. `is_cut` says that only an excerpt is shown.
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

    @property
    def direction(self) -> str:
        """The direction of the text: "rtl", or "auto" to let browsers decide."""
        return text_direction(self.html_lang, self.post.text)


class ThreadView(Struct, frozen=True, dict=True, array_like=True):
    """A thread on a page, root first; its posts are read when a template first uses them."""

    entry: Entry
    read: Callable[[], tuple[PostView, ...]]
    page_size: int

    @cached_property
    def posts(self) -> tuple[PostView, ...]:
        """The posts that the page shows."""
        return self.read()

    @property
    def path(self) -> str:
        """The site path of the thread's first page."""
        return self.entry.path

    @property
    def title(self) -> str:
        """The full title of the thread."""
        return self.entry.long_title or self.entry.title

    @property
    def is_named(self) -> bool:
        """Whether the title differs from the beginning of the first post."""
        return self.entry.is_named

    @property
    def tags(self) -> tuple[Tag, ...]:
        """Links to the thread's tags."""
        return self.entry.tags

    @property
    def rest(self) -> str:
        """The site path of the page with the first post that is not shown."""
        number = len(self.posts) // self.page_size + 1
        return self.path if number == 1 else urls.numbered_page(self.path, number)

    @property
    def first_tags(self) -> tuple[Tag, ...]:
        """Links to the tags that listings show."""
        return self.entry.first_tags

    @property
    def more_tags(self) -> int:
        """The number of tags that listings leave out."""
        return self.entry.more_tags

    @property
    def created_at(self) -> str | None:
        """The ISO 8601 time of the first post, as its source states it."""
        return self.entry.created_at

    @property
    def network(self) -> str:
        """The network of its posts."""
        return self.entry.network

    @property
    def count(self) -> int:
        """The total number of posts."""
        return self.entry.count

    @property
    def author(self) -> Writer:
        """The author of the first post."""
        return self.entry.author


class AccountView(Struct, frozen=True, array_like=True):
    """One account of a person with several. `bio` is empty if the person's page has it already."""

    network: str
    handle: str | None
    url: str | None
    bio: str = ""


class PersonCard(Struct, frozen=True, array_like=True):
    """A person of an institution on its front page, with the number of their threads."""

    name: str
    path: str
    portrait: str | None
    count: int


class ProfileView(Struct, frozen=True, array_like=True):
    """An account: its profile, its number of threads, and its pinned post.

    `is_cut` says that the profile is shortened here. `own` are the site paths by which authors of
    posts are known as this account or person. `accounts` are those of a person with several.
    """

    profile: Profile
    handwritten: str | None
    path: str
    label: str
    count: int
    feeds: tuple[Feed, ...] = ()
    pinned: Link | None = None
    is_cut: bool = False
    own: tuple[str, ...] = ()
    accounts: tuple[AccountView, ...] = ()


class Month(Struct, frozen=True, array_like=True):
    """A month, "2025-09", and its number of threads."""

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
    """A person mentioned, and the number of threads that mention them."""

    handle: str
    path: str
    url: str | None
    count: int


class Host(Struct, frozen=True, array_like=True):
    """A site that posts link to, and the number of threads that do so."""

    name: str
    path: str
    url: str
    count: int


class Totals(Struct, frozen=True, array_like=True):
    """The totals of an archive; `years` are the first and the last."""

    threads: int
    posts: int
    years: tuple[int, int] | None


class Pager(Struct, frozen=True, array_like=True):
    """The position of a page in a listing: `number` counts from the oldest page.

    `total` is the number of pages on the newest page, and 0 on the others.
    """

    number: int
    total: int
    newer: Link | None
    older: Link | None


class ThreadPager(Struct, frozen=True, array_like=True):
    """The position of a page in a long thread: `number` counts from the thread's start.

    `total` is the number of pages on the first and last page. It is 0 on those between, so that
    they do not change when the thread grows.
    """

    number: int
    total: int
    first: Link
    last: Link | None
    previous: Link | None
    next: Link | None


class Document(Struct, frozen=True, tag="document", array_like=True):
    """A handwritten page in Markdown.

    `template` is the name in its front matter, if any, and `own` has the keys that sitegen does
    not know.
    """

    source: str
    path: str
    title: str
    description: str
    body: str
    nav: bool
    date: str | None = None
    warnings: tuple[str, ...] = ()
    template: str = ""
    own: dict[str, Any] = {}  # JSON

    @property
    def fields(self) -> Mapping[str, Any]:
        """The keys of the front matter that sitegen does not know; lists are tuples."""
        return MappingProxyType({key: _frozen(value) for key, value in self.own.items()})


def _frozen(value: Json) -> Any:
    """Return a value of front matter that no template can change."""
    if isinstance(value, list):
        return tuple([_frozen(item) for item in value])
    if isinstance(value, dict):
        return MappingProxyType({key: _frozen(item) for key, item in value.items()})
    return value


class Credit(Struct, frozen=True, array_like=True):
    """The owner of the account at a site path: the name, and the path of the person's page."""

    account: str
    name: str
    path: str


class SiteView(Struct, frozen=True, array_like=True):
    """What every page knows about the site; a change of any field changes all pages.

    `language` is a BCP 47 tag, `direction` "ltr" or "rtl". `own` are the site paths of the owner's
    accounts, which need no name in listings; `credits` has the accounts of people. `networks` are
    those of threads and profiles. `renamed` has the path and the published path of each media file
    that is published under another name.
    """

    title: str
    description: str
    language: str
    direction: str
    base_url: str
    account: str | None
    own: tuple[str, ...]
    credits: tuple[Credit, ...]
    nav: tuple[Link, ...]
    stylesheets: tuple[str, ...]
    scripts: tuple[str, ...]
    feeds: tuple[Feed, ...]
    footer: str
    networks: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
