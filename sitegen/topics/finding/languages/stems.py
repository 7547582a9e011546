"""Join the forms of a word: "comet" and "comets" are one topic.

Only the ends that nouns have are cut off, and only where enough of the word is left: to join two
words is worse than to leave two forms apart.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial

# The ends of nouns by language, the longest first; they may be empty in other languages.
_ENDS: dict[str, tuple[str, ...]] = {
    "en": ("s",),
    "es": ("s",), "pt": ("s",), "fr": ("s", "x"), "ca": ("s",), "nl": ("en", "s"),
    "de": ("en", "es", "n", "s", "e"),
    "it": ("i", "e", "o", "a"),
    "sv": ("erna", "arna", "orna", "en", "et", "er", "ar", "or", "n", "s"),
    "da": ("erne", "ene", "en", "et", "er", "e", "s"),
    "nb": ("ene", "en", "et", "er", "e", "s"),
    "ru": ("иями", "ями", "ами", "иях", "ией", "ого", "ему", "ому", "ыми", "ими", "ях", "ах",
           "ов", "ев", "ей", "ий", "ии", "ию", "ия", "ие", "ой", "ый", "ая", "ое", "ые", "ом",
           "ем", "ам", "ям", "ую", "ых", "их", "а", "я", "о", "е", "ы", "и", "у", "ю", "ь"),
    "uk": ("ями", "ами", "іями", "ого", "ому", "ими", "ях", "ах", "ів", "ей", "ій", "ії", "ію",
           "ія", "ою", "ою", "ий", "ом", "ем", "ам", "ям", "их", "а", "я", "о", "е", "и", "і",
           "у", "ю", "ь", "ї"),
    "pl": ("ami", "ach", "ów", "om", "em", "ie", "a", "e", "i", "o", "u", "y"),
    "cs": ("ami", "ech", "ich", "ach", "ove", "um", "em", "a", "e", "i", "o", "u", "y"),
    "tr": ("larin", "lerin", "lari", "leri", "lar", "ler", "nin", "nun", "da", "de", "i", "u"),
    "el": ("ους", "ων", "ες", "οι", "ου", "ος", "ας", "ης", "α", "η", "ο", "ι"),
}  # fmt: skip
_ARTICLES = ("وال", "بال", "كال", "فال", "لل", "ال")  # Arabic writes them together with the noun
_MIN_STEM = 4
_CACHED_WORDS = 100_000


def stemmer(language: str) -> Callable[[str], str]:
    """Return a function that maps the folded forms of a word in a language to one stem."""
    return lru_cache(_CACHED_WORDS)(partial(_stem, language))


def _stem(language: str, word: str) -> str:
    if language in ("ar", "fa", "ur"):
        article = next((each for each in _ARTICLES if word.startswith(each)), "")
        return word[len(article) :] if len(word) - len(article) >= _MIN_STEM - 1 else word
    if language == "en":
        return _singular(word)
    for end in _ENDS.get(language, ()):
        if word.endswith(end) and len(word) - len(end) >= _MIN_STEM:
            return word[: -len(end)]
    return word


def _singular(word: str) -> str:
    """Return the singular of an English noun, by Harman's three rules."""
    if len(word) < _MIN_STEM or not word.endswith("s") or word.endswith(("us", "ss", "is", "news")):
        return word
    if word.endswith("ies") and len(word) > _MIN_STEM:
        return f"{word[:-3]}y"
    return word[:-2] if word.endswith(("xes", "shes", "ches", "sses")) else word[:-1]
