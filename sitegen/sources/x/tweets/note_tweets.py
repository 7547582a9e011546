"""Match long texts (note tweets) with their tweets.

A note tweet has an id of its own that no tweet names. Both were created in the same second, and
the tweet has the beginning of the note: without the note's links, which are shortened anew,
and with the mentions of a reply before it. If a time cannot be read, a long beginning is
needed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from sitegen.sources.x.files.record_types import Note, Tweet
from sitegen.sources.x.files.times import second
from sitegen.sources.x.tweets.full_text import unescape_if_escaped, written_of
from sitegen.sources.x.tweets.tweet_text import lead_of

MIN_LETTERS_ALONE = 200  # nobody writes so much text twice in one second
_SHORT_LINK = re.compile(r"https?://t\.co/\w*")
_SPACE = re.compile(r"\s+")
_CUT = re.compile(r"(?:\s*(?:…|\.\.\.))?(?:\s*\0)*\s*\Z")


def match_notes(tweets: Mapping[str, Tweet], notes: Sequence[Note]) -> dict[str, int]:
    """Return for each tweet the index of its note, if it has one; each note is used once.

    Of several in one second those that share the most are matched first.
    """
    if not notes:  # the case in most archives
        return {}
    by_second: dict[str | None, list[int]] = defaultdict(list)
    for place, note in enumerate(notes):
        by_second[second(note.created_at)].append(place)
    pairs = [
        (-length, tweet_id, place)
        for tweet_id, tweet in tweets.items()
        for place in _candidates(by_second, tweet, len(notes))
        if (length := _shared(tweet, notes[place])) is not None
        and (
            length >= MIN_LETTERS_ALONE
            or second(notes[place].created_at) == second(tweet.created_at)
        )
    ]
    found: dict[str, int] = {}
    used: set[int] = set()
    for _, tweet_id, place in sorted(pairs):
        if tweet_id not in found and place not in used:
            found[tweet_id] = place
            used.add(place)
    return found


def _candidates(
    by_second: Mapping[str | None, Sequence[int]], tweet: Tweet, count: int
) -> Sequence[int]:
    """Return the notes that a tweet may begin: those of its second, and those without a time."""
    is_long = len(written_of(tweet).text) >= MIN_LETTERS_ALONE
    made = second(tweet.created_at)
    if made is None:
        return range(count) if is_long else ()
    return (*by_second.get(made, ()), *(by_second.get(None, ()) if is_long else ()))


def _shared(tweet: Tweet, note: Note) -> int | None:
    """Return how much of a note a tweet has, None if it is not its beginning."""
    text = written_of(tweet).text
    long = _comparable((note.core.text if note.core else None) or "")
    for begun in dict.fromkeys((text, text[len(lead_of(text)) :])):
        whole = _comparable(begun)
        short = _CUT.sub("", whole)
        is_cut = len(short) < len(whole)
        if (
            short
            and long.startswith(short)
            and (is_cut or short == long or len(short) >= MIN_LETTERS_ALONE)
        ):
            return len(short)
    return None


def _comparable(text: str) -> str:
    """Remove from a text what differs between a tweet and its note."""
    return _SPACE.sub(" ", _SHORT_LINK.sub("\0", unescape_if_escaped(text))).strip()
