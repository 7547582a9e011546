"""Replace in texts what names somebody: mentions, addresses, numbers, names.

Too much is replaced rather than too little: anything that looks like an address is one, and so is
every host name, such as "Node.js". What is not found is said in docs/open-data.md.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple

from sitegen.model import Facet, Post
from sitegen.opendata.anonymity.name_words import NameWords
from sitegen.opendata.anonymity.pseudonyms import Pseudonyms
from sitegen.query.folding import fold
from sitegen.text.link_hosts import host_of

NO_HOST = "link.invalid"  # of links to sites that are not common (RFC 2606)
LEFT_OUT_TAG = "[tag]"
_URL_END = ".,;:!?'\"»”’)]}>*_~…"
_SPECIAL = re.compile(
    r"""
    (?P<link> (?<![a-z0-9+.-]) (?: [a-z][a-z0-9+.-]*:// | mailto: | www\. )
        [^\s<>"“”「」『』（）、。|`]+ )
    | (?P<did> \bdid:[a-z0-9]+:[\w.:%-]+ )
    | (?P<email> (?<![\w.+-]) [\w.+-]+ @ [\w-]+ (?:\.[\w-]+)+ )
    | [@＠](?P<mention> \w (?:[\w.@:-]*\w)? )
    | [\#＃](?P<tag> \w+ )
    | (?P<host> (?<![\w.-]) (?:[\w-]+\.)+ (?:[a-z]{2,63}|xn--[a-z0-9-]+) (?!\.?\w)
        (?: [:/?\#][^\s<>"“”「」『』（）、。|`]* )? )
    | (?P<number> (?<![\w+]) (?!\d{1,2}[./-]\d{1,2}[./-](?:\d\d|\d{4})(?!\d))
        (?: (?:\+|00)\d(?:[ ./()-]{0,2}\d){6,14}
          | \(?0\d{1,4}\)?(?:[ ./-]?\d){5,10}
          | \(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}
          | \d{7,} ) (?!\w) )
    """,
    re.VERBOSE | re.IGNORECASE,
)


def has_address(text: str) -> bool:
    """Return whether a text has an address, a mention or a number that is replaced in posts."""
    return any(match.lastgroup != "tag" for match in _SPECIAL.finditer(text))


class Common(NamedTuple):
    """What enough posts have, so that it may stay: folded tags, hosts, languages; topics."""

    tags: Collection[str] = frozenset()
    hosts: Collection[str] = frozenset()
    langs: Collection[str] = frozenset()
    topics: Collection[str] = frozenset()


class Texts:
    """Scrubs texts, and counts what it replaces, by kind."""

    def __init__(self, pseudonyms: Pseudonyms, words: NameWords, common: Common) -> None:
        self._pseudonyms = pseudonyms
        self._words = words
        self._common = common
        self.replaced: Counter[str] = Counter()

    def scrub(self, text: str, network: str) -> str:
        """Return a text without what names somebody."""
        return "".join(self._pieces(text, network))

    def scrub_post(self, post: Post) -> tuple[str, tuple[Facet, ...]]:
        """Return the scrubbed text of a post, and its facets in that."""
        text, end, facets = "", 0, []
        for facet in post.facets:
            text += self.scrub(post.text[end : facet.start], post.network)
            shown, value = self._facet(facet, post.text[facet.start : facet.end], post.network)
            if value:
                facets.append(Facet(len(text), len(text) + len(shown), facet.kind, value))
            text, end = text + shown, facet.end
        return text + self.scrub(post.text[end:], post.network), tuple(facets)

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

    def _facet(self, facet: Facet, shown: str, network: str) -> tuple[str, str]:
        """Return what a facet shows afterwards, and its value; "" if it is none any longer."""
        if facet.kind == "mention":
            account = self.mention(facet.value, network)
            return f"@{account}", account
        if facet.kind == "tag":
            return self._tag(shown.lstrip("#＃"), facet.value)
        link = self.link(facet.value)
        is_address = host_of(shown) is not None and not re.search(r"\s", shown)
        return link if is_address else self.scrub(shown, network), link

    def _tag(self, shown: str, tag: str) -> tuple[str, str]:
        if fold(tag) in self._common.tags and fold(shown) == fold(tag):
            return f"#{shown}", tag
        self.replaced["tag"] += 1
        return LEFT_OUT_TAG, ""

    def _pieces(self, text: str, network: str) -> Iterator[str]:
        end = 0
        for match in _SPECIAL.finditer(text):
            yield from self._without_names(text[end : match.start()])
            kind = match.lastgroup or ""
            yield _HANDLERS[kind](self, match[kind], network)
            end = match.end()
        yield from self._without_names(text[end:])

    def _without_names(self, text: str) -> Iterator[str]:
        end = 0
        for start, stop, name in self._words.find(text):
            self.replaced["name"] += 1
            yield from (text[end:start], self._pseudonyms.of("name", name))
            end = stop
        yield text[end:]

    def _address(self, text: str, network: str) -> str:
        """Replace an address, without the punctuation of the sentence behind it."""
        url = text.rstrip(_URL_END)
        if (network, fold(url)) in self._pseudonyms.handles:
            return self.mention(url, network) + text[len(url) :]
        return self.link(url) + text[len(url) :]

    def _email(self, text: str, network: str) -> str:
        if (network, fold(text)) in self._pseudonyms.handles:
            return self.mention(text, network)
        self.replaced["e-mail address"] += 1
        return self._pseudonyms.of("email", text.casefold())

    def _mention(self, handle: str, network: str) -> str:
        return f"@{self.mention(handle, network)}"

    def _hash_tag(self, tag: str, network: str) -> str:
        return self._tag(tag, tag)[0]

    def _number(self, number: str, network: str) -> str:
        self.replaced["number"] += 1
        return self._pseudonyms.of("number", re.sub(r"\D", "", number))


_HANDLERS: dict[str, Callable[[Texts, str, str], str]] = {
    "link": Texts._address,
    "did": Texts._address,
    "host": Texts._address,
    "email": Texts._email,
    "mention": Texts._mention,
    "tag": Texts._hash_tag,
    "number": Texts._number,
}
