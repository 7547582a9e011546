"""A thread's file exactly as sitegen writes it, read in one go: the short way.

Most files of a large archive are such. Anything else gives None, and `thread_file` reads it part
by part, which understands whatever a person may write and says what is wrong.
"""

import re
from functools import lru_cache

from msgspec import UNSET, DecodeError, Struct, UnsetType
from msgspec import json as fast

from sitegen import richtext
from sitegen.content.draft import between
from sitegen.content.stored import Heading, StoredPost
from sitegen.model import Author, Card, Counts, Elsewhere, Media, Post, Version, Visibility

Texts = tuple[str, ...]
Plain = tuple[Heading, tuple[StoredPost, ...]]

_HEAD = re.compile(
    r"""---\n
    title:\ (?P<title>".*")\n
    (?:date:\ (?P<date>".*")\n)?
    network:\ (?P<network>".*")\n
    id:\ (?P<id>".*")\n
    (?:author:\ (?P<handle>".*")\n)?
    (?:account:\ (?P<account>\{.*\})\n)?
    (?:tags:\ (?P<tags>\[.*\])\n)?
    posts:\n(?P<posts>(?:\ \ -\ \{.*\}\n)+)
    (?:written:\ (?P<written>\{.*\})\n)?
    ---\n""",
    re.VERBOSE,
)
_MARKER = "\n<!-- post "


class PostLine(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A post's line; its author is unset where that is the thread's."""

    id: str
    created_at: str | None = None
    author: Author | UnsetType = UNSET
    reply_to: str | None = None
    repost_of: str | None = None
    quote_of: str | None = None
    links: Texts = ()
    mentions: Texts = ()
    tags: Texts = ()
    cut_links: Texts = ()
    media: tuple[Media, ...] = ()
    card: Card | None = None
    warning: str | None = None
    langs: Texts = ()
    counts: Counts = Counts()
    url: str | None = None
    uncertain: Texts = ()
    edited_at: str | None = None
    history: tuple[Version, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    also: tuple[Elsewhere, ...] = ()
    visibility: Visibility | None = None
    vanished: bool = False


_text = fast.Decoder(str).decode
_texts = fast.Decoder(Texts).decode
_lines = fast.Decoder(tuple[PostLine, ...]).decode
_account = fast.Decoder(Author).decode
_encode = fast.Encoder().encode


def read(text: str) -> Plain | None:
    """Return what a thread's front matter says of it, and its posts; None where that is not plain.

    Nothing that is plain is hidden.
    """
    head = _HEAD.match(text)
    if head is None or "\r" in text:
        return None
    try:
        return _read(head, text[head.end() :])
    except (DecodeError, UnicodeEncodeError, RecursionError, KeyError):
        return None


def _read(head: re.Match[str], body: str) -> Plain | None:
    title, date, network, identity, handle, account, tags, listed, written = head.groups()
    lines = _lines("[" + listed[4:-1].replace("\n  - ", ",") + "]")
    bodies = _bodies(body)
    if bodies is None or not len(bodies) == len(lines) == listed.count("\n"):
        return None
    if not _is_exact(listed, _encode(lines)) or (tags is None and '"tags"' in (written or "")):
        return None
    network, author = _text(network), _author(account, handle)
    if author is None or not network or network.isspace() or not _text(identity):
        return None
    words = None if tags is None else tuple([tag.strip() for tag in _texts(tags)])
    heading = Heading(_text(title), _text(date) if date else None, words)
    return heading, tuple([_stored(line, bodies[line.id], network, author) for line in lines])


def _bodies(body: str) -> dict[str, str] | None:
    """Cut a body at its markers; None where something else is before or between them."""
    before, *pieces = body.split(_MARKER)
    bodies: dict[str, str] = {}
    for piece in pieces:
        name, _, text = piece.partition(" -->\n")
        if not (name.isascii() and name.isalnum()) or name in bodies:
            return None
        bodies[name] = text.strip(" \n")
    return None if before else bodies


@lru_cache(maxsize=1_000)
def _author(account: str | None, handle: str | None) -> Author | None:
    """Return the thread's author; None where that is more than plain."""
    name = _text(handle) if handle else None
    if not account:
        return Author(handle=name) if name or handle is None else None
    author = _account(account)
    return author if author != Author() and _is_exact(account, _encode(author)) else None


def _is_exact(written: str, again: bytes) -> bool:
    """Tell whether what was decoded is all that was written: no key is there twice.

    Encoded again it has as many keys. Spaces before a colon would hide one from being counted,
    and an escape might pass for one.
    """
    if '" ' in written or '"\t' in written or "\\u00" in written:
        return False
    return written.count('":') == again.count(b'":')


def _stored(line: PostLine, body: str, network: str, author: Author) -> StoredPost:
    """Turn a line and its Markdown into the post, as `thread_file.stored_post` does."""
    parsed = richtext.from_markdown(body)
    text = parsed.text if parsed else richtext.plain(body)
    facets = parsed.facets if parsed else ()
    links = line.links
    if facets:
        links += tuple([facet.value for facet in facets if facet.value not in links])
    if line.mentions or line.tags:
        located = richtext.locate(text, (), line.mentions, line.tags)
        facets = between(facets, located) if facets else located
    post = Post(
        id=line.id,
        network=network,
        text=text,
        created_at=line.created_at,
        author=author if line.author is UNSET else line.author,
        reply_to=line.reply_to,
        repost_of=line.repost_of,
        quote_of=line.quote_of,
        facets=facets,
        links=links,
        mentions=line.mentions,
        tags=line.tags,
        cut_links=line.cut_links,
        media=line.media,
        card=line.card,
        warning=line.warning,
        langs=line.langs,
        counts=line.counts,
        url=line.url,
        uncertain=line.uncertain,
        edited_at=line.edited_at,
        history=line.history,
        elsewhere=line.elsewhere,
        also=line.also,
        visibility=line.visibility,
        vanished=line.vanished,
    )
    return StoredPost(post, None if parsed else body, False)
