"""Safe addresses, and the positions of links, mentions and tags in a text."""

from __future__ import annotations

import re
import string
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from sitegen.model import Facet, Post

_UNSAFE = "\\s\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff0-\uffff"
_SAFE_URL = re.compile(
    # A host of letters, digits and marks; a browser drops tabs, and reads "\" as "/".
    rf"""https?://
        (?:[^{_UNSAFE}/?\#@\\<>\[\]()"'`{{}}|^&]*@)?
        (?:[^{_UNSAFE}/?\#@:\\<>\[\]()"'`{{}}|^%&!$*+,;=~]+|\[[0-9a-f:.]+\])
        (?::[0-9]{{0,5}})?
        (?:[/?\#][^{_UNSAFE}]*)?
    |mailto:[^{_UNSAFE}]+""".replace("\n", ""),
    re.IGNORECASE | re.VERBOSE,
)
_SCHEME = re.compile(r"https?://|mailto:", re.IGNORECASE)
MAX_SEPARATE_LINKS = 8  # up to which separate searches are faster
# Characters before or after an address that make it a part of a longer one.
_LONGER_BEFORE = re.compile(r"[A-Za-z0-9_@/.:%=&?#~+-]\Z")
_WORD_BEFORE = re.compile(r"[A-Za-z0-9]\Z")
_LONGER_AFTER = re.compile(r"[A-Za-z0-9_/%@~+=…-]|\.\.|[.,:;!?&#'*$()]+[A-Za-z0-9_]")
_MENTION = re.compile(
    r"[@＠](?<![\w@/-].)(?<!\w\..)([A-Za-z0-9_](?:[A-Za-z0-9_.@:-]*[A-Za-z0-9_])?)(?![\u00c0-\u024f])"
)
_NO_TAG_AFTER = frozenset(f"{string.ascii_letters}{string.digits}_&/#")
_ASCII_TAG = re.compile(r"#(?<![\w&/#]#)(\w+)", re.A)


def safe_url(url: str) -> bool:
    """Return whether an address is safe to link: http, https or mailto, written plainly.

    No whitespace or control character anywhere, as browsers drop some of them (WHATWG URL,
    "remove all ASCII tab or newline"), and a valid host.
    """
    return _SAFE_URL.fullmatch(url) is not None


class Located(tuple[Facet, ...]):
    """Facets as `locate` finds them in a post without links, so that nobody need search again."""

    text: str
    mentions: Sequence[str]
    tags: Sequence[str]

    def are_of(self, post: Post) -> bool:
        """Return whether these facets were found in exactly this post."""
        return (
            self.text is post.text
            and self.mentions is post.mentions
            and self.tags is post.tags
            and not post.links
        )


def located(
    text: str, links: Sequence[str], mentions: Sequence[str], tags: Sequence[str]
) -> tuple[Facet, ...]:
    """Do as `locate`; where possible the result knows what it was computed from."""
    found = locate(text, links, mentions, tags)
    if links or not (mentions or tags):
        return found
    known = Located(found)
    known.text, known.mentions, known.tags = text, mentions, tags
    return known


def locate(
    text: str, links: Sequence[str], mentions: Sequence[str], tags: Sequence[str]
) -> tuple[Facet, ...]:
    """Find the positions of a post's links, mentions and tags in its text.

    A link is shown whole or without its scheme, a mention after "@", a tag after "#", both in
    any case. Only what is listed is found, and no link whose display was cut
    short with "...". Returns facets in order, without overlaps.
    """
    if not (links or mentions or tags):
        return ()
    taken = bytearray(len(text) if links or mentions else 0)
    found = [*_links(text, links, taken)] if links else []
    if mentions and ("@" in text or "＠" in text):
        found += _mentions(text, mentions, taken)
    if tags and ("#" in text or "＃" in text):
        found += _tags(text, tags, taken)
    has_one_kind = not links and not (mentions and tags)  # the text was scanned from start to end
    return tuple(found if has_one_kind or len(found) < 2 else sorted(found))


def _links(text: str, links: Sequence[str], taken: bytearray) -> Iterator[Facet]:
    """Find links, the longest display first, and mark their characters as used."""
    if len(links) > MAX_SEPARATE_LINKS:
        return _find_in_one_pass(text, links, taken)
    return _find_separately(text, links, taken)


def _find_separately(text: str, links: Sequence[str], taken: bytearray) -> Iterator[Facet]:
    """Find links by searching for each display separately."""
    displays = {url: url for url in links if url and url in text}
    for url in dict.fromkeys(links):
        for short in _displays_of(url):
            if short in text and safe_url(url):
                displays.setdefault(short, url)
    for display in sorted(displays, key=len, reverse=True):
        yield from _shown(text, display, displays[display], taken)


def _find_in_one_pass(text: str, links: Sequence[str], taken: bytearray) -> Iterator[Facet]:
    """Find links in one pass over the text, however many there are."""
    displays = {url: url for url in links if url}
    for url in list(displays):
        if safe_url(url):
            for short in _displays_of(url):
                displays.setdefault(short, url)
    order = {display: at for at, display in enumerate(displays)}
    found = sorted(
        (-len(display), order[display], start)
        for start, display in _places(text, sorted(displays))
        if _is_whole(text, start, display, displays[display])
    )
    names = [*displays]
    for negative, at, start in found:
        end = start - negative
        if taken.find(1, start, end) < 0:
            taken[start:end] = b"\1" * (end - start)
            yield Facet(start, end, "link", displays[names[at]])


def _places(text: str, displays: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Find all positions of displays, in order; of several at one position, each."""
    shorter = _prefixes(displays)
    longest = max(map(len, displays), default=0)
    starts = frozenset(display[:2] for display in displays)
    for start in range(len(text)):
        if text[start : start + 2] in starts or text[start] in starts:
            # The display that matches here begins with its nearest neighbour, if that matches too.
            at = bisect_right(displays, text[start : start + longest]) - 1
            while at >= 0:
                if text.startswith(displays[at], start):
                    yield start, displays[at]
                at = shorter[at]


def _prefixes(displays: Sequence[str]) -> list[int]:
    """Return for each text the index of the longest other one that it begins with, or -1."""
    found: list[int] = []
    open_: list[int] = []
    for at, display in enumerate(displays):
        while open_ and not display.startswith(displays[open_[-1]]):
            open_.pop()
        found.append(open_[-1] if open_ else -1)
        open_.append(at)
    return found


def _is_whole(text: str, start: int, display: str, url: str) -> bool:
    """Return whether a display is not a part of a longer address."""
    before = _WORD_BEFORE if display == url else _LONGER_BEFORE
    if start and before.match(text, start - 1, start):
        return False
    return not _goes_on(text, start + len(display))


def _displays_of(url: str) -> Iterator[str]:
    """Yield the ways to display an address: without a scheme, and a host without its slash."""
    scheme = _SCHEME.match(url)
    if scheme and scheme.end() < len(url):
        short = url[scheme.end() :]
        yield short
        if short.find("/") == len(short) - 1:
            yield short[:-1]


def _shown(text: str, display: str, url: str, taken: bytearray) -> Iterator[Facet]:
    """Find one display of a link wherever it is not part of a longer address."""
    start = text.find(display)
    while start >= 0:
        end = start + len(display)
        if _is_whole(text, start, display, url) and taken.find(1, start, end) < 0:
            taken[start:end] = b"\1" * len(display)
            yield Facet(start, end, "link", url)
            start = text.find(display, end)
        else:
            start = text.find(display, start + 1)


def _goes_on(text: str, end: int) -> bool:
    """Return whether an address goes on after a match."""
    if _LONGER_AFTER.match(text, end, end + 40):
        return True
    return not text[end - 1].isascii() and _is_word(text[end : end + 1])


def _mentions(text: str, mentions: Sequence[str], taken: bytearray) -> Iterator[Facet]:
    """Find mentions; `name@host` is also shown as its name alone."""
    known = _by_name(tuple(mentions))
    for match in _MENTION.finditer(text):
        shown = known.get(match[1].casefold())
        if shown and taken.find(1, match.start(), match.end()) < 0:
            taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())
            yield Facet(match.start(), match.end(), "mention", shown)


def _tags(text: str, tags: Sequence[str], taken: bytearray) -> Iterable[Facet]:
    """Find tags, the longest that fits at each sign."""
    known, lengths, are_words = _by_length(tuple(tags))
    if are_words and text.isascii():
        return _words(text, known, taken)
    return _longest(text, known, lengths, taken)


def _words(text: str, known: Mapping[str, str], taken: bytearray) -> list[Facet]:
    """Find tags in a text where both are ASCII words, so that only whole words match."""
    found: list[Facet] = []
    for match in _ASCII_TAG.finditer(text):
        if shown := known.get(match[1].lower()):
            start, end = match.span()
            if taken.find(1, start, end) < 0:
                found.append(Facet(start, end, "tag", shown))
    return found


def _longest(
    text: str, known: Mapping[str, str], lengths: Iterable[int], taken: bytearray
) -> Iterator[Facet]:
    """Find tags of any kind."""
    for start in _tag_signs(text):
        for length in lengths:
            end = start + 1 + length
            shown = known.get(text[start + 1 : end].casefold())
            if shown is None or end > len(text) or _is_word(text[end : end + 1]):
                continue
            if taken.find(1, start, end) < 0:
                yield Facet(start, end, "tag", shown)
            break


@lru_cache(maxsize=5_000)  # people mention and tag much the same again and again
def _by_name(mentions: tuple[str, ...]) -> dict[str, str]:
    """Return handles by the forms that show them."""
    known: dict[str, str] = {}
    for handle in mentions:
        known.setdefault(handle.casefold(), handle)
    for handle in mentions:
        known.setdefault(handle.casefold().partition("@")[0], handle)
    return known


@lru_cache(maxsize=5_000)
def _by_length(tags: tuple[str, ...]) -> tuple[dict[str, str], list[int], bool]:
    """Return tags by their case-folded spelling, their maximum length, longest first.

    Also returns whether all are ASCII words.
    """
    known: dict[str, str] = {}
    for tag in tags:
        known.setdefault(tag.casefold(), tag)
    lengths = sorted({len(tag) for tag in tags if tag}, reverse=True)
    return known, lengths, re.fullmatch(r"\w+", "".join(tags), re.A) is not None


def _tag_signs(text: str) -> Iterator[int]:
    """Find the signs that a tag may follow."""
    text = text.replace("＃", "#")
    at = text.find("#")
    while at >= 0:
        if not at or text[at - 1] not in _NO_TAG_AFTER:
            yield at
        at = text.find("#", at + 1)


def _is_word(char: str) -> bool:
    """Return whether a character continues a word: a letter, digit, mark or joiner."""
    return bool(char) and (
        char.isalnum() or char in "_\u200c\u200d" or unicodedata.category(char)[0] == "M"
    )
