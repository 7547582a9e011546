"""Match long texts (note tweets) with their tweets.

A note tweet has an id of its own that no tweet names. Both were created in the same second, and
the tweet has the beginning of the note, with other short links and, in a reply, after its
mentions. If a time cannot be read, the common beginning must be long.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from sitegen.sources.x.files.record_types import Note, Tweet
from sitegen.sources.x.files.times import second
from sitegen.sources.x.tweets.full_text import source_text_of, unescape_if_escaped
from sitegen.sources.x.tweets.tweet_text import lead_of

MIN_LETTERS_ALONE = 200  # nobody writes so much text twice in one second
_SHORT_LINK = re.compile(r"https?://t\.co/\w*")
_SPACE = re.compile(r"\s+")
_CUT = re.compile(r"(?:\s*(?:…|\.\.\.))?(?:\s*\0)*\s*\Z")


def match_notes(tweets: Mapping[str, Tweet], notes: Sequence[Note]) -> dict[str, int]:
    """Return the index of each tweet's note; each note is used once.

    Pairs with the longest common beginning are matched first.
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
        if (length := _common_length(tweet, notes[place])) >= MIN_LETTERS_ALONE
        or (length and second(notes[place].created_at) == second(tweet.created_at))
    ]
    matches: dict[str, int] = {}
    used: set[int] = set()
    for _, tweet_id, place in sorted(pairs):
        if tweet_id not in matches and place not in used:
            matches[tweet_id] = place
            used.add(place)
    return matches


def _candidates(
    by_second: Mapping[str | None, Sequence[int]], tweet: Tweet, count: int
) -> Sequence[int]:
    """Return the notes that may be a tweet's: those of its second, and those without a time."""
    is_long = len(source_text_of(tweet).text) >= MIN_LETTERS_ALONE
    time_of_tweet = second(tweet.created_at)
    if time_of_tweet is None:
        return range(count) if is_long else ()
    return (*by_second.get(time_of_tweet, ()), *(by_second.get(None, ()) if is_long else ()))


def _common_length(tweet: Tweet, note: Note) -> int:
    """Return the length of a note's beginning in a tweet; 0 if the tweet is not its beginning."""
    text = source_text_of(tweet).text
    long = _normalise((note.core.text if note.core else None) or "")
    for begun in dict.fromkeys((text, text[len(lead_of(text)) :])):
        whole = _normalise(begun)
        short = _CUT.sub("", whole)
        is_cut = len(short) < len(whole)
        is_enough = is_cut or short == long or len(short) >= MIN_LETTERS_ALONE
        if short and is_enough and long.startswith(short):
            return len(short)
    return 0


def _normalise(text: str) -> str:
    """Remove what differs between a tweet and its note."""
    return _SPACE.sub(" ", _SHORT_LINK.sub("\0", unescape_if_escaped(text))).strip()
