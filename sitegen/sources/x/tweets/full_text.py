"""The full text of a tweet's record: its text and entities, the longest that is there.

Before 2018 an archive has the original of a retweet, and API responses have the full text of
a tweet that they cut: the longer text completes the record.
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
    identity,
)

RETWEET = re.compile(r"RT @(\w{1,20}): ?")
_ESCAPE = re.compile(r"&(amp|lt|gt);")
_BARE = re.compile(r"[<>]|&(?!(?:amp|lt|gt);)")
_CUT_ESCAPE = re.compile(r"&(?:a|am|amp|l|lt|g|gt)?\s*…?\Z")
_ESCAPED = {"amp": "&", "lt": "<", "gt": ">"}


class Written(Struct, frozen=True):
    """A text as in the archive, its entities, and how to undo its escapes."""

    text: str
    entities: Entities
    media: tuple[Medium, ...]
    undo: Callable[[str], str]


def written_of(tweet: Tweet) -> Written:
    """Return the longest text of a tweet's own record."""
    original = tweet.retweeted_status
    if original and (text := _text_of(original)) and (handle := reposted(tweet)):
        return _repeated(tweet, original, text, handle)
    extended = tweet.extended_tweet
    if extended and extended.full_text and tweet.full_text is None:
        entities = extended.entities or tweet.entities or Entities()
        return Written(extended.full_text, entities, media_of(tweet), unescape)
    text = _text_of(tweet) or ""
    return Written(text, tweet.entities or Entities(), media_of(tweet), _undo(tweet, text))


def reposted(tweet: Tweet) -> str | None:
    """Return the handle of a retweet's original author, None if it is not a retweet."""
    retweet = RETWEET.match(_text_of(tweet) or "")
    if retweet:
        return retweet[1]
    original = tweet.retweeted_status
    is_stated = original and identity(original.id_str, original.id)
    return original.user.screen_name if original and is_stated and original.user else None


def media_of(tweet: Tweet) -> tuple[Medium, ...]:
    """Return a tweet's media in their order: the extended entities have all of them."""
    for record in (tweet, tweet.extended_tweet, tweet.retweeted_status):
        if record:
            extended = record.extended_entities.media if record.extended_entities else None
            if found := extended or (record.entities.media if record.entities else None):
                return found
    return ()


def unescape(text: str) -> str:
    """Undo the three escapes that X writes, each once."""
    return _ESCAPE.sub(lambda m: _ESCAPED[m[1]], text) if "&" in text else text


def unescape_if_escaped(text: str) -> str:
    """Undo the escapes of a text that may have none: a bare character shows that it has none."""
    return text if _BARE.search(text) else unescape(text)


def escape(text: str) -> str:
    """Escape a text that may have been escaped already."""
    text = unescape_if_escaped(text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _text_of(record: Tweet | Original) -> str | None:
    return record.full_text if record.full_text is not None else record.text


def _undo(record: Tweet | Original, text: str) -> Callable[[str], str]:
    """Return how to undo a text's escapes: `full_text` has them always, `text` not always."""
    is_bare = record.full_text is None and _BARE.search(_CUT_ESCAPE.sub("", text))
    return _as_it_is if is_bare else unescape


def _as_it_is(text: str) -> str:
    return text


def _repeated(tweet: Tweet, original: Original, text: str, handle: str) -> Written:
    """Return a repost with the full text of its original."""
    begin = f"RT @{handle}: "
    names = (tweet.entities.user_mentions if tweet.entities else None) or ()
    own = tuple(m for m in names if (m.screen_name or "").casefold() == handle.casefold())[:1]
    inner = original.entities or Entities()
    shift = len(begin)
    return Written(
        begin + text,
        Entities(
            urls=tuple(
                Url(u.url, u.expanded_url, _moved(u.indices, shift)) for u in inner.urls or ()
            ),
            user_mentions=(
                *(own or (Mention(handle, indices=(3, 4 + len(handle))),)),
                *(
                    Mention(m.screen_name, m.name, m.id_str, _moved(m.indices, shift))
                    for m in inner.user_mentions or ()
                ),
            ),
            hashtags=tuple(Tag(t.text, _moved(t.indices, shift)) for t in inner.hashtags or ()),
            media=inner.media,
        ),
        media_of(tweet),
        _undo(original, text),
    )


def _moved(place: Place, by: int) -> Place:
    return tuple(number + by for number in place) if place else place
