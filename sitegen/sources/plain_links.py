"""Find links, mentions and tags in a post's text, as its network displays them.

Bluesky's app (`toShortUrl`) displays a link's host and, if the path has more than 15 characters,
only the first 13 of them and three dots. Such a display has lost its address, so it is no link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sitegen.model import Facet, FacetKind
from sitegen.sources.post_parts import targets

_EXPLICIT = re.compile(r"https?://[^\s<>\"“”«»]+", re.IGNORECASE)
_DISPLAY = re.compile(
    r"(?<![\w@./:#-])(?P<host>(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:[a-z]{2,24}|xn--[a-z0-9-]+)"
    r"(?::[0-9]{2,5})?)(?P<path>/[^\s<>\"“”«»]*)?(?![\w@-])"
)
# https://atproto.com/specs/handle
_MENTION = re.compile(
    r"(?<![\w@./])@(?P<handle>(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+"
    r"[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)(?![\w-])"
)
_TAG = re.compile(r"(?:(?<=\s)|(?<![\s\S]))[#＃](?P<tag>[^\s\u00ad\u2060\u200b-\u200d#＃]{1,64})")
_TRAILING = ".,;:!?'\"’”)]}>*_~…"


@dataclass(frozen=True, slots=True)
class TextLinks:
    """The facets of a text, and the displayed links whose address is lost."""

    facets: tuple[Facet, ...]
    cut_links: tuple[str, ...]

    def values(self, kind: FacetKind) -> tuple[str, ...]:
        """Return the values of the facets of a kind, each once, in order."""
        return targets(self.facets, kind)


def find_links(text: str) -> TextLinks:
    """Find the facets of a text, in order and without overlaps, and the lost links."""
    links, cut = _links(text)
    facets = [*_mentions(text), *_tags(text)]
    free = [f for f in facets if not any(k.start < f.end and f.start < k.end for k in links)]
    return TextLinks(tuple(sorted([*links, *free])), tuple(dict.fromkeys(cut)))


def _links(text: str) -> tuple[list[Facet], list[str]]:
    links: list[Facet] = []
    cut: list[str] = []
    for match in sorted(_displays(text), key=lambda match: match.start()):
        start = match.start()
        if links and start < links[-1].end:
            continue
        shown, is_cut = _trim(match[0])
        if is_cut:
            cut.append(shown)
        else:
            url = shown if "://" in shown else f"https://{shown}"
            links.append(Facet(start, start + len(shown), "link", url))
    return links, cut


def _displays(text: str) -> Iterator[re.Match[str]]:
    for match in _EXPLICIT.finditer(text):
        if re.match(r"https?://\w[^/]*", match[0], re.IGNORECASE):
            yield match
    for match in _DISPLAY.finditer(text):
        path = match["path"] or ""
        # A bare name.tld in prose is rarely a link; one with www. or with a path is.
        www = match["host"].startswith("www.") and match["host"].count(".") > 1
        if www or path.strip("./…"):
            yield match


def _trim(shown: str) -> tuple[str, bool]:
    """Remove the sentence's punctuation; return whether dots replace a part of the address.

    A bracket remains if the address opened it.
    """
    bare = shown.rstrip(_TRAILING)
    after = shown[len(bare) :]
    for dots in ("...", "…"):
        if dots in after:
            return shown[: shown.index(dots, len(bare)) + len(dots)], True
    while after.startswith(")") and bare.count("(") > bare.count(")"):
        bare, after = bare + ")", after[1:]
    return bare, False


def _mentions(text: str) -> Iterator[Facet]:
    for match in _MENTION.finditer(text):
        yield Facet(match.start(), match.end(), "mention", match["handle"])


def _tags(text: str) -> Iterator[Facet]:
    for match in _TAG.finditer(text):
        tag = match["tag"].rstrip(_TRAILING)
        if any(c.isalpha() or (not c.isalnum() and ord(c) > 0x2000) for c in tag):
            yield Facet(match.start(), match.start() + 1 + len(tag), "tag", tag)
