"""Find the longest text in a tweet's record, and its entities.

Archives before 2018 have the originals of retweets, and API responses have the full text beside
the one that they cut.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec import Struct

from sitegen.sources.x.files.record_types import (
    Entities,
    Medium,
    Mention,
    Original,
    Place,
    Tag,
    Tweet,
    Url,
    id_of,
)
from sitegen.threads.kinds import RETWEET

_ESCAPE = re.compile(r"&(amp|lt|gt);")
_BARE = re.compile(r"[<>]|&(?!(?:amp|lt|gt);)")
_CUT_ESCAPE = re.compile(r"&(?:a|am|amp|l|lt|g|gt)?\s*…?\Z")
_ESCAPED = {"amp": "&", "lt": "<", "gt": ">"}


class SourceText(Struct, frozen=True):
    """A text as in the archive, its entities, and the function that undoes its escapes."""

    text: str
    entities: Entities
    media: tuple[Medium, ...]
    undo: Callable[[str], str]


def source_text_of(tweet: Tweet) -> SourceText:
    """Return the longest text in a tweet's record."""
    original = tweet.retweeted_status
    if original and (text := _text_of(original)) and (handle := reposted_handle(tweet)):
        return _with_original(tweet, original, text, handle)
    extended = tweet.extended_tweet
    if extended and extended.full_text and tweet.full_text is None:
        entities = extended.entities or tweet.entities or Entities()
        return SourceText(extended.full_text, entities, media_of(tweet), unescape)
    text = _text_of(tweet) or ""
    return SourceText(text, tweet.entities or Entities(), media_of(tweet), _undo(tweet, text))


def reposted_handle(tweet: Tweet) -> str | None:
    """Return the handle of a retweet's original author, None if it is not a retweet."""
    retweet = RETWEET.match(_text_of(tweet) or "")
    if retweet:
        return retweet[1]
    original = tweet.retweeted_status
    return original.user.screen_name if original and id_of(original) and original.user else None


def media_of(tweet: Tweet) -> tuple[Medium, ...]:
    """Return a tweet's media in their order: the extended entities have all of them."""
    for record in (tweet, tweet.extended_tweet, tweet.retweeted_status):
        if record:
            extended = record.extended_entities.media if record.extended_entities else None
            if media := extended or (record.entities.media if record.entities else None):
                return media
    return ()


def unescape(text: str) -> str:
    """Undo the three escapes that X writes."""
    return _ESCAPE.sub(lambda m: _ESCAPED[m[1]], text) if "&" in text else text


def unescape_if_escaped(text: str) -> str:
    """Undo a text's escapes, unless a bare character shows that it has none."""
    return text if _BARE.search(text) else unescape(text)


def escape(text: str) -> str:
    """Escape a text that may have been escaped already."""
    text = unescape_if_escaped(text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _text_of(record: Original) -> str | None:
    return record.full_text if record.full_text is not None else record.text


def _undo(record: Original, text: str) -> Callable[[str], str]:
    """Return the function that undoes a text's escapes: `full_text` has them, `text` may not."""
    is_bare = record.full_text is None and _BARE.search(_CUT_ESCAPE.sub("", text))
    return str if is_bare else unescape


def _with_original(tweet: Tweet, original: Original, text: str, handle: str) -> SourceText:
    """Return a retweet with the full text of its original."""
    begin = f"RT @{handle}: "
    names = (tweet.entities.user_mentions if tweet.entities else None) or ()
    own = tuple(m for m in names if (m.screen_name or "").casefold() == handle.casefold())[:1]
    inner = original.entities or Entities()
    shift = len(begin)
    return SourceText(
        begin + text,
        Entities(
            urls=tuple(
                Url(u.url, u.expanded_url, _shift(u.indices, shift)) for u in inner.urls or ()
            ),
            user_mentions=(
                *(own or (Mention(handle, indices=(3, 4 + len(handle))),)),
                *(
                    Mention(m.screen_name, m.name, m.id_str, _shift(m.indices, shift))
                    for m in inner.user_mentions or ()
                ),
            ),
            hashtags=tuple(Tag(t.text, _shift(t.indices, shift)) for t in inner.hashtags or ()),
            media=inner.media,
        ),
        media_of(tweet),
        _undo(original, text),
    )


def _shift(place: Place, by: int) -> Place:
    return tuple(number + by for number in place) if place else place
