"""Check URLs, and locate links, mentions and tags in a text."""

from __future__ import annotations

import re
import string
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache

from sitegen.model import Facet, Post

_UNSAFE = "\\s\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff0-\uffff"
# A host of letters, digits and marks; a browser drops tabs, and reads "\" as "/". It is large: only
# code that reads or writes links compiles it.
_SAFE_URL = cache(
    lambda: re.compile(
        rf"""https?://
        (?:[^{_UNSAFE}/?\#@\\<>\[\]()"'`{{}}|^&]*@)?
        (?:[^{_UNSAFE}/?\#@:\\<>\[\]()"'`{{}}|^%&!$*+,;=~]+|\[[0-9a-f:.]+\])
        (?::[0-9]{{0,5}})?
        (?:[/?\#][^{_UNSAFE}]*)?
    |mailto:[^{_UNSAFE}]+""".replace("\n", ""),
        re.IGNORECASE | re.VERBOSE,
    )
)
_SCHEME = re.compile(r"https?://|mailto:", re.IGNORECASE)
MAX_SEPARATE_LINKS = 8  # up to which separate searches are faster
# Characters before or after an address that make it a part of a longer one.
_URL_BEFORE = re.compile(r"[A-Za-z0-9_@/.:%=&?#~+-]\Z")
_WORD_BEFORE = re.compile(r"[A-Za-z0-9]\Z")
_URL_AFTER = re.compile(r"[A-Za-z0-9_/%@~+=…-]|\.\.|[.,:;!?&#'*$()]+[A-Za-z0-9_]")
_MENTION = re.compile(
    r"[@＠](?<![\w@/-].)(?<!\w\..)([A-Za-z0-9_](?:[A-Za-z0-9_.@:-]*[A-Za-z0-9_])?)(?![\u00c0-\u024f])"
)
_NO_TAG_AFTER = frozenset(f"{string.ascii_letters}{string.digits}_&/#")
_ASCII_TAG = re.compile(r"#(?<![\w&/#]#)(\w+)", re.A)


def is_safe_url(url: str) -> bool:
    """Return whether a URL is safe to link to: http, https or mailto, with a valid host.

    It must have no whitespace and no control characters, since browsers drop some of them (WHATWG
    URL, "remove all ASCII tab or newline").
    """
    return _SAFE_URL().fullmatch(url) is not None


class LocatedFacets(tuple[Facet, ...]):
    """The facets of a post without links, and the inputs that `locate` found them in."""

    text: str
    mentions: Sequence[str]
    tags: Sequence[str]

    def belong_to(self, post: Post) -> bool:
        """Return whether these facets were found in exactly this post."""
        return (
            self.text is post.text
            and self.mentions is post.mentions
            and self.tags is post.tags
            and not post.links
        )


def locate_with_inputs(
    text: str, links: Sequence[str], mentions: Sequence[str], tags: Sequence[str]
) -> tuple[Facet, ...]:
    """Locate facets as `locate` does; return LocatedFacets if there are no links."""
    facets = locate(text, links, mentions, tags)
    if links or not (mentions or tags):
        return facets
    remembered = LocatedFacets(facets)
    remembered.text, remembered.mentions, remembered.tags = text, mentions, tags
    return remembered


def locate(
    text: str, links: Sequence[str], mentions: Sequence[str], tags: Sequence[str]
) -> tuple[Facet, ...]:
    """Find the positions of a post's links, mentions and tags in its text.

    A link is displayed in full or without its scheme, a mention after "@" and a tag after "#", both
    in any case. Only the given ones are found, and no link whose display was truncated with "...".
    Returns facets in order, without overlaps.
    """
    if not (links or mentions or tags):
        return ()
    used = bytearray(len(text) if links or mentions else 0)
    facets = [*_find_links(text, links, used)] if links else []
    if mentions and ("@" in text or "＠" in text):
        facets += _find_mentions(text, mentions, used)
    if tags and ("#" in text or "＃" in text):
        facets += _find_tags(text, tags, used)
    has_one_kind = not links and not (mentions and tags)  # then they are in order already
    return tuple(facets if has_one_kind or len(facets) < 2 else sorted(facets))


def _find_links(text: str, links: Sequence[str], used: bytearray) -> Iterator[Facet]:
    """Find links, the longest display first, and mark their characters as used."""
    if len(links) > MAX_SEPARATE_LINKS:
        return _find_in_one_pass(text, links, used)
    return _find_separately(text, links, used)


def _find_separately(text: str, links: Sequence[str], used: bytearray) -> Iterator[Facet]:
    """Find links by searching for each display separately."""
    displays = {url: url for url in links if url and url in text}
    for url in dict.fromkeys(links):
        for short in _display_forms(url):
            if short in text and is_safe_url(url):
                displays.setdefault(short, url)
    for display in sorted(displays, key=len, reverse=True):
        yield from _find_display(text, display, displays[display], used)


def _find_in_one_pass(text: str, links: Sequence[str], used: bytearray) -> Iterator[Facet]:
    """Find links in one pass over the text, however many there are."""
    displays = {url: url for url in links if url}
    for url in list(displays):
        if is_safe_url(url):
            for short in _display_forms(url):
                displays.setdefault(short, url)
    order = {display: index for index, display in enumerate(displays)}
    matches = sorted(
        (-len(display), order[display], start)
        for start, display in _find_positions(text, sorted(displays))
        if _is_complete_url(text, start, display, displays[display])
    )
    ordered = [*displays]
    for negative_length, index, start in matches:
        end = start - negative_length
        if used.find(1, start, end) < 0:
            used[start:end] = b"\1" * (end - start)
            yield Facet(start, end, "link", displays[ordered[index]])


def _find_positions(text: str, displays: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Find all positions of displays, in order; of several at one position, each."""
    prefixes = _prefixes(displays)
    longest = max(map(len, displays), default=0)
    starts = frozenset(display[:2] for display in displays)
    for start in range(len(text)):
        if text[start : start + 2] in starts or text[start] in starts:
            # The display that matches here begins with its nearest neighbour, if that matches too.
            index = bisect_right(displays, text[start : start + longest]) - 1
            while index >= 0:
                if text.startswith(displays[index], start):
                    yield start, displays[index]
                index = prefixes[index]


def _prefixes(displays: Sequence[str]) -> list[int]:
    """Return for each text the index of the longest other one that it begins with, or -1."""
    prefixes: list[int] = []
    stack: list[int] = []
    for index, display in enumerate(displays):
        while stack and not display.startswith(displays[stack[-1]]):
            stack.pop()
        prefixes.append(stack[-1] if stack else -1)
        stack.append(index)
    return prefixes


def _is_complete_url(text: str, start: int, display: str, url: str) -> bool:
    """Return whether a display is a complete URL, not a part of a longer one."""
    before = _WORD_BEFORE if display == url else _URL_BEFORE
    if start and before.match(text, start - 1, start):
        return False
    return not _continues(text, start + len(display))


def _display_forms(url: str) -> Iterator[str]:
    """Yield the ways to display an address: without a scheme, and a host without its slash."""
    scheme = _SCHEME.match(url)
    if scheme and scheme.end() < len(url):
        short = url[scheme.end() :]
        yield short
        if short.find("/") == len(short) - 1:
            yield short[:-1]


def _find_display(text: str, display: str, url: str, used: bytearray) -> Iterator[Facet]:
    """Find one display of a link wherever it is not part of a longer address."""
    start = text.find(display)
    while start >= 0:
        end = start + len(display)
        if _is_complete_url(text, start, display, url) and used.find(1, start, end) < 0:
            used[start:end] = b"\1" * len(display)
            yield Facet(start, end, "link", url)
            start = text.find(display, end)
        else:
            start = text.find(display, start + 1)


def _continues(text: str, end: int) -> bool:
    """Return whether an address goes on after a match."""
    if _URL_AFTER.match(text, end, end + 40):
        return True
    return not text[end - 1].isascii() and _is_word_character(text[end : end + 1])


def _find_mentions(text: str, mentions: Sequence[str], used: bytearray) -> Iterator[Facet]:
    """Find mentions; `name@host` is also shown as its name alone."""
    known = _handles_by_form(tuple(mentions))
    for match in _MENTION.finditer(text):
        handle = known.get(match[1].casefold())
        if handle and used.find(1, match.start(), match.end()) < 0:
            used[match.start() : match.end()] = b"\1" * (match.end() - match.start())
            yield Facet(match.start(), match.end(), "mention", handle)


def _find_tags(text: str, tags: Sequence[str], used: bytearray) -> Iterable[Facet]:
    """Find tags, the longest that fits at each sign."""
    known, lengths, are_words = _index_tags(tuple(tags))
    if are_words and text.isascii():
        return _find_word_tags(text, known, used)
    return _find_longest_tags(text, known, lengths, used)


def _find_word_tags(text: str, known: Mapping[str, str], used: bytearray) -> list[Facet]:
    """Find tags in a text where both are ASCII words, so that only whole words match."""
    facets: list[Facet] = []
    for match in _ASCII_TAG.finditer(text):
        if shown := known.get(match[1].lower()):
            start, end = match.span()
            if used.find(1, start, end) < 0:
                facets.append(Facet(start, end, "tag", shown))
    return facets


def _find_longest_tags(
    text: str, known: Mapping[str, str], lengths: Iterable[int], used: bytearray
) -> Iterator[Facet]:
    """Find tags of any kind."""
    for start in _find_tag_signs(text):
        for length in lengths:
            end = start + 1 + length
            tag = known.get(text[start + 1 : end].casefold())
            if tag is None or end > len(text) or _is_word_character(text[end : end + 1]):
                continue
            if used.find(1, start, end) < 0:
                yield Facet(start, end, "tag", tag)
            break


@lru_cache(maxsize=5_000)  # people use the same mentions and tags again and again
def _handles_by_form(mentions: tuple[str, ...]) -> dict[str, str]:
    """Return handles by the forms that show them."""
    known: dict[str, str] = {}
    for handle in mentions:
        known.setdefault(handle.casefold(), handle)
    for handle in mentions:
        known.setdefault(handle.casefold().partition("@")[0], handle)
    return known


@lru_cache(maxsize=5_000)
def _index_tags(tags: tuple[str, ...]) -> tuple[dict[str, str], list[int], bool]:
    """Return tags by their case-folded spelling, their maximum length, longest first.

    Also returns whether all are ASCII words.
    """
    known: dict[str, str] = {}
    for tag in tags:
        known.setdefault(tag.casefold(), tag)
    lengths = sorted({len(tag) for tag in tags if tag}, reverse=True)
    return known, lengths, re.fullmatch(r"\w+", "".join(tags), re.A) is not None


def _find_tag_signs(text: str) -> Iterator[int]:
    """Find the signs that a tag may follow."""
    text = text.replace("＃", "#")
    position = text.find("#")
    while position >= 0:
        if not position or text[position - 1] not in _NO_TAG_AFTER:
            yield position
        position = text.find("#", position + 1)


def _is_word_character(char: str) -> bool:
    """Return whether a character continues a word: a letter, digit, mark or joiner."""
    return bool(char) and (
        char.isalnum() or char in "_\u200c\u200d" or unicodedata.category(char)[0] == "M"
    )
