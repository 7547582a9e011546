"""The keys of front matter and of posts' lines, and suggestions for misspelt ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sitegen.content.format import front_matter
from sitegen.errors import ContentError
from sitegen.exchange import privacy_words
from sitegen.model import Json
from sitegen.text import spelling

THREAD = frozenset(front_matter.ORDINARY)
PROFILE = frozenset((
    "title", "network", "id", "handle", "name", "link", "url", "avatar", "followed_by", "banner",
    "website", "pronouns", "pinned", "details", "warning", "written",
))  # fmt: skip
DOCUMENT = frozenset(("title", "description", "nav", "date", "template"))
# Keys of Hugo, Jekyll, Eleventy, Pelican, Zola, Astro and their themes, which are not typos.
_OF_OTHERS = frozenset(map(spelling.fold, (
    "alias", "aliases", "audio", "author", "authors", "avatar", "banner", "build", "canonical",
    "canonicalURL", "cascade", "categories", "category", "code", "collection", "comments", "cover",
    "created", "css", "data", "date", "date_gmt", "dates", "description", "details",
    "eleventyExcludeFromCollections", "eleventyNavigation", "emoji", "excerpt", "expiryDate",
    "extra", "featured", "file", "files", "handle", "hashtags", "head", "heading", "headless",
    "hero", "heroImage", "home", "icon", "id", "image", "images", "in_search_index", "index",
    "insert_anchor_links", "js", "keywords", "label", "labels", "lang", "language", "lastmod",
    "lastUpdated", "layout", "license", "link", "links", "linkTitle", "locale", "location",
    "markup", "math", "menu", "menus", "mermaid", "meta", "mode", "model", "modified", "mood",
    "name", "nav", "navigation", "node", "noindex", "note", "notes", "order", "outputs",
    "page_template", "paginate_by", "pagination", "params", "parent", "path", "permalink", "pin",
    "pinned", "place", "post", "pubDate", "publishDate", "published", "redirect_from",
    "redirect_to", "resources", "rights", "robots", "save_as", "section", "sections", "series",
    "show", "sidebar", "site", "sitemap", "sites", "slug", "sort_by", "source", "status", "sticky",
    "subtitle", "summary", "tag", "tags", "taxonomies", "thumbnail", "title", "toc", "topic",
    "topics", "translationKey", "type", "updated", "updatedDate", "url", "version", "videos",
    "warning", "website", "weight",
)))  # fmt: skip
POST = frozenset((
    "id", "author", "created_at", "reply_to", "repost_of", "quote_of", "links", "mentions", "tags",
    "cut_links", "media", "card", "poll", "warning", "sensitive", "langs", "counts", "url",
    "uncertain", "edited_at", "history", "elsewhere", "also", "visibility", "vanished", "facets",
    "extra", "hide", "draft",
))  # fmt: skip
_AUTHOR = frozenset(("handle", "id", "name"))
_OTHER = frozenset(("id", "url", "author", "state", "network"))
_WITHIN = {
    "author": _AUTHOR,
    "media": frozenset(("kind", "path", "alt", "origin", "file", "after")),
    "card": frozenset(("title", "description", "url", "picture")),
    "poll": frozenset(("options", "ends_at", "voters")),
    "options": frozenset(("text", "votes")),
    "counts": frozenset(("likes", "reposts", "replies", "quotes")),
    "history": frozenset(("text", "created_at")),
    "elsewhere": _OTHER,
    "also": _OTHER,
    "facets": frozenset(("start", "end", "kind", "value", "shown")),
}


def refuse_unknown(line: Mapping[str, Json], path: str) -> None:
    """Check that a post's line has no unknown key, nor a misspelt one within another.

    Raises ContentError.
    """
    for key, value in line.items():
        if key not in POST:
            raise _unknown(key, POST, path)
        if key in _WITHIN:
            _refuse_within(key, value, path)


def _refuse_within(key: str, value: Json, path: str) -> None:
    known = _WITHIN[key]
    for item in value if isinstance(value, list) else [value]:
        for name, inner in item.items() if isinstance(item, dict) else ():
            if name not in known and inner not in (None, False):
                _refuse_hiding(name, inner, key, path)
            if name not in known and spelling.find_nearest(name, tuple(sorted(known))):
                raise _unknown(name, known, path, f" of {key}")
            if name in ("author", "options"):
                _refuse_within(name, inner, path)


def _refuse_hiding(name: str, inner: Json, key: str, path: str) -> None:
    """Check that no key is meant to hide part of a post, which is shown or hidden as a whole."""
    if meant := name if name in privacy_words.KEYS else privacy_words.misspelled_key(name, inner):
        what = f"{name!r} within {key!r} hides nothing"
        hint = f"write {meant!r} beside {key!r}, which holds back the whole post."
        raise ContentError(what, path=path, hint=hint)


def _unknown(key: str, known: frozenset[str], path: str, within: str = "") -> ContentError:
    near = spelling.find_nearest(key, tuple(sorted(known)))
    cure = f"write {near!r}" if near else "delete it, or put fields of your own into extra"
    return ContentError(f"{key!r} is no field{within or ' of a post'}", path=path, hint=f"{cure}.")


def find_misspelt(fields: Mapping[str, Json], known: frozenset[str], head: str) -> Iterator[str]:
    """Yield warnings about front matter keys that are similar to one that sitegen reads."""
    unknown = [key for key in fields if key not in known and key not in privacy_words.KEYS]
    words = frozenset(map(spelling.fold, known)) if unknown else ()
    for key in unknown:
        word = spelling.fold(key)
        if word in _OF_OTHERS and word not in words:
            continue
        if near := spelling.find_nearest(key, tuple(sorted(known))):
            line = front_matter.line_of(head, key)
            yield f"{line}: {key!r} is no key that sitegen reads; was {near!r} meant?"
