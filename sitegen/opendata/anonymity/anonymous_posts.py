"""An archive's posts as anonymous ones: learn what is common among them, then replace the rest."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property

from sitegen.config.schema import Config
from sitegen.languages import site_language
from sitegen.model import Post
from sitegen.opendata.anonymity import names as archive_names
from sitegen.opendata.anonymity.authors import Authors
from sitegen.opendata.anonymity.name_words import NameWords
from sitegen.opendata.anonymity.names import Names
from sitegen.opendata.anonymity.posts import Anonymiser
from sitegen.opendata.anonymity.pseudonyms import Pseudonyms
from sitegen.opendata.anonymity.special_parts import has_address
from sitegen.opendata.anonymity.texts import Common, Texts
from sitegen.opendata.summary import Summary
from sitegen.query.folding import fold
from sitegen.selection.queried_posts import Selected
from sitegen.text.link_hosts import hosts

_WEB_ADDRESS = re.compile(r"https://[^@]+")


class AnonymousPosts:
    """The posts of an export, anonymous and in an order that says no more than their days.

    `replaced` counts what was replaced in those that were read, `left_out` the different tags,
    sites, languages and topics that are not common; `few_authors` the topics among them that enough
    posts are about, but of too few authors. `summary` is of the anonymous posts that were read.
    """

    def __init__(
        self, config: Config, key: bytes, selected: Iterable[Selected], min_posts: int
    ) -> None:
        names = archive_names.gather(config)
        words = NameWords(names)
        self.selected = tuple(selected)
        self.min_posts = min_posts
        self.min_authors = config.topics.min_authors
        self.pseudonyms = Pseudonyms(key, names.statements)
        words.set_ordinary((each.post.text for each in self.selected), min_posts)
        self._words = words
        self.left_out: Counter[str] = Counter()
        self._all: Counter[str] = Counter()
        self.few_authors = 0
        self.common = self._find_common(names, Authors(config, names.statements, self.pseudonyms))
        self._texts = Texts(self.pseudonyms, words, self.common)
        self.replaced = self._texts.replaced
        self.summary = Summary()
        self._anonymiser = Anonymiser(self.pseudonyms, self._texts, site_language.clock(config))

    def __iter__(self) -> Iterator[Selected]:
        first = {(e.post.network, e.thread): e.day for e in reversed(self.selected)}

        def place(each: Selected) -> tuple[str, str, int]:
            thread = self.pseudonyms.of_post(each.post.network, each.thread)
            return first[each.post.network, each.thread], thread, each.position

        self.summary = Summary()
        for each in sorted(self.selected, key=place):
            anonymous = self._anonymiser.anonymise(each)
            self.summary.add(anonymous)
            yield anonymous

    def has_name(self, text: str) -> bool:
        """Return whether a text has the name of somebody of the archive."""
        return any(True for _ in self._words.find(text))

    def names_somebody(self, text: str) -> bool:
        """Return whether a text has such a name, or an address or number that may be anybody's.

        Addresses of the web may stay, such as that of a licence.
        """
        others = " ".join(word for word in text.split() if not _WEB_ADDRESS.fullmatch(word))
        return self.has_name(text) or has_address(others)

    @cached_property
    def has_topics(self) -> bool:
        """Whether any of the posts is about a topic, even one that is left out."""
        return any(each.topics for each in self.selected)

    def _find_common(self, names: Names, authors: Authors) -> Common:
        posts = [each.post for each in self.selected]
        tags = self._frequent("tag", (map(fold, post.tags) for post in posts))
        sites = self._frequent("site", (map(fold, hosts(post)) for post in posts))
        langs = self._frequent("language", (map(str.casefold, post.langs) for post in posts))
        return Common(
            self._unnamed("tag", tags),
            self._unnamed("site", {site for site in sites if not is_own(site, names.hosts)}),
            self._unnamed("language", langs),
            self._unnamed("topic", self._of_several(authors)),
        )

    def _of_several(self, authors: Authors) -> set[str]:
        """Return the topics that enough posts of enough authors are about."""
        topics = self._frequent("topic", (each.topics for each in self.selected))
        posts: dict[str, list[Post]] = {topic: [] for topic in topics}
        for each in self.selected:
            for topic in topics.intersection(each.topics):
                posts[topic].append(each.post)
        found = {topic for topic, own in posts.items() if authors.count(own) >= self.min_authors}
        self.few_authors = len(topics) - len(found)
        return found

    def _frequent(self, kind: str, values: Iterable[Iterable[str]]) -> set[str]:
        """Return the values that enough posts have."""
        counts = Counter(value for each in values for value in set(each))
        frequent = {value for value, count in counts.items() if count >= self.min_posts}
        self._all[kind] = len(counts)
        return frequent

    def _unnamed(self, kind: str, values: Iterable[str]) -> frozenset[str]:
        """Return the values that name nobody; only a site may be an address."""
        kept = [value for value in values if not self.has_name(value)]
        if kind != "site":
            kept = [value for value in kept if not has_address(value)]
        self.left_out[kind] = self._all[kind] - len(kept)
        return frozenset(kept)


def is_own(host: str, own: Iterable[str]) -> bool:
    """Return whether a host is one of those, or above or below one."""
    return any(f".{host}".endswith(f".{o}") or f".{o}".endswith(f".{host}") for o in own)
