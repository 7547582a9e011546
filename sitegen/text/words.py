"""The words of a text, to find out whether two texts share one however it is written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

# Scripts without spaces between words: Thai, Lao, Tibetan, Burmese, Khmer, New Tai Lue, Tai Tham,
# Javanese, kana, Chinese characters. In these, each short run of characters may be a word.
_WITHOUT_SPACES = re.compile(
    "[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\u3005-\u3007\u3040-\u30ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua980-\ua9df\uaa60-\uaadf\uf900-\ufaff\U00020000-\U0003ffff]+"
)
_LONGEST_RUN = 3
_ENDING = re.compile(r"(?<=\w)['\u2019\u02bc](?:s|t|d|m|ll|re|ve)\b", re.IGNORECASE)
_TIME = re.compile(r"(?<=\d)[Tt](?=\d)")
_HUMP = re.compile(r"(?<=[^\W\d_])(?=[^\W\d_])")
_OF_WORDS = frozenset("LN")


def words(text: str) -> list[str]:
    """Return the words of a text in its order, without case; symbols such as emoji are words."""
    return [word for token in _tokens(text) for word in _split(token.casefold())]


def parts(text: str) -> Iterator[str]:
    """Yield the words within words that are joined by capitals, as tags are: HeronLake."""
    for token in _tokens(text):
        pieces = _split_at_humps(token)
        if len(pieces) > 1:
            yield from (piece.casefold() for piece in pieces)


def joined(found: Sequence[str], most: int) -> Iterator[str]:
    """Yield runs of two words or more, up to so many, written as one: heronlake."""
    for size in range(2, most + 1):
        for at in range(len(found) - size + 1):
            yield "".join(found[at : at + size])


@lru_cache(maxsize=10_000)
def plain(word: str) -> str:
    """Return a word without accents."""
    letters = unicodedata.normalize("NFKD", word)
    return "".join([c for c in letters if unicodedata.category(c)[0] != "M"])


def squeezed(text: str) -> str:
    """Return all letters, digits and symbols of a text, without case, accents and spaces."""
    return "".join([plain(token.casefold()) for token in _tokens(text)])


def _tokens(text: str) -> Iterator[str]:
    """Yield the runs of letters and digits of a text, and each symbol."""
    text = unicodedata.normalize("NFKC", _TIME.sub(" ", _ENDING.sub("", text)))
    token = ""
    for char in text:
        kind = unicodedata.category(char)
        if kind[0] in _OF_WORDS or (kind[0] == "M" and token):
            token += char
        elif kind != "Cf":  # those are invisible and join what is around them
            if token:
                yield token
            token = ""
            if kind == "So":
                yield char
    if token:
        yield token


def _split(token: str) -> Iterator[str]:
    """Yield the words of a run of letters: itself, or short runs where there are no spaces."""
    at = 0
    for match in _WITHOUT_SPACES.finditer(token):
        if before := token[at : match.start()]:
            yield before
        run, at = match[0], match.end()
        for size in range(1, _LONGEST_RUN + 1):
            yield from (run[i : i + size] for i in range(len(run) - size + 1))
    if rest := token[at:]:
        yield rest


def _split_at_humps(token: str) -> list[str]:
    """Split a run of letters before each capital that follows a small letter."""
    humps = [
        match.start()
        for match in _HUMP.finditer(token)
        if token[match.start() - 1].islower() and token[match.start()].isupper()
    ]
    return [token[a:b] for a, b in zip([0, *humps], [*humps, len(token)], strict=True)]
