"""What sitegen itself would write for a thread or a profile, part by part.

A part is a front matter key, a field of a post's line, or a post's text. Parts are what a
person may edit, so each is digested and merged alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import lru_cache
from json.encoder import encode_basestring_ascii

from msgspec import Struct

from sitegen import digests, exchange, timestamps
from sitegen.content.format.hiding import HIDE
from sitegen.formats import json_text
from sitegen.model import Author, Facet, Json, Post, Profile, Thread
from sitegen.text import richtext

TITLE_LENGTH = 70
UNPRINTABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
DATE = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)?)?", re.A)
TEXT = "text"
EXTRA = "extra"
OBJECTS = frozenset(("media", "card", "counts", "poll", "history", "elsewhere", "also"))
Parts = dict[str, Json]


class ThreadDraft(Struct, frozen=True):
    """The parts of a thread file: its front matter keys, and those of each post by id.

    Without fields only the posts are of interest: the file is another thread's.
    """

    network: str
    fields: Parts | None
    posts: dict[str, Parts]


def thread_draft(thread: Thread) -> ThreadDraft:
    """Return what a fresh file of this thread holds."""
    root = thread.posts[0]
    author = root.author
    fields: Parts = {
        "title": title_of(root),
        "date": date_of(root.created_at),
        "network": thread.network,
        "id": thread.id,
        **front_of(author),
        "tags": list(dict.fromkeys(tag for post in thread.posts for tag in post.tags)),
    }
    posts = {post.id: post_parts(post, author) for post in thread.posts}
    return ThreadDraft(thread.network, _present(fields), posts)


def post_parts(post: Post, thread_author: Author) -> Parts:
    """Return a post's line, without what is empty or said by the thread, and its text."""
    links = links_in_body(post)
    parts: Parts = exchange.known(post)
    for name in OBJECTS & parts.keys():
        parts[name] = slim(parts[name])
    if links and parts.get("links") == [f.value for f in links]:
        del parts["links"]
    if post.author is not thread_author and post.author != thread_author:
        parts["author"] = slim(account(post.author))
    if unshown := _unshown(post, links):
        parts["facets"] = [_shown(f, post.text) for f in unshown]
    if post.extra:
        parts |= _extra(post)
    parts[TEXT] = richtext.to_markdown(post.text, links)
    return parts


def _extra(post: Post) -> Parts:
    """Return the fields that sitegen has no name for; an export says so of a hidden post."""
    extra = {k: json.loads(v) for k, v in post.extra}
    hidden: Parts = {HIDE: extra.pop(HIDE)} if extra.get(HIDE) is True else {}
    return hidden | {EXTRA: extra} if extra else hidden


def front_of(author: Author) -> Parts:
    """Return what front matter says of the author of a thread."""
    fields: Parts = {
        "author": author.name or author.handle,
        "account": None if author == _named(author) else slim(account(author)),
    }
    return _present(fields)


def _named(author: Author) -> Author:
    """Return what the thread's author key alone says of an author."""
    shown = author.name or author.handle
    return Author(handle=shown or None)


def account(author: Author) -> Parts:
    """Return all that is known of an author."""
    return {"handle": author.handle, "id": author.id, "name": author.name}


def profile_parts(profile: Profile) -> Parts:
    """Return the front matter of a profile's file and its bio."""
    fields: Parts = {
        "title": profile.name or (f"@{profile.handle}" if profile.handle else None),
        "network": profile.network,
        "id": profile.id,
        "handle": profile.handle,
        "name": profile.name,
        "link": profile.url,  # "url" is what other generators take for the page's own address
        "avatar": profile.avatar,
        "followed_by": profile.followed_by,
        "banner": profile.banner,
        "website": profile.website,
        "pronouns": profile.pronouns,
        "pinned": profile.pinned,
        "details": [{"label": label, "text": text} for label, text in profile.details],
        "warning": profile.warning,
    }
    return _present(fields) | {TEXT: richtext.to_markdown(profile.bio, ())}


def title_of(post: Post) -> str:
    """Make a title of what the post shows first: text, warning, card, description."""
    for text in beginnings(post):
        if words := " ".join(printable(text).split()):
            return shortened(words, TITLE_LENGTH)
    if post.repost_of:
        return f"Repost of {_reposted(post)}"
    return f"Post of {post.created_at}" if post.created_at else "Post"


def beginnings(post: Post) -> tuple[str, ...]:
    """Return the texts that a title may be made of, the first that has words."""
    card = post.card.title if post.card else ""
    return (post.warning or "", post.text, card, *[media.alt or "" for media in post.media])


def _reposted(post: Post) -> str:
    """Return whose post it repeats, as far as the source told."""
    authors = (told.author for told in post.elsewhere if told.id == post.repost_of)
    author = next(authors, Author())
    who = f"@{author.handle}" if author.handle else author.name or ""
    return shortened(" ".join(printable(who).split()), TITLE_LENGTH - 10) or "another post"


def date_of(created_at: str | None) -> str | None:
    """Return a time as every reader of front matter takes it (RFC 3339), if it is one.

    The zone may be missing; seconds are there. What the source said exactly is in the post's line.
    """
    when = timestamps.parse(created_at)
    if when is None or DATE.fullmatch(created_at or ""):
        return created_at if when else None
    date = when.isoformat()
    return date if DATE.fullmatch(date) else None


def shortened(words: str, length: int) -> str:
    """Cut at a space where there is one in the last third, and say so with an ellipsis."""
    if len(words) <= length:
        return words
    cut = words[: length - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > length * 2 // 3 else cut).rstrip(" ,;:.–—-") + "…"


def printable(text: str) -> str:
    """Replace what no file, page or feed can hold: lone surrogates, NUL, other controls."""
    return text if text.isprintable() else UNPRINTABLE.sub(_printable, text)


def digest(value: Json) -> str:
    """Return a short fingerprint of a part, blind to spaces at the ends of lines."""
    if isinstance(value, str):
        value = _without_line_ends(value) if "\n" in value else value.rstrip(" \r")
        text = encode_basestring_ascii(value)
    elif isinstance(value, list) and set(map(type, value)) == {str}:
        return _digest_of_texts(tuple(value))
    else:
        text = json_text.canonical(value)
    return digests.of_text(text, 4)


@lru_cache(maxsize=1024)  # most posts of an archive have the same languages
def _digest_of_texts(texts: tuple[str, ...]) -> str:
    return digests.of_text(json_text.canonical(list(texts)), 4)


def _without_line_ends(text: str) -> str:
    return "\n".join([line.rstrip(" \r") for line in text.strip("\n").split("\n")])


def links_in_body(post: Post) -> tuple[Facet, ...]:
    """Return the facets that the Markdown of the text can carry: links to safe places."""
    if not post.facets:
        return ()
    return tuple([f for f in post.facets if f.kind == "link" and richtext.safe_url(f.value)])


def derived_facets(text: str, links: tuple[Facet, ...], record: Parts) -> tuple[Facet, ...]:
    """Return the link facets, and the listed mentions and tags found between them."""
    mentions, tags = record.get("mentions"), record.get("tags")
    if not mentions and not tags:
        return links
    return between(links, richtext.locate(text, (), _texts(mentions), _texts(tags)))


def between(links: tuple[Facet, ...], found: Iterable[Facet]) -> tuple[Facet, ...]:
    """Return the links, and of the found facets those that stand on none of them."""
    free = (f for f in found if not any(f.start < k.end and k.start < f.end for k in links))
    return tuple(sorted((*links, *free)))


def _unshown(post: Post, links: tuple[Facet, ...]) -> tuple[Facet, ...]:
    """Return the facets that reading the file again would not find by itself."""
    if not (post.facets or post.mentions or post.tags):
        return ()
    if isinstance(post.facets, richtext.Located) and post.facets.are_of(post):
        return ()
    found = richtext.locate(post.text, (), post.mentions, post.tags)
    if post.facets == (between(links, found) if links else found):
        return ()
    return tuple([f for f in post.facets if f not in links])


def _shown(facet: Facet, text: str) -> Json:
    """Write a facet with the characters it covers, so that an edit of them is noticed."""
    return {
        "start": facet.start,
        "end": facet.end,
        "kind": facet.kind,
        "value": facet.value,
        "shown": text[facet.start : facet.end],
    }


def _present(parts: Parts) -> Parts:
    return {k: v for k, v in parts.items() if v not in (None, [], {})}


def slim(value: Json) -> Json:
    """Leave unknown sub-fields out of objects, also within lists."""
    if isinstance(value, dict):
        return {k: slim(v) for k, v in value.items() if v is not None}
    if isinstance(value, list):
        return [slim(v) for v in value]
    return value


def _texts(value: Json | None) -> tuple[str, ...]:
    return tuple(str(v) for v in value) if isinstance(value, list) else ()


def _printable(match: re.Match[str]) -> str:
    char = match[0]
    if char == "\0" or char >= "\ud800":
        return "\ufffd"
    return " " if char.isspace() else ""
