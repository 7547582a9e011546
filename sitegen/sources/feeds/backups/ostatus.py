"""Atom of OStatus servers (Mastodon before 2019, GNU social): the activity, and who may see it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from sitegen.model import Author
from sitegen.sources.feeds.items.items import (
    PUBLIC,
    Access,
    Item,
    Reference,
    Writing,
    narrowest,
    unknown,
)
from sitegen.sources.feeds.xml.elements import Element, value, words

_SCOPES = {
    "public": PUBLIC,
    "unlisted": Access(visibility="unlisted"),
    "private": Access("not public", "for followers", "followers", "followers"),
    "direct": Access("private message", "", "direct", "direct"),
}
_POSTS = frozenset(("post", "note", "share"))
_OTHER_VERBS = {
    "favorite": "favourite",
    "unfavorite": "favourite",
    "like": "favourite",
    "follow": "follow",
    "unfollow": "follow",
    "request-friend": "follow",
    "authorize": "follow",
    "reject": "follow",
    "block": "block",
    "unblock": "block",
    "delete": "deletion",
    "join": "membership",
    "leave": "membership",
    "unshare": "repost that was undone",
    "tag": "tag",
    "update": "update",
    "update-profile": "profile",
}
# Kinds of objects without a title of their own; a blog's article has one.
_UNTITLED = frozenset(("note", "comment", "activity", "status", "image", "video"))
_SENSITIVE = "nsfw"


def access(elements: Sequence[Element]) -> Access:
    """Return who may see an entry, by its scope, its verb, and the scope of a shared post."""
    objects = _objects(elements)
    scopes = words(elements, "mastodon", "scope")
    inner = [word for shared in objects for word in words(shared.children, "mastodon", "scope")]
    verbs = words(elements, "activity", "verb")
    return narrowest(
        *(_of_verb(word.rpartition("/")[2].strip()) for word in verbs),
        *(_SCOPES.get(word) or unknown("its scope is not known") for word in (*scopes, *inner)),
        _incomplete(verbs, objects),
    )


def _of_verb(word: str) -> Access:
    if word in _POSTS:
        return PUBLIC
    return Access("not a post", _OTHER_VERBS.get(word, "an activity of another kind"))


def _incomplete(verbs: Sequence[str], objects: Sequence[Element]) -> Access:
    is_share = any(verb.rpartition("/")[2].strip() == "share" for verb in verbs)
    if is_share and not any(_address(shared) for shared in objects):
        return Access("not a post", "a repost that does not say of what")
    return PUBLIC


def complete(item: Item, elements: Sequence[Element]) -> Item:
    """Add the warning and the shared post to an entry, and remove a title that is not one."""
    if not any(element.family in ("activity", "mastodon") for element in elements):
        return item
    shared = next((o for o in _objects(elements) if _address(o)), None)
    verbs = [word.rpartition("/")[2].strip() for word in words(elements, "activity", "verb")]
    types = words(elements, "activity", "object-type")
    kinds = {word.rpartition("/")[2].strip() for word in types}
    is_note = bool(kinds) and kinds <= _UNTITLED and item.content is not None
    warning = item.summary.value.strip() if item.summary and item.content else ""
    is_sensitive = _SENSITIVE in item.tags
    item = replace(
        item,
        title=None if is_note else item.title,
        warning=warning or item.warning or ("Sensitive media" if is_sensitive else None),
        tags=tuple(tag for tag in item.tags if tag != _SENSITIVE),
    )
    if shared is None or "share" not in verbs:
        return item
    return replace(
        item,
        title=None,
        content=_content(shared) or item.content,
        repost_of=Reference(_address(shared) or "", _author(shared)),
        reply_to=None,
    )


def _objects(elements: Sequence[Element]) -> list[Element]:
    return [e for e in elements if e.family == "activity" and e.name == "object"]


def _address(shared: Element) -> str | None:
    """Return the address of a shared post, or its id if it has none."""
    links = [e.attributes for e in shared.children if e.name == "link"]
    pages = [a.get("href") for a in links if a.get("rel", "alternate") == "alternate"]
    identity = shared.child("id")
    candidates = (identity.text.strip() if identity else "", *(page or "" for page in pages))
    urls = [url for url in candidates if url.startswith(("http://", "https://"))]
    return next(iter(urls), None) or next(filter(None, candidates), None)


def _author(shared: Element) -> Author:
    author = shared.child("author")
    if author is None:
        return Author()
    url = value(author.children, "", "uri") or value(author.children, "", "id")
    return Author(id=url or None, name=value(author.children, "", "name") or None)


def _content(shared: Element) -> Writing | None:
    content = shared.child("content")
    if content is None or not content.text.strip():
        return None
    return Writing(content.text, content.attributes.get("type") == "html")
