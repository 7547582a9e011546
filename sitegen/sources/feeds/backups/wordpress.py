"""Interpret WordPress's export (WXR): RSS with each item's state, type and password.

https://github.com/WordPress/WordPress/blob/master/wp-admin/includes/export.php
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from sitegen.sources.feeds.items.items import PUBLIC, Access, Item, by_words, narrowest, unknown
from sitegen.sources.feeds.items.times import iso
from sitegen.sources.feeds.xml.elements import RESTRICTED, Element, value, words

_STATES = {
    "publish": PUBLIC,
    "draft": Access("draft"),
    "auto-draft": Access("draft"),
    "pending": Access("draft", "pending review"),
    "future": Access("not public", "scheduled"),
    "private": Access("not public", "private"),
    "trash": Access("not public", "trashed"),
    "inherit": Access("not a post", "a part of another post"),
    "": unknown("it does not say its status"),
}
_TYPES = {
    "post": PUBLIC,
    "page": PUBLIC,
    "": unknown("it does not say of which type it is"),
    "attachment": Access("not a post", "attachment"),
    "nav_menu_item": Access("not a post", "menu item"),
    "revision": Access("not a post", "revision"),
    "custom_css": Access("not a post", "style sheet"),
    "customize_changeset": Access("not a post", "settings"),
    "oembed_cache": Access("not a post", "cache"),
    "user_request": Access("not a post", "request"),
    "wp_block": Access("not a post", "block"),
    "wp_global_styles": Access("not a post", "styles"),
    "wp_navigation": Access("not a post", "menu"),
    "wp_template": Access("not a post", "template"),
    "wp_template_part": Access("not a post", "template"),
    "wp_font_family": Access("not a post", "font"),
    "wp_font_face": Access("not a post", "font"),
    "feedback": Access("not a post", "form"),
}


def access(elements: Sequence[Element], is_export: bool) -> Access:
    """Return who may see an item: everybody, if it is published and has no password."""
    if not is_export and not any(element.family == "wp" for element in elements):
        return PUBLIC
    passwords = words(elements, "wp", "post_password")
    return narrowest(
        *by_words(_TYPES, words(elements, "wp", "post_type") or ("",), "its type is not known"),
        Access("not public", "protected by a password") if any(passwords) else PUBLIC,
        *map(access_of_state, words(elements, "wp", "status") or ("",)),
        unknown("a setting restricts who sees it") if words(elements, "wp", RESTRICTED) else PUBLIC,
    )


def access_of_state(word: str) -> Access:
    """Return who may see a post with this status."""
    return _STATES.get(word) or unknown("its status is not known")


def authors(elements: Sequence[Element]) -> dict[str, str]:
    """Return the display names of an export's authors, by their logins."""
    people = [e.children for e in elements if e.family == "wp" and e.name == "author"]
    names = {value(p, "wp", "author_login"): value(p, "wp", "author_display_name") for p in people}
    return {login: name for login, name in names.items() if login and name and "@" not in name}


def complete(item: Item, elements: Sequence[Element], names: Mapping[str, str]) -> Item:
    """Add the times and the author's name of the export to an item."""
    published = [item.published, _utc(elements, "post_date_gmt"), _local(elements, "post_date")]
    author = item.author
    if author and (name := names.get(author.name or "")):
        author = replace(author, name=name)
    return replace(
        item,
        published=next((time for time in published if iso(time)), item.published),
        updated=item.updated or _utc(elements, "post_modified_gmt"),
        author=author,
        tags=tuple(tag for tag in item.tags if not tag.startswith("post-format-")),
    )


def _local(elements: Sequence[Element], name: str) -> str | None:
    """Return a time as WordPress writes it; None for its null date."""
    text = value(elements, "wp", name).replace(" ", "T", 1)
    return text if iso(text) else None


def _utc(elements: Sequence[Element], name: str) -> str | None:
    text = _local(elements, name)
    return f"{text}Z" if text else None
