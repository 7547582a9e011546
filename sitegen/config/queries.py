"""The queries in sitegen.toml, which are checked as soon as it is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sitegen.config.schema import Config
from sitegen.errors import QueryError

if TYPE_CHECKING:
    from sitegen.query.matching import Matcher


def compile_hide(text: str) -> Matcher:
    """Compile a query of `[privacy] hide`. Raises QueryError."""
    from sitegen.query import matching, parser

    query = parser.parse(text)
    if not query.terms:
        raise QueryError("a query without terms would hide every post", hint="name what to hide.")
    if all(term.is_negated for term in query.terms):
        raise QueryError("it only says what not to hide", hint="name what to hide, too.")
    if query.sort:
        raise QueryError("what is hidden has no order", hint=f"remove sort:{query.sort}.")
    return matching.compile_hiding(query)


def compile_collection(text: str) -> Matcher:
    """Compile a query of `[[collection]]`. Raises QueryError."""
    from sitegen.query import matching, parser

    query = parser.parse(text)
    if query.sort:
        what = "a listing has the newest posts first"
        raise QueryError(what, hint=f"remove sort:{query.sort}.")
    return matching.compile_query(query)


def find_mistakes(config: Config) -> Iterator[tuple[str, str, str]]:
    """Yield the mistakes in queries as (key, message, hint)."""
    for text in config.privacy.hide:
        try:
            compile_hide(text)
        except QueryError as error:
            yield "privacy.hide", f"[privacy] hide {text!r}: {error.message}", error.hint or ""


def people(config: Config) -> dict[str, tuple[str, ...]]:
    """Return the accounts of each person of the site, by name and by the name of the page."""
    named = {person.slug: person.accounts for person in config.people if person.slug}
    for person in config.people:
        named[person.name] = (*named.get(person.name, ()), *person.accounts)
    return named
