"""The settings of sitegen.toml, with their types and defaults.

A table is a named tuple, a key is a field, and its type is that of the default. (Dataclasses take
longer to create, at every start.)
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from sitegen.config import markdown_extensions

KINDS = ("posts", "threads", "replies", "reposts")
# The values of settings that can have no others; of a list, those of its elements.
CHOICES: dict[str, dict[str, tuple[str, ...]]] = {
    "site": {"front": KINDS, "show": KINDS},
    "build": {"image_format": ("webp", "avif"), "json_feeds": ("site", "all", "none")},
    "import": {"vanished": ("keep", "mark", "purge"), "crossposts": ("keep", "merge")},
}


class Site(NamedTuple):
    """The title and other texts of the site, its URL, its owner, and the kinds of posts on it.

    `license` is that of the posts: its SPDX identifier, its URL, or words. `front` are the kinds
    on the front page; other kinds than those of `show` are left out.
    """

    title: str = ""
    description: str = ""
    language: str = "en"
    timezone: str = ""
    base_url: str = ""
    account: str = ""
    footer: str = ""
    license: str = ""
    front: tuple[str, ...] = ("posts", "threads")
    show: tuple[str, ...] = ("posts", "threads", "replies", "reposts")


class Paths(NamedTuple):
    """The folders of a site, relative to sitegen.toml."""

    content: str = "content"
    output: str = "public"
    static: str = "static"
    root: str = "root"
    templates: str = "templates"
    messages: str = "messages"
    cache: str = ".sitegen"
    inbox: str = "inbox"


class Theme(NamedTuple):
    """The name of the theme, and CSS variables that override its own."""

    name: str = "default"
    variables: dict[str, str] = {}  # noqa: RUF012 - never changed


class Build(NamedTuple):
    """Which pages and feeds are built, and their sizes; `jobs` 0 means one per CPU.

    `json_feeds` adds JSON Feeds to the Atom feeds of the "site", to "all", or to "none". A tag has
    feeds if it has at least `tag_feed_threads` threads, of its newest `tag_feed_size` threads.

    `image_widths` are the widths in pixels of smaller versions of pictures, in `image_format`.
    """

    page_size: int = 50
    thread_size: int = 500
    feed_size: int = 20
    jobs: int = 0
    post_pages: bool = True
    tag_pages: bool = True
    profile_pages: bool = True
    date_pages: bool = True
    people_pages: bool = True
    host_pages: bool = True
    kind_pages: bool = True
    day_pages: bool = True
    insights: bool = True
    topics: bool = True
    site_feeds: bool = True
    json_feeds: str = "site"
    tag_feeds: bool = True
    tag_feed_threads: int = 5
    tag_feed_size: int = 10
    profile_feeds: bool = True
    sitemap: bool = True
    image_sizes: bool = True
    image_widths: tuple[int, ...] = (320, 640, 1280)
    image_format: str = "webp"
    search: bool = True


class Markdown(NamedTuple):
    """The extensions of Python-Markdown for what people write, besides the usual ones."""

    extensions: tuple[str, ...] = ()

    @property
    def loaded(self) -> tuple[str, ...]:
        """The names of the extensions to load besides the usual ones, each once."""
        return markdown_extensions.names(self.extensions)


class Import(NamedTuple):
    """The account to assume in an import, and what an import may change.

    `vanished` says what to do with posts that their source no longer has: "keep", "mark" or
    "purge". `crossposts` "merge" shows a thread that is on several networks once.
    """

    account: str = ""
    vanished: str = "keep"
    crossposts: str = "keep"


class Privacy(NamedTuple):
    """What the site and exports leave out: the posts that any of the queries `hide` matches."""

    hide: tuple[str, ...] = ()


class Topics(NamedTuple):
    """Topics are found and shown if at least `min_posts` posts of the site are about them.

    In anonymous exports, posts about a topic are also of at least `min_authors` authors.
    """

    min_posts: int = 5
    min_authors: int = 2


class Bluesky(NamedTuple):
    """Base URLs of the services for live accounts: the handle resolver and the DID directory."""

    resolver: str = "https://public.api.bsky.app"
    plc: str = "https://plc.directory"


class Person(NamedTuple):
    """A person whose posts the site has, from `[[people]]`.

    An account is named by its handle or id, "mastodon:ada@example.social" by its network too.
    `portrait` is a file in content/. `slug` is the name of the person's page in its address.
    `line` is that of the table in sitegen.toml.
    """

    name: str
    accounts: tuple[str, ...]
    portrait: str = ""
    slug: str = ""
    line: int = 0


class Collection(NamedTuple):
    """A listing of the posts that a query matches, from `[[collection]]`.

    `slug` is the name of its page in its address. `line` is that of the table in sitegen.toml.
    """

    title: str
    query: str
    slug: str
    description: str = ""
    line: int = 0


class Config(NamedTuple):
    """All settings; their paths are relative to `root`."""

    root: Path
    site: Site = Site()
    paths: Paths = Paths()
    theme: Theme = Theme()
    build: Build = Build()
    markdown: Markdown = Markdown()
    imports: Import = Import()
    privacy: Privacy = Privacy()
    topics: Topics = Topics()
    bluesky: Bluesky = Bluesky()
    people: tuple[Person, ...] = ()
    collections: tuple[Collection, ...] = ()
    file: Path | None = None

    @property
    def content(self) -> Path:
        """The folder of the Markdown files."""
        return self.root / self.paths.content

    @property
    def output(self) -> Path:
        """The folder that the site is written to."""
        return self.root / self.paths.output

    @property
    def cache(self) -> Path:
        """The cache folder, which may be deleted at any time."""
        return self.root / self.paths.cache

    @property
    def inbox(self) -> Path:
        """The folder for media that a source lacked."""
        return self.root / self.paths.inbox

    @property
    def static(self) -> Path:
        """The folder of files that are copied unchanged."""
        return self.root / self.paths.static

    @property
    def root_files(self) -> Path:
        """The folder of files that are copied to the top of the site."""
        return self.root / self.paths.root

    @property
    def templates(self) -> Path:
        """The folder of templates that override the theme's."""
        return self.root / self.paths.templates

    @property
    def messages(self) -> Path:
        """The folder of the site's own messages, one file a language."""
        return self.root / self.paths.messages

    @property
    def themes(self) -> Path:
        """The folder of the site's own themes."""
        return self.root / "themes"


TABLES: dict[str, tuple[str, type[Any]]] = {
    "site": ("site", Site),
    "paths": ("paths", Paths),
    "theme": ("theme", Theme),
    "build": ("build", Build),
    "markdown": ("markdown", Markdown),
    "import": ("imports", Import),
    "privacy": ("privacy", Privacy),
    "topics": ("topics", Topics),
    "bluesky": ("bluesky", Bluesky),
}
