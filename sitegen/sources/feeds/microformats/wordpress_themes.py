"""Exclude posts by the states that WordPress themes put into the classes of their elements.

A logged-in user sees private posts and drafts among the others, and so does a saved page.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sitegen.sources import Exclusion
from sitegen.sources.feeds.backups.wordpress import access_of_state
from sitegen.sources.feeds.items.items import Access

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

_ENTRY = re.compile(r"h-?entry", re.IGNORECASE)
_STATE = "status-"
_PASSWORD_CLASSES = frozenset(("post-password-required", "post-password-protected"))


def remove_closed(page: BeautifulSoup) -> list[Exclusion]:
    """Remove entries that are not public from a page; return their exclusions."""
    exclusions: list[Exclusion] = []
    for entry in page.find_all(class_=_ENTRY):
        access = _access(entry) if entry.parent is not None else None
        if access and access.reason:
            entry.decompose()
            record = f"hentry {len(exclusions) + 1}"
            exclusions.append(Exclusion(record, access.reason, access.detail))
    return exclusions


def _access(entry: Tag) -> Access | None:
    """Return who may see an entry, by its classes; None if they do not say."""
    classes = [name.casefold() for name in entry.get_attribute_list("class") if name]
    if _PASSWORD_CLASSES.intersection(classes):
        return Access("not public", "protected by a password")
    is_post = any(name.startswith(("post-", "type-")) for name in classes)
    states = [name.removeprefix(_STATE) for name in classes if name.startswith(_STATE)]
    return access_of_state(states[0]) if is_post and states else None
