"""Parse a query.

    query  = { term }                       all must hold; spaces between
    term   = [ "-" ] ( text | field ) | sort
    text   = WORD [ "*" ] | '"' chars '"' | "#" NAME | "@" NAME
    field  = KEY ":" value { "," value }    any of the values
    value  = WORD | '"' chars '"'
    sort   = "sort:" ( "new" | "old" | "likes" | "best" )

`parse` refuses what it does not understand. `parse_leniently` takes it for words, as a search field
must, where people type any text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple, cast

from sitegen.errors import QueryError
from sitegen.query import folding, hints
from sitegen.query.values import (
    ALL_QUOTES,
    BARE,
    CHOICES,
    CLOSING_CORNERS,
    DATES,
    KEYS,
    QUOTES,
    SORT,
    SORTS,
    SPACES,
    Account,
    Condition,
    Field,
    Key,
    Query,
    Sort,
    Term,
    Words,
)

MAX_TERMS = 32
MAX_CHARACTERS = 500
_SPACES = re.compile(f"[{SPACES}]+")
_SKIPPED = re.compile(f"[{SPACES}]*")
_WORD = re.compile(f"{BARE}+")
_VALUE = re.compile(f"[^{SPACES}{ALL_QUOTES},]*")
_QUOTE = re.compile(f"[{ALL_QUOTES}]")
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_LEADING = {"tag": "#", "from": "@", "to": "@"}  # signs that people write before such values


class Problem(NamedTuple):
    """A part of a query that is not understood: where it begins, what is wrong, and the cure."""

    position: int
    message: str
    hint: str

    @property
    def error(self) -> QueryError:
        """The error for it; characters are counted from 1."""
        return QueryError(f"{self.message}, at character {self.position + 1}", hint=self.hint)


class Reading(NamedTuple):
    """A query as it is understood, and the problems of the parts that are not."""

    query: Query
    problems: tuple[Problem, ...]


def parse(text: str) -> Query:
    """Parse a query. Raises QueryError for the first part that is not understood."""
    query, problems = parse_leniently(text)
    if problems:
        raise min(problems).error
    return query


def parse_leniently(text: str) -> Reading:
    """Parse any text: what is not understood is taken for words, or left out if it has none."""
    problems: list[Problem] = []
    if len(text) > MAX_CHARACTERS:
        what = f"a query has at most {MAX_CHARACTERS} characters, this one has {len(text):,}"
        problems.append(Problem(MAX_CHARACTERS, what, "leave some terms out."))
    scanner = _Scanner(text[:MAX_CHARACTERS])
    terms = [*scanner.terms()]
    problems += scanner.problems
    if len(terms) > MAX_TERMS:
        what = f"a query has at most {MAX_TERMS} terms, this one has {len(terms)}"
        problems.append(Problem(terms[MAX_TERMS].position, what, "leave some terms out."))
    return Reading(Query(tuple(terms[:MAX_TERMS]), scanner.sort), tuple(problems))


class _Scanner:
    """Reads terms from left to right, and collects problems and the order."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.sort: Sort | None = None
        self.problems: list[Problem] = []

    def terms(self) -> Iterator[Term]:
        """Yield all terms."""
        while self._skip_spaces():
            start = self.at
            is_negated = self._has_minus()
            self.at += is_negated
            condition = self._condition(is_negated)
            if condition is not None and self._has_words(condition, start):
                yield Term(condition, is_negated, start)
            if self._next() not in (*SPACES, ""):
                self._report(self.at, "there is no space around quotes", "write one.")

    def _has_minus(self) -> bool:
        """Tell whether the next term is negated; in `"well"-known`, the "-" is part of a word."""
        follows_space = self.at == 0 or self.text[self.at - 1] in SPACES
        return follows_space and self._next() == "-" and self._next(1) not in (*SPACES, "")

    def _condition(self, is_negated: bool) -> Condition | None:
        """Read what a term asks for; None for an order, or a field without values."""
        start = self.at
        if self._next() in ALL_QUOTES:
            return Words(self._quoted())
        word = cast("re.Match[str]", _WORD.match(self.text, start))[0]
        key, colon, _ = word.partition(":")
        if word[0] in "#@":
            self.at = start + len(word)
            name = word.lstrip("#@")
            return Field("tag", (name,)) if word[0] == "#" else Account(name)
        if not colon or not key:
            self.at = start + len(word)
            return self._words(word, start)
        known = folding.fold(key)
        if known in (*KEYS, SORT):
            self.at = start + len(key) + 1
            return self._known_field(known, start, is_negated)
        self.at = start + len(word)
        self._report_key(key, start)
        return Words(word)

    def _known_field(self, key: str, start: int, is_negated: bool) -> Condition | None:
        """Read the values of a key, or the order; a wrong value makes words of the field."""
        values = [*self._values(key)]
        if not values:
            what = f"{key}: has no value"
            self._report(start, what, f"write it like {key}:{hints.example(key)}.")
            return None
        if key == SORT:
            self._set_sort(values, start, is_negated)
            return None
        good = [_normalise(key, value) for value in values]
        if any(value is None for value in good):
            wrong = values[good.index(None)]
            self._report(start, f"{key}: cannot be {wrong!r}", hints.cure(key, wrong))
            return Words(f"{key} {' '.join(values)}")
        return Field(cast("Key", key), tuple([value for value in good if value is not None]))

    def _values(self, key: str) -> Iterator[str]:
        """Yield the values of a field that are not empty."""
        while True:
            start = self.at
            if self._next() in ALL_QUOTES and self._next():
                value = self._quoted()
            else:
                value = cast("re.Match[str]", _VALUE.match(self.text, start))[0]
                self.at = start + len(value)
            value = value.lstrip(_LEADING.get(key, ""))
            if folding.has_words(value) or (value and key == "id"):
                yield value
            elif value or self._next() == "," or self.text[start - 1] == ",":
                self._report(start, f"{key}: has an empty value", "remove the comma.")
            if self._next() != ",":
                return
            self.at += 1

    def _set_sort(self, values: list[str], start: int, is_negated: bool) -> None:
        value = folding.fold(values[0])
        if is_negated or len(values) > 1 or value not in SORTS:
            hint = hints.near_hint(value, SORTS)
            self._report(start, f"{SORT}: names one order", hint)
        elif self.sort is not None:
            self._report(start, f"{SORT}: is there twice", "remove one of them.")
        self.sort = next((sort for sort in SORTS if sort == value), self.sort)

    def _words(self, word: str, start: int) -> Words:
        """Return what a word asks for; "*" at its end makes it the beginning of words."""
        stem = word.rstrip("*")
        if "*" in stem or len(word) > len(stem) + 1:
            self._report(start, f"{word!r} has a * that is not its last character", "remove it.")
            return Words(word)
        if stem == word or not folding.has_words(stem):
            return Words(word)
        least = folding.shortest_prefix(stem)
        if len(folding.split_words(stem).split()[-1]) < least:
            self._report(start, f"{word!r} is the beginning of too many words",
                         f"write {least} characters or more before the *.")  # fmt: skip
            return Words(stem)
        return Words(stem, is_prefix=True)

    def _quoted(self) -> str:
        """Read a text in quotes, which may be open at the end; quotes within are spaces."""
        closing = QUOTES if self.text[self.at] in QUOTES else CLOSING_CORNERS
        start = end = self.at + 1
        while end < len(self.text) and self.text[end] not in closing:
            end += 1
        self.at = end + 1
        return _SPACES.sub(" ", _QUOTE.sub(" ", self.text[start:end])).strip(SPACES)

    def _has_words(self, condition: Condition, start: int) -> bool:
        """Tell whether a condition names anything; report it if not."""
        texts = [condition.text] if isinstance(condition, Words) else []
        texts += [condition.name] if isinstance(condition, Account) else []
        texts += condition.values if isinstance(condition, Field) else ()
        if any(map(folding.has_words, texts)) or str(condition).startswith("id:"):
            return True
        shown = self.text[start : self.at].strip(SPACES)
        self._report(start, f"there is nothing to search for in {shown!r}", "remove it.")
        return False

    def _report_key(self, key: str, start: int) -> None:
        meant = hints.nearest(key, (*KEYS, SORT))
        hint = f"did you mean {meant}:? for words with a colon, use quotes."
        if meant is None:
            hint = f"use quotes for words with a colon; keys are {', '.join(KEYS)}."
        self._report(start, f"unknown key {key!r}", hint)

    def _report(self, position: int, message: str, hint: str) -> None:
        self.problems.append(Problem(position, message, hint))

    def _skip_spaces(self) -> bool:
        """Go to the next term; return whether there is one."""
        self.at = cast("re.Match[str]", _SKIPPED.match(self.text, self.at)).end()
        return self.at < len(self.text)

    def _next(self, after: int = 0) -> str:
        """Return the character that is so many after the next; "" at the end."""
        return self.text[self.at + after : self.at + after + 1]


def _normalise(key: str, value: str) -> str | None:
    """Return a value of a key as it is compared; None if the key cannot have it."""
    folded = folding.fold(value)
    if key in CHOICES:
        return folded if folded in CHOICES[key] else None
    if key == "min_likes":
        return str(int(folded)) if folded.isascii() and folded.isdigit() else None
    if key in DATES:
        return folded if _is_date(key, folded) else None
    return value


def _is_date(key: str, text: str) -> bool:
    from datetime import date

    parts = _DATE.fullmatch(text)
    if parts is None or (key == "year" and parts[2]):
        return False
    try:
        date(int(parts[1]), int(parts[2] or 1), int(parts[3] or 1))
    except ValueError:
        return False
    return True
