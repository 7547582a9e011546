"""Interpret backups of Blogger and Google Takeout: Atom that also has comments and settings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sitegen.sources.feeds.items.items import PUBLIC, Access, by_words, narrowest, unknown
from sitegen.sources.feeds.xml.elements import Element, words

Category = tuple[str, str]  # the scheme and the term
_TAKEOUT = frozenset(("type", "status", "trashed", "filename"))
_KINDS = {
    "post": PUBLIC,
    "page": PUBLIC,
    "comment": Access("not a post", "comment"),
    "settings": Access("not a post", "settings"),
    "template": Access("not a post", "template"),
    "layout": Access("not a post", "template"),
    "blogger": Access("not a post", "author"),
    "user": Access("not a post", "author"),
}
_STATES = {
    "live": PUBLIC,
    "draft": Access("draft"),
    "scheduled": Access("not public", "scheduled"),
    "soft_trashed": Access("not public", "trashed"),
    "trashed": Access("not public", "trashed"),
    "deleted": Access("not public", "trashed"),
    "hidden": Access("not public", "hidden"),
}
# "An absent app:draft means no" (RFC 5023, 13.1.1); Atom 0.3 wrote true and false.
_DRAFTS = {"no": PUBLIC, "false": PUBLIC, "yes": Access("draft"), "true": Access("draft")}


def has_kind(categories: Sequence[Category]) -> bool:
    """Return whether an entry states one of Blogger's kinds."""
    return any(map(is_kind, categories))


def is_of_takeout(elements: Sequence[Element]) -> bool:
    """Return whether an entry has Takeout's elements, which live feeds only declare."""
    return any(e.family == "blogger" and e.name in _TAKEOUT for e in elements)


def is_kind(category: Category) -> bool:
    """Return whether a category is one of Blogger's kinds rather than a tag."""
    scheme, term = category
    return scheme.strip().lower().endswith("#kind") or "/kind#" in term.lower()


def access(elements: Sequence[Element], categories: Sequence[Category], is_backup: bool) -> Access:
    """Return who may see an entry: everybody, if it is a live post or page and no draft."""
    kinds = [*_kinds(categories), *words(elements, "blogger", "type")]
    states = words(elements, "blogger", "status")
    trashed = any(words(elements, "blogger", "trashed"))
    return narrowest(
        unknown("it does not say of which kind it is") if is_backup and not kinds else PUBLIC,
        *by_words(_KINDS, kinds, "its kind is not known"),
        unknown("it does not say its status") if is_of_takeout(elements) and not states else PUBLIC,
        *by_words(_STATES, states, "its status is not known"),
        *by_words(_DRAFTS, _drafts(elements), "its draft mark is not known"),
        Access("not public", "trashed") if trashed else PUBLIC,
    )


def _kinds(categories: Sequence[Category]) -> Iterator[str]:
    for category in categories:
        if is_kind(category):
            yield category[1].rpartition("#")[2].strip().casefold()


def _drafts(elements: Sequence[Element]) -> Iterator[str]:
    for outer in elements:
        if outer.family == "app":
            yield from (e.text.strip().casefold() for e in outer.within() if e.name == "draft")
