"""The language of a text as HTML states it, and the direction of a text whose language is known.

`dir="auto"` goes by the first letter with a direction, so an Arabic post that begins with a mention
or a link would be laid out from left to right (HTML, 3.2.6.4).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from sitegen.config.validation import is_language

RIGHT_TO_LEFT = frozenset(
    ("ar", "arc", "azb", "bal", "ckb", "dv", "fa", "he", "iw", "ks", "lrc", "mzn", "nqo", "pnb",
     "ps", "sd", "syr", "ug", "ur", "yi")
)  # fmt: skip
_LETTERS = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
_LETTER = re.compile(f"[{_LETTERS}]")
_LETTER_OR_MARK = re.compile(f"[{_LETTERS}\u200f]")


def html_language(langs: Sequence[str]) -> str | None:
    """Return the first of a text's languages as a valid BCP 47 tag for HTML's `lang`, or None."""
    first = langs[0].replace("_", "-") if langs else ""
    return first if first and is_language(first) else None


def is_other_language(language: str | None, around: str) -> bool:
    """Tell whether a text is known to be in another language than that of the texts around it."""
    return language is not None and language.casefold() != around.casefold()


def text_direction(language: str | None, text: str) -> str:
    """Return the value of `dir` for a text: "rtl" for a language written so, else "auto".

    A text without a letter of such a script is in another language than its source says.
    """
    if language is None or not is_right_to_left(language):
        return "auto"
    return "rtl" if _LETTER.search(text) else "auto"


def is_left_to_right(text: str) -> bool:
    """Tell whether `dir="auto"` lays out a text from left to right, wherever it begins.

    It does if nothing in the text is from right to left (UAX #9, the classes R and AL).
    """
    return text.isascii() or not _LETTER_OR_MARK.search(text)


@lru_cache(maxsize=1_000)  # most posts have the same few languages
def is_right_to_left(language: str) -> bool:
    """Tell whether a language (BCP 47) is written from right to left."""
    return language.partition("-")[0].casefold() in RIGHT_TO_LEFT
