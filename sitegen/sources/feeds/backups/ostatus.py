"""Interpret the Atom of OStatus servers (Mastodon before 2019, GNU social)."""

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
    by_words,
    narrowest,
)
from sitegen.sources.feeds.xml.elements import Element, value, words

_SCOPES = {
    "public": PUBLIC,
    "unlisted": Access(visibility="unlisted"),
    "private": Access("not public", "for followers", "followers", "followers"),
    "direct": Access("private message", "", "direct", "direct"),
}
_VERBS = {
    "post": PUBLIC,
    "note": PUBLIC,
    "share": PUBLIC,
    "favorite": Access("not a post", "favourite"),
    "unfavorite": Access("not a post", "favourite"),
    "like": Access("not a post", "favourite"),
    "follow": Access("not a post", "follow"),
    "unfollow": Access("not a post", "follow"),
    "request-friend": Access("not a post", "follow"),
    "authorize": Access("not a post", "follow"),
    "reject": Access("not a post", "follow"),
    "block": Access("not a post", "block"),
    "unblock": Access("not a post", "block"),
    "delete": Access("not a post", "deletion"),
    "join": Access("not a post", "membership"),
    "leave": Access("not a post", "membership"),
    "unshare": Access("not a post", "repost that was undone"),
    "tag": Access("not a post", "tag"),
    "update": Access("not a post", "update"),
    "update-profile": Access("not a post", "profile"),
}
_OTHER_VERB = Access("not a post", "an activity of another kind")
_ORPHAN_SHARE = Access("not a post", "a repost that does not say of what")
# Kinds of objects without a title of their own; a blog's article has one.
_UNTITLED = frozenset(("note", "comment", "activity", "status", "image", "video"))
_SENSITIVE = "nsfw"


def access(elements: Sequence[Element]) -> Access:
    """Return who may see an entry, by its scope, its verb, and the scope of a shared post."""
    objects = _objects(elements)
    scopes = words(elements, "mastodon", "scope")
    inner = [word for shared in objects for word in words(shared.children, "mastodon", "scope")]
    verbs = _last_parts(elements, "verb")
    is_orphan = "share" in verbs and not any(map(_address, objects))
    return narrowest(
        *(_VERBS.get(verb, _OTHER_VERB) for verb in verbs),
        *by_words(_SCOPES, (*scopes, *inner), "its scope is not known"),
        _ORPHAN_SHARE if is_orphan else PUBLIC,
    )


def _last_parts(elements: Sequence[Element], name: str) -> list[str]:
    """Return verbs or types without their namespace, which not all servers write."""
    return [word.rpartition("/")[2].strip() for word in words(elements, "activity", name)]


def complete(item: Item, elements: Sequence[Element]) -> Item:
    """Add the warning and the shared post to an entry, and remove a title that is not one."""
    if not any(element.family in ("activity", "mastodon") for element in elements):
        return item
    shared = next((o for o in _objects(elements) if _address(o)), None)
    kinds = {*_last_parts(elements, "object-type")}
    is_note = bool(kinds) and kinds <= _UNTITLED and item.content is not None
    warning = item.summary.value.strip() if item.summary and item.content else ""
    item = replace(
        item,
        title=None if is_note else item.title,
        warning=warning or item.warning,
        sensitive=item.sensitive or _SENSITIVE in item.tags,
        tags=tuple(tag for tag in item.tags if tag != _SENSITIVE),
    )
    if shared is None or "share" not in _last_parts(elements, "verb"):
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
