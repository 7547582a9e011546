"""What templates see: frozen values, made from the library, without a way to anything else."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from sitegen.model import Author, Post, Profile


class Link(Struct, frozen=True):
    """Something on this site."""

    title: str
    path: str


class Tag(Struct, frozen=True):
    """A tag; `count` is known where tags are listed, else 0."""

    name: str
    path: str
    count: int = 0


class Feed(Struct, frozen=True):
    """A feed and its media type."""

    title: str
    path: str
    type: str


class Writer(Struct, frozen=True):
    """Who wrote something, as a reader is told; all None when nobody knows."""

    name: str | None
    handle: str | None
    path: str | None


class Entry(Struct, frozen=True):
    """A thread in a listing, with what decides on which pages it is listed.

    `is_named` tells whether its title is more than how its first post begins.
    `digest` is of the file it came from: whatever is shown of the thread follows from it.
    """

    source: str
    digest: str
    network: str
    id: str
    path: str
    title: str
    summary: str
    created_at: str | None
    when: float
    month: str | None
    count: int
    post_ids: tuple[str, ...]
    tags: tuple[Tag, ...]
    root_author: Author
    author: Writer | None
    authors: tuple[Author, ...]
    mentions: tuple[str, ...]
    hosts: tuple[str, ...]
    quotes: tuple[str, ...]
    media_paths: tuple[str, ...]
    hidden_media: tuple[str, ...]
    image: str | None
    is_named: bool
    media: int
    lang: str | None
    uncertain: bool
    warning: str | None


class Whole(Struct, frozen=True):
    """Stands in a context for a whole thread, which is read when the page is rendered.

    `quoted` are the threads whose posts this one quotes, by the id of the quoted post;
    `missing` are its media that have no file.
    """

    entry: Entry
    quoted: tuple[tuple[str, Entry], ...] = ()
    missing: tuple[str, ...] = ()


class Opening(Struct, frozen=True):
    """Stands in a context for a thread of which the page shows the first post."""

    whole: Whole


class Quoted(Struct, frozen=True):
    """A post that another quotes: in this archive, or only an address elsewhere."""

    path: str | None
    url: str | None
    author: Writer | None = None
    text: str = ""
    created_at: str | None = None


class PostView(Struct, frozen=True):
    """A post on a page."""

    post: Post
    handwritten: str | None
    path: str
    anchor: str
    author: Writer
    quote: Quoted | None
    html_lang: str | None
    position: int
    tag_keys: frozenset[str]


class ThreadView(Struct, frozen=True):
    """A thread on a page, root first."""

    path: str
    title: str
    is_named: bool
    posts: tuple[PostView, ...]
    tags: tuple[Tag, ...]
    created_at: str | None
    network: str
    count: int


class ProfileView(Struct, frozen=True):
    """An account: what is known of it, and how many threads it has here."""

    profile: Profile
    handwritten: str | None
    path: str
    label: str
    count: int
    feeds: tuple[Feed, ...] = ()


class Month(Struct, frozen=True):
    """A month, "2025-09", and how many threads it has."""

    name: str
    path: str
    count: int


class Year(Struct, frozen=True):
    """A year and its months, newest first."""

    name: str
    path: str
    count: int
    months: tuple[Month, ...]


class Person(Struct, frozen=True):
    """Somebody who is mentioned, and in how many threads."""

    handle: str
    path: str
    url: str | None
    count: int


class Host(Struct, frozen=True):
    """A site that posts lead to, and from how many threads."""

    name: str
    path: str
    url: str
    count: int


class Pager(Struct, frozen=True):
    """Where a listing's page is: numbers count from the oldest, `total` is 0 if untold."""

    number: int
    total: int
    newer: Link | None
    older: Link | None


class Document(Struct, frozen=True):
    """A page of one's own: Markdown that a person wrote."""

    source: str
    digest: str
    path: str
    title: str
    description: str
    body: str
    nav: bool


class Page(Struct, frozen=True):
    """A page to be: where, of which template, from what. `claim` names it in messages.

    Its links are relative to its place; a page that answers at any place has a `base` instead.
    """

    path: str
    template: str
    context: dict[str, Any]
    claim: str
    title: str = ""
    description: str = ""
    feeds: tuple[Feed, ...] = ()
    image: str | None = None
    date: str | None = None
    indexed: bool = True
    base: str = ""

    @property
    def root(self) -> str:
        """What leads from this page to the top of the site: "../../", or `base` if it has one."""
        return self.base or "../" * self.path.count("/")

    @property
    def kind(self) -> str:
        """The template's name without its ending."""
        return self.template.rpartition(".")[0]


class SiteView(Struct, frozen=True):
    """What every page may know of the site; whatever is here changes all pages at once."""

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
