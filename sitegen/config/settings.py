"""The settings: sitegen.toml, read once into a frozen Config.

Every table is a named tuple and every key a field, which has its default's type. (Data classes
take longer to create, at the start of every command.)
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from sitegen.config import toml_tables
from sitegen.errors import ConfigError, SeveralErrors, UsageError

DEFAULT_NAME = "sitegen.toml"
MAX_JOBS = 256
MAX_IMAGE_WIDTH = 8192  # pixels
CHOICES: dict[str, dict[str, tuple[str, ...]]] = {
    "build": {"image_format": ("webp", "avif")},
    "import": {"vanished": ("keep", "mark", "purge"), "crossposts": ("keep", "merge")},
}
LANGUAGE = r"""
    [a-z]{2,3} (-[a-z]{3}){0,3} (-[a-z]{4})? (-([a-z]{2}|\d{3}))? (-([a-z\d]{5,8}|\d[a-z\d]{3}))*
        (-[a-wyz\d](-[a-z\d]{2,8})+)* (-x(-[a-z\d]{1,8})+)?
    | x(-[a-z\d]{1,8})+ | i-(ami|bnn|default|enochian|hak|klingon|lux|mingo|navajo|pwn|tao|tay|tsu)
"""
MAX_PORT = 65535
ADDRESS = re.compile(
    r"""https?://
    (?: \w(?:[\w-]*\w)? (?: \.\w(?:[\w-]*\w)? )* \.? | \[[0-9a-fA-F:.]+\] )
    (?: :(?P<port>[0-9]{1,5}) )?
    (?: / (?: [^\s\\?\#%"<>^`{|}] | %[0-9a-fA-F]{2} )* )?""",
    re.VERBOSE,
)
ADDRESS_HINT = 'write it like "https://example.org/archive/".'


class Site(NamedTuple):
    """The description of the site; without a title it has its owner's name."""

    title: str = ""
    description: str = ""
    language: str = "en"
    base_url: str = ""
    account: str = ""
    footer: str = ""


class Paths(NamedTuple):
    """The folders, relative to sitegen.toml."""

    content: str = "content"
    output: str = "public"
    static: str = "static"
    templates: str = "templates"
    cache: str = ".sitegen"
    inbox: str = "inbox"


class Theme(NamedTuple):
    """The theme, and the CSS variables that the site sets."""

    name: str = "default"
    variables: dict[str, str] = {}  # noqa: RUF012 - never mutated


class Build(NamedTuple):
    """The pages to make, and their lengths; `jobs` 0 means one per processor.

    `image_widths` are the widths of resized pictures in pixels, in `image_format`.
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
    json_feeds: bool = True
    tag_feeds: bool = True
    profile_feeds: bool = True
    sitemap: bool = True
    image_sizes: bool = True
    image_widths: tuple[int, ...] = (640, 1280)
    image_format: str = "webp"


class Import(NamedTuple):
    """Defaults and rules of imports.

    `vanished` is the policy for posts that their source no longer has: "keep", "mark" or "purge".
    `crossposts` "merge" merges the same thread of several networks into one.
    """

    account: str = ""
    vanished: str = "keep"
    crossposts: str = "keep"


class Bluesky(NamedTuple):
    """The services for live accounts: the resolver of handles, and the directory of DIDs."""

    resolver: str = "https://public.api.bsky.app"
    plc: str = "https://plc.directory"


class Config(NamedTuple):
    """All settings, and the folder that the paths are relative to."""

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
        """The cache folder, which may be deleted at any time."""
        return self.root / self.paths.cache

    @property
    def inbox(self) -> Path:
        """The folder for media files that a source lacked."""
        return self.root / self.paths.inbox

    @property
    def static(self) -> Path:
        """The site's own files, copied as they are."""
        return self.root / self.paths.static

    @property
    def templates(self) -> Path:
        """The site's own templates, which override the theme's."""
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


def load(path: Path | None, output: Path | None = None, base_url: str = "") -> Config:
    """Read a config file; with None, `sitegen.toml` here, or the defaults.

    `output` and `base_url`, if given, override the file. Raises ConfigError for a missing named
    file, broken TOML, an unknown key, a wrong type or value; UsageError for an invalid URL or
    folder.
    """
    config = _read(path)
    if base_url:
        if not _is_address(base_url):
            raise UsageError(f"not an address: {base_url!r}", hint=ADDRESS_HINT)
        config = config._replace(site=config.site._replace(base_url=base_url))
    if output is not None:
        config = config._replace(paths=config.paths._replace(output=os.path.abspath(output)))
    for what, hint in _folder_mistakes(config):
        raise UsageError(what, path=config.file, hint=hint)
    return config


def find_above(folder: Path) -> Path | None:
    """Return the nearest sitegen.toml in the parent folders."""
    found = (parent / DEFAULT_NAME for parent in folder.absolute().parents)
    return next((path for path in found if path.is_file()), None)


def _read(path: Path | None) -> Config:
    chosen = path or Path(DEFAULT_NAME)
    try:
        text = chosen.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        if path is None:
            return Config(root=Path())
        raise ConfigError("no such file", path=path, hint="check --config.") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ConfigError("not UTF-8", path=chosen, line=line, hint="save it as UTF-8.") from error
    except OSError as error:
        what = f"cannot be read: {error.strerror or error}"
        raise ConfigError(what, path=chosen, hint="check the file.") from error
    return parse(text, chosen)


def parse(text: str, path: Path) -> Config:
    """Parse the text of a config file. Raises ConfigError."""
    found = toml_tables.read(text, path)
    toml_tables.refuse_unknown(found, TABLES, "", text, path)
    parts = {
        attribute: toml_tables.table(kind, found.get(name, {}), name, text, path)
        for name, (attribute, kind) in TABLES.items()
    }
    config = Config(root=path.parent, file=path, **parts)
    problems = [
        ConfigError(what, path=path, line=toml_tables.line_of(text, key), hint=hint)
        for key, what, hint in _mistakes(config)
    ]
    if problems:
        raise SeveralErrors.of(problems)
    return config


def _mistakes(config: Config) -> Iterator[tuple[str, str, str]]:
    """Yield the invalid values: the key, what is wrong, the hint."""
    site, build = config.site, config.build
    if site.base_url and not _is_address(site.base_url):
        yield "site.base_url", f"[site] base_url is not an address: {site.base_url!r}", ADDRESS_HINT
    if not is_language(site.language):
        what = f"[site] language is not a language tag: {toml_tables.show(site.language)}"
        yield "site.language", what, 'write it like "en" or "pt-BR" (BCP 47).'
    for key in ("page_size", "thread_size", "feed_size"):
        if getattr(build, key) < 1:
            yield f"build.{key}", f"[build] {key} must be at least 1", "write 1 or more."
    if not 0 <= build.jobs <= MAX_JOBS:
        what = f"[build] jobs must be 0 to {MAX_JOBS}"
        yield "build.jobs", what, "0 means one a processor."
    if not all(1 <= width <= MAX_IMAGE_WIDTH for width in build.image_widths):
        what = f"[build] image_widths must be 1 to {MAX_IMAGE_WIDTH}"
        yield "build.image_widths", what, "write pixels, like [640, 1280]."
    for key in Paths._fields:
        value = getattr(config.paths, key)
        if not value or "\0" in value:
            what = f"[paths] {key} is not the name of a folder: {toml_tables.show(value)}"
            yield f"paths.{key}", what, f'write it like "{getattr(Paths(), key)}".'
    yield from _choice_mistakes(config)
    yield from _variable_mistakes(config.theme)


@lru_cache(maxsize=1000)  # every post has a language, and most have the same
def is_language(tag: str) -> bool:
    """Return whether a language tag is valid (BCP 47, RFC 5646, 2.1).

    The registry has no languages of more than three letters, and few old tags.
    """
    return re.fullmatch(LANGUAGE, tag, re.VERBOSE | re.IGNORECASE | re.ASCII) is not None


def _choice_mistakes(config: Config) -> Iterator[tuple[str, str, str]]:
    for name, choices in CHOICES.items():
        for key, known in choices.items():
            if (value := getattr(getattr(config, TABLES[name][0]), key)) not in known:
                what = f"[{name}] {key} cannot be {toml_tables.show(value)}"
                yield f"{name}.{key}", what, f"write one of {', '.join(known)}."


def _variable_mistakes(theme: Theme) -> Iterator[tuple[str, str, str]]:
    for name, value in theme.variables.items():
        safe = isinstance(value, str) and not re.search(r"[{};<>\\\n]|/\*", value)
        if not (safe and re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", name)):
            what = f"[theme.variables] {name} is not a CSS variable with a plain value"
            yield f"theme.variables.{name}", what, 'write it like color-link = "#0a6".'


def _folder_mistakes(config: Config) -> Iterator[tuple[str, str]]:
    """Yield the folders that must not contain each other, since one would overwrite the other.

    Files in static/ are copied to the site, and files in the cache may be deleted.
    """
    paths = {name: _real(config.root / getattr(config.paths, name)) for name in Paths._fields}
    paths["themes"] = _real(config.themes)
    site = {"the site itself": _real(config.root), **_only(paths, "content", "themes")}
    made = _only(paths, "output", "cache")
    forbidden = {
        "cache": {**site, **_only(paths, "static", "templates")},
        "static": {**site, **made},
        "templates": {**site, **made},
        "themes": made,
    }
    for outer, inside in forbidden.items():
        for inner, folder in inside.items():
            if f"{folder}{os.sep}".startswith(f"{paths[outer].rstrip(os.sep)}{os.sep}"):
                what = f"the {outer} folder {paths[outer]} holds {inner}"
                yield what, "choose another folder."


def _only(paths: dict[str, str], *names: str) -> dict[str, str]:
    return {name: paths[name] for name in names}


def _real(path: Path) -> str:
    return os.path.realpath(path)


def _is_address(text: str) -> bool:
    """Return whether a text is an unambiguous http URL: a host, an optional port, a path."""
    found = ADDRESS.fullmatch(text) if text.isprintable() else None
    return found is not None and int(found["port"] or 0) <= MAX_PORT
