"""A built site as the checkers see it: its files, and pages that show all kinds of elements.

Nothing here knows which pages sitegen makes: kinds of pages are discovered in the HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path

NOT_FOUND = "404.html"
MEDIA = "media/"


@dataclass(frozen=True)
class BuiltSite:
    """A folder with a built site."""

    folder: Path

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """The HTML of all pages by their path."""
        return {path: (self.folder / path).read_text("utf-8") for path in self.paths(".html")}

    def paths(self, *suffixes: str) -> tuple[str, ...]:
        """Return the paths of the files with one of these endings, but for people's own media."""
        return tuple(sorted(path for path in self._all_paths() if path.endswith(suffixes)))

    def _all_paths(self) -> Iterator[str]:
        for file in self.folder.rglob("*"):
            path = file.relative_to(self.folder).as_posix()
            if file.is_file() and not path.startswith(MEDIA):
                yield path

    @cached_property
    def base_path(self) -> str:
        """The path that the site is made for: the 404 page alone names it."""
        sheet = re.search(r'<link rel="stylesheet" href="(/(?:[^"]*/)?)static/', self._not_found)
        return sheet[1] if sheet else "/"

    @property
    def _not_found(self) -> str:
        file = self.folder / NOT_FOUND
        return file.read_text("utf-8") if file.exists() else ""

    @cached_property
    def typical_pages(self) -> tuple[str, ...]:
        """A few pages that together have every element with every class that the site has.

        The kind of a page is a class of its body. Redirects are left out: a browser does not
        stay on them.
        """
        traits = {path: Traits.of(text) for path, text in self.texts.items()}
        return cover({path: t.names for path, t in traits.items() if not t.is_redirect})


class Traits(HTMLParser):
    """The names of a page's elements, with each of their classes, directions and roles."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.is_redirect = False

    @classmethod
    def of(cls, text: str) -> Traits:
        """Return the traits of a page."""
        traits = cls()
        traits.feed(text)
        return traits

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        named = dict(attrs)
        self.names.add(tag)
        self.names |= {f"{tag}.{name}" for name in (named.get("class") or "").split()}
        self.names |= {f"{tag} {key}={named[key]}" for key in ("dir", "role") if key in named}
        self.is_redirect |= tag == "meta" and named.get("http-equiv") == "refresh"


def cover(traits: Mapping[str, set[str]]) -> tuple[str, ...]:
    """Return few pages that together have all traits, those with most new ones first."""
    missing = set().union(*traits.values())
    chosen = []
    while missing:
        best = max(sorted(traits), key=lambda path: len(traits[path] & missing))
        missing -= traits[best]
        chosen.append(best)
    return tuple(chosen)
