"""Values of settings that cannot be: what is wrong with each, and the cure."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from sitegen.config import toml_tables
from sitegen.config.schema import CHOICES, TABLES, Config, Paths, Theme

MAX_JOBS = 256
MAX_WIDTH = 8192  # pixels of a smaller version
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


def mistakes(config: Config) -> Iterator[tuple[str, str, str]]:
    """Go through the values that cannot be: the key, what is wrong, the cure."""
    site, build = config.site, config.build
    if site.base_url and not is_address(site.base_url):
        yield "site.base_url", f"[site] base_url is not an address: {site.base_url!r}", ADDRESS_HINT
    if not is_language(site.language):
        what = f"[site] language is not a language tag: {toml_tables.show(site.language)}"
        yield "site.language", what, 'write it like "en" or "pt-BR" (BCP 47).'
    for key in ("page_size", "thread_size", "feed_size", "tag_feed_threads", "tag_feed_size"):
        if getattr(build, key) < 1:
            yield f"build.{key}", f"[build] {key} must be at least 1", "write 1 or more."
    if not 0 <= build.jobs <= MAX_JOBS:
        what = f"[build] jobs must be 0 to {MAX_JOBS}"
        yield "build.jobs", what, "0 means one a processor."
    if not all(1 <= width <= MAX_WIDTH for width in build.image_widths):
        what = f"[build] image_widths must be 1 to {MAX_WIDTH}"
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
    """Tell whether a language tag is one that browsers read (BCP 47, RFC 5646, 2.1).

    Of languages with more than three letters the registry has none, and of old tags few.
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


def mixed_up(config: Config) -> Iterator[tuple[str, str]]:
    """Go through the folders that must not hold each other, lest one eat the other.

    What is in static/ is copied to the site, and what is in the cache may be deleted.
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


def is_address(text: str) -> bool:
    """Tell whether every browser takes a text for one address: a host, perhaps a port, a path."""
    found = ADDRESS.fullmatch(text) if text.isprintable() else None
    return found is not None and int(found["port"] or 0) <= MAX_PORT
