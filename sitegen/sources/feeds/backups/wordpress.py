"""WordPress's export (WXR): RSS with the state, the type and the password of each item.

https://github.com/WordPress/WordPress/blob/master/wp-admin/includes/export.php
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from sitegen.sources.feeds.items.items import PUBLIC, Access, Item, narrowest, unknown
from sitegen.sources.feeds.items.times import iso
from sitegen.sources.feeds.xml.elements import RESTRICTED, Element, value, words

_POSTS = frozenset(("post", "page"))
_STATES = {
    "publish": PUBLIC,
    "draft": Access("draft"),
    "auto-draft": Access("draft"),
    "pending": Access("draft", "pending review"),
    "future": Access("not public", "scheduled"),
    "private": Access("not public", "private"),
    "trash": Access("not public", "trashed"),
    "inherit": Access("not a post", "a part of another post"),
}
_OTHER_TYPES = {
    "attachment": "attachment",
    "nav_menu_item": "menu item",
    "revision": "revision",
    "custom_css": "style sheet",
    "customize_changeset": "settings",
    "oembed_cache": "cache",
    "user_request": "request",
    "wp_block": "block",
    "wp_global_styles": "styles",
    "wp_navigation": "menu",
    "wp_template": "template",
    "wp_template_part": "template",
    "wp_font_family": "font",
    "wp_font_face": "font",
    "feedback": "form",
}


def access(elements: Sequence[Element], is_export: bool) -> Access:
    """Return who may see an item: everybody, if it is published and has no password."""
    if not is_export and not any(element.family == "wp" for element in elements):
        return PUBLIC
    passwords = words(elements, "wp", "post_password")
    return narrowest(
        *(_of_type(word) for word in words(elements, "wp", "post_type") or ("",)),
        Access("not public", "protected by a password") if any(passwords) else PUBLIC,
        *(of_state(word) for word in words(elements, "wp", "status") or ("",)),
        unknown("a setting restricts who sees it") if words(elements, "wp", RESTRICTED) else PUBLIC,
    )


def _of_type(word: str) -> Access:
    if word in _POSTS:
        return PUBLIC
    if kind := _OTHER_TYPES.get(word):
        return Access("not a post", kind)
    return unknown("its type is not known" if word else "it does not say of which type it is")


def of_state(word: str) -> Access:
    """Return who may see a post with this status."""
    missing = "its status is not known" if word else "it does not say its status"
    return _STATES.get(word) or unknown(missing)


def authors(elements: Sequence[Element]) -> dict[str, str]:
    """Return the display names of the authors of an export by their logins."""
    found = [e for e in elements if e.family == "wp" and e.name == "author"]
    names = [(e.child("author_login"), e.child("author_display_name")) for e in found]
    return {
        login.text.strip(): name.text.strip()
        for login, name in names
        if login and name and name.text.strip() and "@" not in name.text
    }


def complete(item: Item, elements: Sequence[Element], names: Mapping[str, str]) -> Item:
    """Add the times and the author's name of the export to an item."""
    published = [item.published, _utc(elements, "post_date_gmt"), _local(elements, "post_date")]
    login = (item.author.name if item.author else None) or ""
    return replace(
        item,
        published=next((time for time in published if iso(time)), item.published),
        updated=item.updated or _utc(elements, "post_modified_gmt"),
        author=replace(item.author, name=names[login])
        if item.author and login in names
        else item.author,
        tags=tuple(tag for tag in item.tags if not tag.startswith("post-format-")),
    )


def _local(elements: Sequence[Element], name: str) -> str | None:
    """Return a time as WordPress writes it; its null date is None."""
    text = value(elements, "wp", name).replace(" ", "T", 1)
    return text if iso(text) else None


def _utc(elements: Sequence[Element], name: str) -> str | None:
    text = _local(elements, name)
    return f"{text}Z" if text else None
