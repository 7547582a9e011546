"""Check the values of settings; report each mistake with a hint."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import lru_cache

from sitegen.config import markdown_extensions, toml_tables
from sitegen.config.schema import CHOICES, TABLES, Config, Paths, Theme

MAX_JOBS = 256
MAX_WIDTH_PIXELS = 8192  # of a smaller version of a picture
LANGUAGE_TAG = r"""
    [a-z]{2,3} (-[a-z]{3}){0,3} (-[a-z]{4})? (-([a-z]{2}|\d{3}))? (-([a-z\d]{5,8}|\d[a-z\d]{3}))*
        (-[a-wyz\d](-[a-z\d]{2,8})+)* (-x(-[a-z\d]{1,8})+)?
    | x(-[a-z\d]{1,8})+ | i-(ami|bnn|default|enochian|hak|klingon|lux|mingo|navajo|pwn|tao|tay|tsu)
"""
MAX_PORT = 65535
MIN_TOPIC_POSTS = 2
BASE_URL = r"""https?://
    (?: \w(?:[\w-]*\w)? (?: \.\w(?:[\w-]*\w)? )* \.? | \[[0-9a-fA-F:.]+\] )
    (?: :(?P<port>[0-9]{1,5}) )?
    (?: / (?: [^\s\\?\#%"<>^`{|}] | %[0-9a-fA-F]{2} )* )?
"""
BASE_URL_HINT = 'write it like "https://example.org/archive/".'


def find_mistakes(config: Config) -> Iterator[tuple[str, str, str]]:
    """Yield the mistakes in the values of settings as (key, message, hint)."""
    site, build = config.site, config.build
    if site.base_url and not is_base_url(site.base_url):
        message = f"[site] base_url is not an address: {site.base_url!r}"
        yield "site.base_url", message, BASE_URL_HINT
    if not is_language(site.language):
        message = f"[site] language is not a language tag: {toml_tables.quote(site.language)}"
        yield "site.language", message, 'write it like "en" or "pt-BR" (BCP 47).'
    for key in ("page_size", "thread_size", "feed_size", "tag_feed_threads", "tag_feed_size"):
        if getattr(build, key) < 1:
            yield f"build.{key}", f"[build] {key} must be at least 1", "write 1 or more."
    if config.topics.min_posts < MIN_TOPIC_POSTS:
        message = f"[topics] min_posts must be at least {MIN_TOPIC_POSTS}"
        yield "topics.min_posts", message, "a topic of fewer posts tells too much of each."
    if config.topics.min_authors < 1:
        message = "[topics] min_authors must be at least 1"
        yield "topics.min_authors", message, "write 1 for topics of a single author, too."
    if not 0 <= build.jobs <= MAX_JOBS:
        message = f"[build] jobs must be 0 to {MAX_JOBS}"
        yield "build.jobs", message, "0 means one per CPU."
    if not all(1 <= width <= MAX_WIDTH_PIXELS for width in build.image_widths):
        message = f"[build] image_widths must be 1 to {MAX_WIDTH_PIXELS}"
        yield "build.image_widths", message, "write pixels, like [640, 1280]."
    for key in Paths._fields:
        value = getattr(config.paths, key)
        if not value or "\0" in value:
            message = f"[paths] {key} is not the name of a folder: {toml_tables.quote(value)}"
            yield f"paths.{key}", message, f'write it like "{getattr(Paths(), key)}".'
    for name in config.markdown.extensions:
        if problem := markdown_extensions.find_problem(name):
            what, hint = problem
            yield "markdown.extensions", f"[markdown] extensions: {what}", hint
    yield from _find_choice_mistakes(config)
    yield from _find_variable_mistakes(config.theme)


@lru_cache(maxsize=1000)  # most posts have the same few languages
def is_language(tag: str) -> bool:
    """Return whether a language tag is valid (BCP 47; RFC 5646, section 2.1).

    The registry has no languages of more than three letters, and few irregular tags.
    """
    return re.fullmatch(LANGUAGE_TAG, tag, re.VERBOSE | re.IGNORECASE | re.ASCII) is not None


def _find_choice_mistakes(config: Config) -> Iterator[tuple[str, str, str]]:
    for name, choices in CHOICES.items():
        for key, known in choices.items():
            setting = getattr(getattr(config, TABLES[name][0]), key)
            values = setting if isinstance(setting, tuple) else (setting,)
            if unknown := [value for value in values if value not in known]:
                verb = "contain" if isinstance(setting, tuple) else "be"
                message = f"[{name}] {key} cannot {verb} {toml_tables.quote(unknown[0])}"
                yield f"{name}.{key}", message, f"write one of {', '.join(known)}."
            elif not values:
                message = f"[{name}] {key} is empty"
                yield f"{name}.{key}", message, f"write one or more of {', '.join(known)}."


def _find_variable_mistakes(theme: Theme) -> Iterator[tuple[str, str, str]]:
    for name, value in theme.variables.items():
        is_safe = isinstance(value, str) and not re.search(r"[{};<>\\\n]|/\*", value)
        if not (is_safe and re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", name)):
            message = f"[theme.variables] {name} is not a CSS variable with a plain value"
            yield f"theme.variables.{name}", message, 'write it like color-link = "#1d5470".'


def find_overlaps(config: Config) -> Iterator[tuple[str, str]]:
    """Yield folders that contain others which they must not, as (message, hint).

    The files in static/ and root/ are copied to the site, those in the cache may be deleted, and
    those in the output are published.
    """
    paths = {
        name: os.path.realpath(config.root / getattr(config.paths, name)) for name in Paths._fields
    }
    paths["themes"] = os.path.realpath(config.themes)
    site_folders = {
        "the site itself": os.path.realpath(config.root),
        **_select(paths, "content", "themes"),
    }
    generated = _select(paths, "output", "cache")
    sources = {**site_folders, **_select(paths, "static", "root", "templates", "messages")}
    forbidden = {
        "cache": sources,
        "static": {**site_folders, **generated},
        "root": {**site_folders, **generated, **_select(paths, "static", "inbox")},
        "templates": {**site_folders, **generated},
        "themes": generated,
        "output": _select(paths, "cache", "inbox", "static", "root", "templates", "messages"),
    }
    if _contains(paths["output"], site_folders["the site itself"]):
        del forbidden["output"]  # a build says that of it
    for outer, inner_folders in forbidden.items():
        for inner, folder in inner_folders.items():
            if _contains(paths[outer], folder):
                message = f"the {outer} folder {paths[outer]} contains {inner}"
                yield message, "choose another folder."


def _contains(outer: str, inner: str) -> bool:
    return f"{inner}{os.sep}".startswith(f"{outer.rstrip(os.sep)}{os.sep}")


def _select(paths: dict[str, str], *names: str) -> dict[str, str]:
    return {name: paths[name] for name in names}


def is_base_url(text: str) -> bool:
    """Return whether a text is an absolute http(s) URL: a host, optionally a port and a path."""
    match = re.fullmatch(BASE_URL, text, re.VERBOSE) if text.isprintable() else None
    return match is not None and int(match["port"] or 0) <= MAX_PORT
