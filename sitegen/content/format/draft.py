"""Drafts: what sitegen itself would write for a thread or a profile, part by part.

A part is a front matter key, a field of a post's line, or a post's text. A person may edit any
part, so each is digested and merged separately.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import lru_cache
from json.encoder import encode_basestring_ascii

from msgspec import Struct

from sitegen import digests, exchange, timestamps
from sitegen.content.format.hiding import CLOSED, HIDE
from sitegen.content.post_media import media_parts
from sitegen.content.post_media.media_parts import MEDIA
from sitegen.formats import json_text
from sitegen.model import Author, Facet, Json, Post, Profile, Thread
from sitegen.text import richtext
from sitegen.text.printing import printable as printable

TITLE_LENGTH = 70
DIGEST_BYTES = 8
DATE = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)?)?", re.A)
TEXT = "text"
EXTRA = "extra"
OBJECTS = frozenset(("media", "card", "counts", "poll", "history", "elsewhere", "also"))
Parts = dict[str, Json]


class ThreadDraft(Struct, frozen=True):
    """The parts of a thread file: its front matter keys, and those of each post by id.

    Without fields only the posts matter: the front matter is that of another thread.
    """

    network: str
    fields: Parts | None
    posts: dict[str, Parts]


def thread_draft(thread: Thread) -> ThreadDraft:
    """Draft a new file for a thread."""
    root = thread.posts[0]
    author = root.author
    fields: Parts = {
        "title": title_of(root),
        "date": date_of(root.created_at),
        "network": thread.network,
        "id": thread.id,
        **author_fields(author),
        "tags": list(dict.fromkeys(tag for post in thread.posts for tag in post.tags)),
    }
    posts = {post.id: post_parts(post, author) for post in thread.posts}
    return ThreadDraft(thread.network, _drop_empty(fields), posts)


def post_parts(post: Post, thread_author: Author) -> Parts:
    """Return a post's text and its line, without what is empty or in the front matter."""
    links = links_in_body(post)
    parts: Parts = exchange.known(post)
    for name in OBJECTS & parts.keys():
        parts[name] = drop_null(parts[name])
    if MEDIA in parts:
        parts = media_parts.insert(parts, parts[MEDIA])
    if links and parts.get("links") == [f.value for f in links]:
        del parts["links"]
    if post.author is not thread_author and post.author != thread_author:
        parts["author"] = drop_null(account(post.author))
    if unlocated := _unlocated_facets(post, links):
        parts["facets"] = [_encode_facet(f, post.text) for f in unlocated]
    if post.visibility in CLOSED:
        parts[HIDE] = False  # an import has such posts only if an option asked for them
    if post.extra:
        parts |= _extra(post)
    parts[TEXT] = richtext.to_markdown(post.text, links)
    return parts


def _extra(post: Post) -> Parts:
    """Return the fields unknown to sitegen, and `hide` if an export marked the post as hidden."""
    extra = {k: json.loads(v) for k, v in post.extra}
    hidden: Parts = {HIDE: extra.pop(HIDE)} if extra.get(HIDE) is True else {}
    return hidden | {EXTRA: extra} if extra else hidden


def author_fields(author: Author) -> Parts:
    """Return the front matter of a thread's author."""
    fields: Parts = {
        "author": author.name or author.handle,
        "account": None if author == _author_of_name(author) else drop_null(account(author)),
    }
    return _drop_empty(fields)


def _author_of_name(author: Author) -> Author:
    """Return what the author key of front matter alone says of an author."""
    shown = author.name or author.handle
    return Author(handle=shown or None)


def account(author: Author) -> Parts:
    """Return all fields of an author."""
    return {"handle": author.handle, "id": author.id, "name": author.name}


def profile_parts(profile: Profile) -> Parts:
    """Return the front matter of a profile's file and its bio."""
    fields: Parts = {
        "title": profile.name or (f"@{profile.handle}" if profile.handle else None),
        "network": profile.network,
        "id": profile.id,
        "handle": profile.handle,
        "name": profile.name,
        "link": profile.url,  # other generators use "url" for the page's own address
        "avatar": profile.avatar,
        "followed_by": profile.followed_by,
        "banner": profile.banner,
        "website": profile.website,
        "pronouns": profile.pronouns,
        "pinned": profile.pinned,
        "details": [{"label": label, "text": text} for label, text in profile.details],
        "warning": profile.warning,
    }
    return _drop_empty(fields) | {TEXT: richtext.to_markdown(profile.bio, ())}


def title_of(post: Post) -> str:
    """Make a title from the first of warning, text, card and descriptions that has words."""
    for text in filter(None, title_candidates(post)):
        if words := " ".join(printable(text).split()):
            return shorten(words, TITLE_LENGTH)
    return title_without_words(post)


def title_without_words(post: Post) -> str:
    """Make a title from what is known of a post: whom it repeats, else its date."""
    if post.repost_of:
        return f"Repost of {reposted_author(post) or 'another post'}"
    return f"Post of {post.created_at}" if post.created_at else "Post"


def title_candidates(post: Post) -> tuple[str, ...]:
    """Return the texts of which the first one with words becomes the title.

    What describes sensitive media is closed as they are.
    """
    card = post.card.title if post.card else ""
    alts = () if post.sensitive else [media.alt or "" for media in post.media]
    return (post.warning or "", post.text, card, *alts)


def reposted_author(post: Post) -> str:
    """Return the author of the reposted post, as far as the source states it."""
    authors = (original.author for original in post.elsewhere if original.id == post.repost_of)
    author = next(authors, Author())
    who = f"@{author.handle}" if author.handle else author.name or ""
    return shorten(" ".join(printable(who).split()), TITLE_LENGTH - 10)


def date_of(created_at: str | None) -> str | None:
    """Return a time in the form that every front matter reader accepts (RFC 3339), if valid.

    The zone may be missing; seconds are present. The source's exact value is in the post's line.
    """
    when = timestamps.parse(created_at)
    if when is None or DATE.fullmatch(created_at or ""):
        return created_at if when else None
    date = when.isoformat()
    return date if DATE.fullmatch(date) else None


def shorten(words: str, length: int) -> str:
    """Truncate with an ellipsis, at a space if there is one in the last third."""
    if len(words) <= length:
        return words
    cut = words[: length - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > length * 2 // 3 else cut).rstrip(" ,;:.–—-") + "…"


def digest(value: Json, size: int = DIGEST_BYTES) -> str:
    """Return a short digest of a part, ignoring spaces at the ends of lines."""
    if isinstance(value, str):
        value = _without_line_ends(value) if "\n" in value else value.rstrip(" \r")
        text = encode_basestring_ascii(value)
    elif isinstance(value, list) and set(map(type, value)) == {str}:
        return _digest_of_texts(tuple(value), size)
    else:
        text = json_text.canonical(value)
    return digests.hash_text(text, size)


@lru_cache(maxsize=1024)  # most posts of an archive have the same languages
def _digest_of_texts(texts: tuple[str, ...], size: int) -> str:
    return digests.hash_text(json_text.canonical(list(texts)), size)


def _without_line_ends(text: str) -> str:
    return "\n".join([line.rstrip(" \r") for line in text.strip("\n").split("\n")])


def links_in_body(post: Post) -> tuple[Facet, ...]:
    """Return the facets that can be Markdown links in the text: links to safe URLs."""
    if not post.facets:
        return ()
    return tuple([f for f in post.facets if f.kind == "link" and richtext.is_safe_url(f.value)])


def derived_facets(text: str, links: tuple[Facet, ...], record: Parts) -> tuple[Facet, ...]:
    """Return the links, and the record's mentions and tags located in the text between them."""
    mentions, tags = record.get("mentions"), record.get("tags")
    if not mentions and not tags:
        return links
    return merge_facets(links, richtext.locate(text, (), _texts(mentions), _texts(tags)))


def merge_facets(links: tuple[Facet, ...], candidates: Iterable[Facet]) -> tuple[Facet, ...]:
    """Return the links, and those of the other facets that overlap none of them."""
    free = (f for f in candidates if not any(f.start < k.end and k.start < f.end for k in links))
    return tuple(sorted((*links, *free)))


def _unlocated_facets(post: Post, links: tuple[Facet, ...]) -> tuple[Facet, ...]:
    """Return the facets that could not be located again when the file is read."""
    if not (post.facets or post.mentions or post.tags):
        return ()
    if isinstance(post.facets, richtext.LocatedFacets) and post.facets.belong_to(post):
        return ()
    found = richtext.locate(post.text, (), post.mentions, post.tags)
    if post.facets == (merge_facets(links, found) if links else found):
        return ()
    return tuple([f for f in post.facets if f not in links])


def _encode_facet(facet: Facet, text: str) -> Json:
    """Encode a facet with the characters it covers, so that an edit of them is noticed."""
    return {
        "start": facet.start,
        "end": facet.end,
        "kind": facet.kind,
        "value": facet.value,
        "shown": text[facet.start : facet.end],
    }


def _drop_empty(parts: Parts) -> Parts:
    return {k: v for k, v in parts.items() if v not in (None, [], {})}


def as_object(value: Json | None) -> Parts:
    """Return a value that should be an object; an empty one if it is not."""
    return value if isinstance(value, dict) else {}


def drop_null(value: Json) -> Json:
    """Remove null fields from objects, also within lists."""
    if isinstance(value, dict):
        return {k: drop_null(v) for k, v in value.items() if v is not None}
    if isinstance(value, list):
        return [drop_null(v) for v in value]
    return value


def _texts(value: Json | None) -> tuple[str, ...]:
    return tuple(str(v) for v in value) if isinstance(value, list) else ()
