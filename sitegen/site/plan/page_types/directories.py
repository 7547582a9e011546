"""Spread long lists of names over pages: the most frequent first, and all of them by name.

A list that fits on one page has no others. The pages by name have the initial in their address, so
that a new name changes only those of its initial.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Generic, NamedTuple, Protocol, TypeVar

from msgspec.structs import replace

from sitegen.languages.language import Language
from sitegen.site import urls
from sitegen.site.views.excerpts import count_bytes
from sitegen.site.views.links import Link
from sitegen.site.views.listing_values import Directory
from sitegen.site.views.titles import numbered_title

FEW = 20  # names; with fewer that are used once, or fewer others, nothing is folded away
MARKUP = 90  # bytes around a name in a list
DIGITS, OTHER = "0-9", "other"


class Limits(NamedTuple):
    """The most that a page lists: `names` and their `bytes`; `most` on the first of several."""

    names: int = 500
    bytes: int = 90_000
    most: int = 200


LIMITS = Limits()


class Counted(Protocol):
    """A name in a list, such as that of a tag, with its number of threads."""

    @property
    def name(self) -> str:
        """The name as the list shows it."""

    @property
    def path(self) -> str:
        """The site path of its page."""

    @property
    def count(self) -> int:
        """Its number of threads."""


T = TypeVar("T")
Name = TypeVar("Name", bound=Counted)


class Initial(NamedTuple):
    """The initial of a name: its place in an address, and the letter as readers know it."""

    key: str
    letter: str


class NamesPage(NamedTuple, Generic[Name]):
    """A page of a list of names: its path, its title, its names, and how it leads to the others."""

    path: str
    title: str
    names: tuple[Name, ...]
    directory: Directory


def spread(
    first: str, heading: str, names: Sequence[Name], language: Language, limits: Limits = LIMITS
) -> Iterator[NamesPage[Name]]:
    """Yield the pages of a list of names, which are in the order of a list on a single page."""
    if len(names) <= limits.names and sum(map(weigh, names)) <= limits.bytes:
        directory = Directory(heading, len(names), _has_many_of_both(names))
        yield NamesPage(first, heading, tuple(names), directory)
        return
    groups = _by_initial(names)
    initials = tuple([Link(group.label, urls.names_page(first, group.key)) for group in groups])
    by_count = sorted(names, key=lambda name: (-name.count, _sort_key(name)))
    most = next(chunks(by_count[: limits.most], weigh, limits))
    yield NamesPage(first, heading, most, Directory(heading, len(names), False, initials=initials))
    for group, initial in zip(groups, initials, strict=True):
        directory = Directory(heading, 0, True, initial, initials)
        yield from _by_name(group.names, directory, initial, language, limits)


def _by_name(
    names: Iterable[Name], directory: Directory, initial: Link, language: Language, limits: Limits
) -> Iterator[NamesPage[Name]]:
    """Yield the pages of the names with one initial."""
    first = Link(f"{directory.title} · {initial.title}", initial.path)
    for page in numbered(first, names, weigh, language, limits):
        has_both = 0 < sum([name.count == 1 for name in page.items]) < len(page.items)
        shown = replace(directory, folds=has_both, numbers=page.numbers)
        yield NamesPage(page.path, page.title, page.items, shown)


class NumberedPage(NamedTuple, Generic[T]):
    """A page of a long list: its path, title, items, and links to all pages if they are several."""

    path: str
    title: str
    items: tuple[T, ...]
    numbers: tuple[Link, ...]


def numbered(
    first: Link, items: Iterable[T], weight: Callable[[T], int], language: Language,
    limits: Limits = LIMITS,
) -> Iterator[NumberedPage[T]]:  # fmt: skip
    """Yield the pages of a list, as many as its items need; `first` leads to the first of them."""
    parts = list(chunks(items, weight, limits))
    numbers = number_pages(first.path, len(parts))
    for at, part in enumerate(parts):
        path = numbers[at].path if numbers else first.path
        title = numbered_title(first.title, at + 1, language) if at else first.title
        yield NumberedPage(path, title, part, numbers)


def number_pages(first: str, count: int) -> tuple[Link, ...]:
    """Return links to the pages of a list by their numbers, if they are several."""
    if count == 1:
        return ()
    others = [Link(str(n), urls.numbered_page(first, n)) for n in range(2, count + 1)]
    return (Link("1", first), *others)


def chunks(
    items: Iterable[T], weight: Callable[[T], int], limits: Limits
) -> Iterator[tuple[T, ...]]:
    """Divide items into pages of at most so many items and bytes; a heavy item has its own."""
    page: list[T] = []
    total = 0
    for item in items:
        added = weight(item)
        if page and (len(page) == limits.names or total + added > limits.bytes):
            yield tuple(page)
            page, total = [], 0
        page.append(item)
        total += added
    if page:
        yield tuple(page)


def weigh(name: Counted) -> int:
    """Return about the number of bytes of a name in a list."""
    return MARKUP + count_bytes(name.name) + count_bytes(name.path)


def _has_many_of_both(names: Sequence[Counted]) -> bool:
    """Tell whether many names are used once, and many others more often."""
    once = sum([name.count == 1 for name in names])
    return FEW <= once <= len(names) - FEW


class Group(NamedTuple, Generic[Name]):
    """The names with one initial: its part of an address, its label, and the names."""

    key: str
    label: str
    names: list[Name]


def _by_initial(names: Iterable[Name]) -> list[Group[Name]]:
    """Group names by initial: digits, letters from A to Z, other scripts, names without letters."""
    keyed = [(initial_of(name.name), _sort_key(name), name) for name in names]
    keyed.sort(key=lambda item: (_rank(item[0].key), item[1]))
    groups = []
    for key, group in groupby(keyed, key=lambda item: item[0].key):
        members = list(group)
        letters = sorted({initial.letter for initial, _, _ in members})
        label = letters[0] if len(letters) == 1 else f"{letters[0]}–{letters[-1]}"
        groups.append(Group(key, label, [name for _, _, name in members]))
    return groups


def _rank(key: str) -> tuple[int, str]:
    return (0 if key == DIGITS else 1 if len(key) == 1 else 3 if key == OTHER else 2, key)


def _sort_key(name: Counted) -> tuple[str, str]:
    return unicodedata.normalize("NFKD", name.name).casefold().lstrip("@#"), name.path


def initial_of(name: str) -> Initial:
    """Return the initial of a name; its script if the first letter is not from A to Z."""
    for character in unicodedata.normalize("NFKD", name):
        if character.isalpha():
            letter = character.casefold()[0]
            if "a" <= letter <= "z":
                return Initial(letter, letter.upper())
            script = unicodedata.name(character, OTHER).partition(" ")[0].lower()
            return Initial(script, unicodedata.normalize("NFC", character))
        if character.isdecimal():
            return Initial(DIGITS, character)
    return Initial(OTHER, name.lstrip("@#")[:1])
