"""Backups of Blogger and Google Takeout: Atom with posts, pages, comments, settings, templates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sitegen.sources.feeds.items.items import PUBLIC, Access, narrowest, unknown
from sitegen.sources.feeds.xml.elements import Element, words

Category = tuple[str, str]  # the scheme and the term
_TAKEOUT = frozenset(("type", "status", "trashed", "filename"))
_POSTS = frozenset(("post", "page"))
_OTHER_KINDS = {
    "comment": "comment",
    "settings": "settings",
    "template": "template",
    "layout": "template",
    "blogger": "author",
    "user": "author",
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
_DRAFT = {
    "no": PUBLIC,
    "false": PUBLIC,
    "yes": Access("draft"),
    "true": Access("draft"),
}


def has_kind(categories: Sequence[Category]) -> bool:
    """Return whether an entry states one of Blogger's kinds."""
    return any(True for _ in _kinds(categories))


def is_of_takeout(elements: Sequence[Element]) -> bool:
    """Return whether an entry has Takeout's elements; live feeds only declare their namespace."""
    return any(e.family == "blogger" and e.name in _TAKEOUT for e in elements)


def is_kind(category: Category) -> bool:
    """Return whether a category is one of Blogger's kinds rather than a tag."""
    scheme, term = category
    return scheme.strip().lower().endswith("#kind") or "/kind#" in term.lower()


def access(elements: Sequence[Element], categories: Sequence[Category], is_backup: bool) -> Access:
    """Return who may see an entry: everybody, if it is a live post or page and no draft."""
    types = words(elements, "blogger", "type")
    found = [_of_kind(word) for word in (*_kinds(categories), *types)]
    if is_backup and not found:
        found = [unknown("it does not say of which kind it is")]
    states = words(elements, "blogger", "status")
    if is_of_takeout(elements) and not states:
        found.append(unknown("it does not say its status"))
    trashed = any(words(elements, "blogger", "trashed"))
    return narrowest(
        *found,
        *(_STATES.get(word) or unknown("its status is not known") for word in states),
        *(_DRAFT.get(word) or unknown("its draft mark is not known") for word in _drafts(elements)),
        Access("not public", "trashed") if trashed else PUBLIC,
    )


def _kinds(categories: Sequence[Category]) -> Iterator[str]:
    for category in categories:
        if is_kind(category):
            yield category[1].rpartition("#")[2].strip().casefold()


def _of_kind(word: str) -> Access:
    if word in _POSTS:
        return PUBLIC
    if kind := _OTHER_KINDS.get(word):
        return Access("not a post", kind)
    return unknown("its kind is not known")


def _drafts(elements: Sequence[Element]) -> Iterator[str]:
    for outer in elements:
        if outer.family == "app":
            yield from (e.text.strip().casefold() for e in outer.within() if e.name == "draft")
