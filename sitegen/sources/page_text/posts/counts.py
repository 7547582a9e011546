"""Parse counts as pages write them: `7`, `1,234`, `1.234`, `1.2K`, `3M`, in any script's digits.

Thousands are recognised by their pattern: groups of three with one separator. An ambiguous
count (`1.23`, `1.234K`) is None.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

_PLAIN = re.compile(r"[0-9]{1,12}")
_GROUPED = re.compile(
    r"[1-9][0-9]{0,2}(?P<mark>[.,'’ʼ٬_ \u00a0\u2009\u202f])[0-9]{3}(?:(?P=mark)[0-9]{3}){0,3}"
    r"|[1-9][0-9]?(?:,[0-9]{2}){1,4},[0-9]{3}"  # as in India: 1,23,456
)
_SCALED = re.compile(
    r"(?P<whole>[0-9]{1,4})(?:[.,٫](?P<part>[0-9]{1,2}))? ?"
    r"(?P<scale>[KkMB]|m|bn|Tsd\.?|Mio\.?|Mrd\.?|[千천万만億亿억])"
)
_SCALES = {
    "k": 10**3, "tsd": 10**3, "千": 10**3, "천": 10**3, "万": 10**4, "만": 10**4,
    "m": 10**6, "mio": 10**6, "億": 10**8, "亿": 10**8, "억": 10**8,
    "b": 10**9, "bn": 10**9, "mrd": 10**9,
}  # fmt: skip
# The longest count that is followed by words.
HEAD = re.compile(
    rf"(?:{_SCALED.pattern}|{_GROUPED.pattern}|[0-9][0-9.,'’ʼ٬٫_]*)(?!\w|[.,'’ʼ٬٫_ ]?[0-9])"
)
_MAX_LETTERS = 40


class Count(NamedTuple):
    """A number, and whether the page rounded it."""

    number: int
    is_rounded: bool = False


def count(written: str) -> Count | None:
    """Parse a count; return None if it is not one, or ambiguous."""
    text = unicodedata.normalize("NFKC", written).strip() if len(written) <= _MAX_LETTERS else ""
    if _PLAIN.fullmatch(text):
        return Count(int(text))
    if _GROUPED.fullmatch(text):
        return Count(int(re.sub("[^0-9]", "", text)))
    if scaled := _SCALED.fullmatch(text):
        scale = _SCALES[scaled["scale"].rstrip(".").casefold()]
        part = scaled["part"] or ""
        return Count(
            int(scaled["whole"] + part) * scale // 10 ** len(part),
            is_rounded=True,
        )
    return None
