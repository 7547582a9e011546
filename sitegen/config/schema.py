"""Every setting of sitegen.toml with its type and default.

Every table is a named tuple and every key a field of it, which has its default's type. (To make
dataclasses takes longer, which each command would pay for.)
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

CHOICES: dict[str, dict[str, tuple[str, ...]]] = {
    "build": {"image_format": ("webp", "avif"), "json_feeds": ("site", "all", "none")},
    "import": {"vanished": ("keep", "mark", "purge"), "crossposts": ("keep", "merge")},
}


class Site(NamedTuple):
    """What the site says of itself; without a title it has its owner's name."""

    title: str = ""
    description: str = ""
    language: str = "en"
    base_url: str = ""
    account: str = ""
    footer: str = ""


class Paths(NamedTuple):
    """Where things are, relative to sitegen.toml."""

    content: str = "content"
    output: str = "public"
    static: str = "static"
    templates: str = "templates"
    cache: str = ".sitegen"
    inbox: str = "inbox"


class Theme(NamedTuple):
    """Which theme, and the CSS variables that the site sets itself."""

    name: str = "default"
    variables: dict[str, str] = {}  # noqa: RUF012 - nobody writes into it


class Build(NamedTuple):
    """Which pages are made, and how long they are; `jobs` 0 means one a processor.

    `json_feeds` are made beside the Atom feed of the "site", of "all" feeds, or of "none". A tag
    has feeds from `tag_feed_threads` threads on, of its newest `tag_feed_size` threads.

    `image_widths` are the pixels of the smaller versions of pictures, in `image_format`.
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
    site_feeds: bool = True
    json_feeds: str = "site"
    tag_feeds: bool = True
    tag_feed_threads: int = 5
    tag_feed_size: int = 10
    profile_feeds: bool = True
    sitemap: bool = True
    image_sizes: bool = True
    image_widths: tuple[int, ...] = (640, 1280)
    image_format: str = "webp"


class Import(NamedTuple):
    """What an import assumes when the command line does not say, and what it may change.

    `vanished` is what becomes of posts that their source has no more: "keep", "mark" or "purge".
    `crossposts` "merge" shows the same thread of several networks once.
    """

    account: str = ""
    vanished: str = "keep"
    crossposts: str = "keep"


class Bluesky(NamedTuple):
    """Which services an import of a live account asks: who resolves handles, who knows DIDs."""

    resolver: str = "https://public.api.bsky.app"
    plc: str = "https://plc.directory"


class Config(NamedTuple):
    """All settings, and the folder that its paths are relative to."""

    root: Path
    site: Site = Site()
    paths: Paths = Paths()
    theme: Theme = Theme()
    build: Build = Build()
    imports: Import = Import()
    bluesky: Bluesky = Bluesky()
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
        """The folder whose loss costs nothing but time."""
        return self.root / self.paths.cache

    @property
    def inbox(self) -> Path:
        """The folder into which a person puts media that a source had not."""
        return self.root / self.paths.inbox

    @property
    def static(self) -> Path:
        """The site's own files, copied as they are."""
        return self.root / self.paths.static

    @property
    def templates(self) -> Path:
        """The site's own templates, which come before the theme's."""
        return self.root / self.paths.templates

    @property
    def themes(self) -> Path:
        """The folder of the site's own themes."""
        return self.root / "themes"


TABLES: dict[str, tuple[str, type[Any]]] = {
    "site": ("site", Site),
    "paths": ("paths", Paths),
    "theme": ("theme", Theme),
    "build": ("build", Build),
    "import": ("imports", Import),
    "bluesky": ("bluesky", Bluesky),
}
