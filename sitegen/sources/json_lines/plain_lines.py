"""Fast path for plain lines of the exchange format: decode them to a typed value.

A plain line is what `exchange.encode` writes for a post without polls, facets, earlier versions,
posts elsewhere, or extra fields. The general reader handles any other line field by field.
"""

from __future__ import annotations

from msgspec import DecodeError, Struct
from msgspec.json import Decoder

from sitegen import timestamps
from sitegen.model import NO_COUNTS, Author, Card, Count, Counts, Media, Post
from sitegen.text import richtext

Texts = tuple[str, ...] | None


class _Author(Author, frozen=True, forbid_unknown_fields=True):
    """An author without other fields: skipped fields might be wrong."""


class _Counts(Counts, frozen=True, forbid_unknown_fields=True):
    """Counts without other fields."""


class _Card(Card, frozen=True, forbid_unknown_fields=True):
    """A card without other fields."""


class _Media(Media, frozen=True, forbid_unknown_fields=True):
    """A picture without other fields."""


class _PlainLine(Struct, frozen=True, forbid_unknown_fields=True):
    """The fields of a plain line, with their types."""

    id: str
    network: str
    text: str
    thread: str | None = None
    position: Count | None = None
    author: _Author | None = None
    created_at: str | None = None
    reply_to: str | None = None
    repost_of: str | None = None
    quote_of: str | None = None
    links: Texts = None
    mentions: Texts = None
    tags: Texts = None
    cut_links: Texts = None
    media: tuple[_Media, ...] | None = None
    card: _Card | None = None
    warning: str | None = None
    langs: Texts = None
    counts: _Counts | None = None
    url: str | None = None
    uncertain: Texts = None


class PlainLines:
    """Reads plain lines; values that many posts share are created once."""

    def __init__(self) -> None:
        self._decode = Decoder(_PlainLine).decode
        self._authors: dict[_Author | None, Author] = {None: Author()}
        self._langs: dict[Texts, tuple[str, ...]] = {None: ()}

    def read(self, line: bytes) -> tuple[Post, str | None, int] | None:
        """Return a line's post, thread and position; None if it is not plain."""
        try:
            found = self._decode(line)
        except (DecodeError, UnicodeDecodeError):
            return None
        if not found.id.strip() or not found.network.strip():
            return None
        if found.created_at is not None and not timestamps.is_iso(found.created_at):
            return None
        return self._post(found), found.thread, found.position or 0

    def _post(self, line: _PlainLine) -> Post:
        links, mentions, tags = line.links or (), line.mentions or (), line.tags or ()
        return Post(  # positional: keyword arguments take five times as long
            line.id,
            line.network,
            line.text,
            line.created_at,
            self._authors.get(line.author) or self._author(line.author),
            line.reply_to,
            line.repost_of,
            line.quote_of,
            richtext.locate_with_inputs(line.text, links, mentions, tags),
            links,
            mentions,
            tags,
            line.cut_links or (),
            _media(line.media) if line.media else (),
            _card(line.card) if line.card else None,
            None,  # not a poll
            line.warning,
            self._langs.setdefault(line.langs, line.langs or ()),
            _counts(line.counts) if line.counts else NO_COUNTS,
            line.url,
            line.uncertain or (),
        )

    def _author(self, found: _Author | None) -> Author:
        author = Author(found.handle, found.id, found.name) if found else Author()
        return self._authors.setdefault(found, author)


def _media(found: tuple[_Media, ...]) -> tuple[Media, ...]:
    return tuple([Media(m.kind, m.path, m.alt, m.origin) for m in found])


def _card(found: _Card) -> Card:
    return Card(found.title, found.description, found.url)


def _counts(found: _Counts) -> Counts:
    return Counts(found.likes, found.reposts, found.replies, found.quotes)
