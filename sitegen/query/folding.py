"""Fold texts and split them into words, so that a query finds a word however it is written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

from sitegen.query.characters import character_class

BREAK = "|"  # between two runs of characters that are written without spaces
_SPECIAL = str.maketrans({"ß": "ss", "ς": "σ", "ı": "i"})
# Accents without a letter, such as "´": what is left of them is no part of the word that follows.
_SPACING_ACCENT = re.compile(
    "[\u00a8\u00af\u00b4\u00b8\u02d8-\u02dd\u037a\u0384\u0385\u1fbd\u1fbf-\u1fc1\u1fcd-\u1fcf\u1fdd-\u1fdf"
    "\u1fed\u1fee\u1ffd\u1ffe\u2017\u203e\u309b\u309c\ufc5e-\ufc63\ufe49-\ufe4c\ufe70\ufe72\ufe74\ufe76\ufe78\ufe7a\ufe7c\ufe7e\uffe3]"
)
_ASCII_WORDS = "".join([chr(c) if chr(c).isalnum() else " " for c in range(128)]).lower()
_TYPOGRAPHIC = "’…“”–—‘"  # signs between words
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{1,2}")  # two letters of a country are one flag
_EDGE = "\0"  # on both sides of a character of a script without spaces
_BETWEEN_RUNS = re.compile(f"{_EDGE} +{_EDGE}")
_FOLDED_ALONE = re.compile(r"[\x00-\x7f]?[^\x00-\x7f]+")  # a mark may follow an ASCII letter
_CACHED_PIECES = 20_000  # quotes, dashes, letters with accents, words of other scripts
_MAX_PIECE = 12  # characters; longer ones rarely repeat


def fold(text: str) -> str:
    """Return a text without case, compatibility forms, and marks that readers do not tell apart.

    Marks are dropped after Latin, Greek, Cyrillic, Hebrew and Arabic letters.
    """
    return text.lower() if text.isascii() else _known_characters().sub(_fold_known, text)


def fold_whole(text: str) -> str:
    """Return the same as `fold`, without its cache of short pieces."""
    return _known_characters().sub(lambda match: _fold_uncached(match[0]), text)


@cache
def _known_characters() -> re.Pattern[str]:
    """Return what matches characters that every version of Unicode folds alike."""
    return re.compile(f"[{character_class('folded').pattern}]+")


def _fold_known(match: re.Match[str]) -> str:
    return _FOLDED_ALONE.sub(_fold_match, match[0]).lower()


def _fold_uncached(text: str) -> str:
    spaced = _SPACING_ACCENT.sub(" ", text)
    decomposed = unicodedata.normalize("NFKD", spaced).lower().translate(_SPECIAL)
    return unicodedata.normalize("NFC", _without_marks(decomposed))


_fold_piece = lru_cache(maxsize=_CACHED_PIECES)(_fold_uncached)


def _fold_match(match: re.Match[str]) -> str:
    piece = match[0]
    return _fold_piece(piece) if len(piece) <= _MAX_PIECE else _fold_uncached(piece)


def _without_marks(text: str) -> str:
    """Return a text without the marks that directly follow a letter of the table."""
    classes = [*map(_MARK_CLASSES.__getitem__, text)]
    if _MARK not in classes:
        return text
    kept, is_after_letter = [], False
    for char, kind in zip(text, classes, strict=True):
        if kind != _MARK:
            is_after_letter = kind == _LETTER
        elif is_after_letter:
            continue
        kept.append(char)
    return "".join(kept)


_LETTER, _MARK, _OTHER = range(3)


class _MarkClasses(dict[str, int]):
    """Maps characters to whether they are letters that lose their marks, or marks."""

    def __missing__(self, char: str) -> int:
        is_letter, is_mark = (ord(char) in character_class(name) for name in ("letters", "marks"))
        self[char] = _LETTER if is_letter else _MARK if is_mark else _OTHER
        return self[char]


_MARK_CLASSES = _MarkClasses()


def split_words(text: str) -> str:
    """Return the folded words of a text, each between two spaces; only spaces if it has none.

    In scripts without spaces each character is a word, so that a run of them is found within a
    longer one; there is a BREAK between two such runs. A symbol such as an emoji is a word.
    """
    if not text.isascii():
        for sign in _TYPOGRAPHIC:  # without them, many texts are ASCII, which takes less time
            text = text.replace(sign, " ")
    if text.isascii():
        return f" {' '.join(text.translate(_ASCII_WORDS).split())} "
    spaced = " ".join(filter(None, map(_SPACED_PIECES.__getitem__, text.split())))
    if _EDGE in spaced:
        spaced = _BETWEEN_RUNS.sub(f" {BREAK} ", spaced).replace(_EDGE, " ")
        spaced = " ".join(spaced.split())
    return f" {spaced} "


class _SpacedPieces(dict[str, str]):
    """Maps what is between two spaces to its folded words, with spaces or edges between them.

    Most pieces of a text are frequent words. Neither folding nor splitting looks across a space.
    """

    def __missing__(self, piece: str) -> str:
        spaced = _space(fold(piece))
        if len(piece) <= _MAX_PIECE and len(self) < _CACHED_PIECES:
            self[piece] = spaced
        return spaced


def _space(folded: str) -> str:
    """Put spaces, or edges, around what is no part of a longer word in a folded text."""
    if _FLAG.search(folded):
        folded = _FLAG.sub(r" \g<0> ", folded.translate(_WITHOUT_IGNORED))
    return " ".join(folded.translate(_SPACED).split())


class _WithoutIgnored(dict[int, str]):
    """Maps ignored characters to nothing, and all others to themselves."""

    def __missing__(self, code: int) -> str:
        self[code] = "" if code in character_class("ignored") else chr(code)
        return self[code]


class _Spaced(dict[int, str]):
    """Maps characters of words to themselves, and puts spaces around the others' places."""

    def __missing__(self, code: int) -> str:
        self[code] = self._spaced(code)
        return self[code]

    def _spaced(self, code: int) -> str:
        char = chr(code)
        if code in character_class("words") or _FLAG.match(char):
            return char
        if code in character_class("unspaced"):
            return f"{_EDGE}{char}{_EDGE}"
        if code in character_class("symbols"):
            return f" {char} "
        return "" if code in character_class("ignored") else " "


_SPACED = _Spaced()
_SPACED_PIECES = _SpacedPieces()
_WITHOUT_IGNORED = _WithoutIgnored()


def join_fields(texts: Iterable[str]) -> str:
    """Return the words of several texts, with a line break where no phrase goes on."""
    return "\n".join([split_words(text) for text in texts])


def has_words(text: str) -> bool:
    """Return whether a text has anything that a query could find."""
    return not split_words(text).isspace()


def shortest_prefix(text: str) -> int:
    """Return how long the last word of a text must be to stand for all that begin with it."""
    words = split_words(text).split()
    return 1 if words and ord(words[-1][0]) in character_class("unspaced") else 2
