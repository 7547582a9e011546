"""Replace in texts what names somebody: mentions, addresses, numbers, names.

Too much is replaced rather than too little: anything that looks like an address is one, and so is
every host name, such as "Node.js". What is not found is said in docs/open-data.md.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple
from unicodedata import normalize

from sitegen.model import Facet, Post
from sitegen.opendata.anonymity.long_numbers import digits_of
from sitegen.opendata.anonymity.name_words import NameWords
from sitegen.opendata.anonymity.pseudonyms import Pseudonyms
from sitegen.opendata.anonymity.special_parts import EMAIL_SIGNS, SPECIAL
from sitegen.query.folding import fold
from sitegen.text.domain_names import readable_labels
from sitegen.text.link_hosts import host_of

NO_HOST = "link.invalid"  # of links to sites that are not common (RFC 2606)
LEFT_OUT_TAG = "[tag]"
_URL_END = ".,;:!?'\"»”’)]}>*_~…"


class Common(NamedTuple):
    """What enough posts have, so that it may stay: folded tags, hosts, languages; topics."""

    tags: Collection[str] = frozenset()
    hosts: Collection[str] = frozenset()
    langs: Collection[str] = frozenset()
    topics: Collection[str] = frozenset()


class _Replacement(NamedTuple):
    """What replaces a part of a text."""

    start: int
    end: int
    new: str


class _Replaced:
    """A text after replacements, which are in order and apart, and where its places are now."""

    def __init__(self, text: str, replacements: Sequence[_Replacement]) -> None:
        self._pairs: list[tuple[_Replacement, int]] = []
        pieces, end, length = [], 0, 0
        for each in replacements:
            pieces += [text[end : each.start], each.new]
            length += each.start - end
            self._pairs.append((each, length))
            length, end = length + len(each.new), each.end
        self.text = "".join([*pieces, text[end:]])

    def start(self, place: int) -> int:
        """Return where a place is now; the start of a replacement that it is in."""
        return self._find(place)[0]

    def end(self, place: int) -> int:
        """Return where a place is now; the end of a replacement that it is in."""
        return self._find(place)[1]

    def _find(self, place: int) -> tuple[int, int]:
        moved = place
        for each, start in self._pairs:
            if each.start >= place:
                break
            end = start + len(each.new)
            if place < each.end:
                return start, end
            moved = end + place - each.end
        return moved, moved


def _without(start: int, end: int, taken: Sequence[_Replacement]) -> Iterator[tuple[int, int]]:
    """Yield the parts of a range, in order, that replacements have not taken; they are in order."""
    for each in taken:
        if each.end <= start or each.start >= end:
            continue
        if start < each.start:
            yield start, each.start
        start = each.end
    if start < end:
        yield start, end


class Texts:
    """Scrubs texts, and counts what it replaces, by kind."""

    def __init__(self, pseudonyms: Pseudonyms, words: NameWords, common: Common) -> None:
        self._pseudonyms = pseudonyms
        self._words = words
        self._common = common
        self.replaced: Counter[str] = Counter()

    def scrub(self, text: str, network: str) -> str:
        """Return a text without what names somebody."""
        return _Replaced(text, self._replacements(text, network, ())).text

    def scrub_post(self, post: Post) -> tuple[str, tuple[Facet, ...]]:
        """Return the scrubbed text of a post, and its facets in that."""
        values: dict[Facet, str] = {}
        whole = []
        for facet in post.facets:
            shown = post.text[facet.start : facet.end]
            new, values[facet] = self._facet(facet, shown, post.network)
            if new is not None:
                whole.append(_Replacement(facet.start, facet.end, new))
        replaced = _Replaced(post.text, self._replacements(post.text, post.network, whole))
        return replaced.text, tuple(
            [
                Facet(replaced.start(f.start), replaced.end(f.end), f.kind, value)
                for f, value in values.items()
                if value
            ]
        )

    def link(self, url: str) -> str:
        """Return the pseudonym of an address; its host stays if it is common."""
        self.replaced["address"] += 1
        host = host_of(url)
        kept = host if host and fold(host) in self._common.hosts else NO_HOST
        return f"https://{kept}/{self._pseudonyms.of('link', url)}"

    def mention(self, handle: str, network: str) -> str:
        """Return the pseudonym of an account that is mentioned."""
        self.replaced["mention"] += 1
        return self._pseudonyms.of_handle(network, handle)

    def tags(self, tags: Sequence[str]) -> tuple[str, ...]:
        """Return the tags that are common."""
        return tuple([tag for tag in tags if fold(tag) in self._common.tags])

    def topics(self, topics: Sequence[str]) -> tuple[str, ...]:
        """Return the topics that are common."""
        return tuple([topic for topic in topics if topic in self._common.topics])

    def langs(self, langs: Sequence[str]) -> tuple[str, ...]:
        """Return the languages that are common."""
        return tuple([lang for lang in langs if lang.casefold() in self._common.langs])

    def _facet(self, facet: Facet, shown: str, network: str) -> tuple[str | None, str]:
        """Return what a facet shows afterwards, and its value; "" if it is none any longer.

        It is None for a link with words, which are scrubbed with the text around them.
        """
        if facet.kind == "mention":
            account = self.mention(facet.value, network)
            return f"@{account}", account
        if facet.kind == "tag":
            return self._tag(shown.lstrip("#＃"), facet.value)
        link = self.link(facet.value)
        is_address = host_of(shown) is not None and not re.search(r"\s", shown)
        return link if is_address else None, link

    def _tag(self, shown: str, tag: str) -> tuple[str, str]:
        if fold(tag) in self._common.tags and fold(shown) == fold(tag):
            return f"#{shown}", tag
        self.replaced["tag"] += 1
        return LEFT_OUT_TAG, ""

    def _replacements(
        self, text: str, network: str, whole: Sequence[_Replacement]
    ) -> list[_Replacement]:
        """Return what is replaced in a text, in order; `whole` are places that are decided.

        Names are looked for in the whole text, since what is around a word says whether it is one.
        """
        found = [*whole, *self._special(text, network, whole)]
        found.sort()
        for match in self._words.find(text):
            for start, end in _without(match.start, match.end, found):
                part = text[start:end].strip()
                if part:
                    self.replaced["name"] += 1
                    start = text.index(part, start)
                    name = self._pseudonyms.of("name", match.name)
                    found.append(_Replacement(start, start + len(part), name))
        return sorted(found)

    def _special(
        self, text: str, network: str, whole: Sequence[_Replacement]
    ) -> Iterator[_Replacement]:
        """Yield the replacements of addresses, mentions, tags and numbers."""
        for start, end in _without(0, len(text), whole):
            for match in SPECIAL.finditer(text, start, end):
                kind = match.lastgroup or ""
                new = _HANDLERS[kind](self, match[kind], network)
                yield _Replacement(match.start(), match.end(), new)

    def _address(self, text: str, network: str) -> str:
        """Replace an address, without the punctuation of the sentence behind it."""
        url = text.rstrip(_URL_END)
        if self._pseudonyms.is_handle(network, url):
            return self.mention(url, network) + text[len(url) :]
        return self.link(url) + text[len(url) :]

    def _email(self, text: str, network: str) -> str:
        """Replace an e-mail address, without the punctuation before it."""
        address = normalize("NFKC", text.lstrip(EMAIL_SIGNS))
        before = text[: len(text) - len(text.lstrip(EMAIL_SIGNS))]
        if self._pseudonyms.is_handle(network, address):
            return before + self.mention(address, network)
        self.replaced["e-mail address"] += 1
        return before + self._pseudonyms.of("email", readable_labels(address.casefold()))

    def _mention(self, handle: str, network: str) -> str:
        return f"@{self.mention(handle, network)}"

    def _hash_tag(self, tag: str, network: str) -> str:
        return self._tag(tag, tag)[0]

    def _date(self, date: str, network: str) -> str:
        return date

    def _number(self, number: str, network: str) -> str:
        self.replaced["number"] += 1
        return self._pseudonyms.of("number", digits_of(number))


_HANDLERS: dict[str, Callable[[Texts, str, str], str]] = {
    "link": Texts._address,
    "did": Texts._address,
    "host": Texts._address,
    "email": Texts._email,
    "mention": Texts._mention,
    "tag": Texts._hash_tag,
    "date": Texts._date,
    "number": Texts._number,
}
