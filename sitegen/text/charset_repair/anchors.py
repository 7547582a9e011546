"""Detect damage by known text: the signs of a statistics line.

A page that lists posts ends each with a minute and four counts, always with the same five
signs between them. The form of these signs shows whether and how the page was damaged.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from sitegen.text.charset_repair.charsets import charset_names, get_charset

SIGNS = ("—", "👍", "🔁", "💬", "📌")
_SPACE = r"[ \t\u00a0\u2009\u202f]"
_GAP = rf"{_SPACE}{{0,8}}"
# A sign that was lost altogether was after the first of the spaces.
_BEFORE = rf"(?:{_SPACE}?|{_GAP})"
_BETWEEN = rf"(?:{_SPACE}|{_SPACE}{{1,8}})"
_SIGN = r"[^ \t\u00a0\u2009\u202f\r\n0-9A-Za-z]"
# Also 1,234 and 1.2K; before the date there may be a bullet, damaged or not.
_COUNT = r"[0-9]{1,3}(?:[.,'][0-9]{3}){1,3}|[0-9]{1,4}(?:[.,][0-9]{1,2})?[KkM]|[0-9]{1,12}"
STATISTICS = re.compile(
    rf"(?<![0-9A-Za-z.,/])(?<![0-9A-Za-z]-)(?P<day>[0-9]{{1,2}})\.(?P<month>[0-9]{{1,2}})\.(?P<year>[0-9]{{4}})"
    rf"{_SPACE}{{1,8}}(?P<hour>[0-9]{{1,2}}):(?P<minute>[0-9]{{2}})"
    rf"{_GAP}(?P<dash>{_SIGN}{{1,8}}?){_BEFORE}(?P<like>{_SIGN}{{0,12}}){_GAP}(?P<likes>{_COUNT})"
    rf"{_BETWEEN}(?P<repost>{_SIGN}{{0,12}}){_GAP}(?P<reposts>{_COUNT})"
    rf"{_BETWEEN}(?P<reply>{_SIGN}{{0,12}}){_GAP}(?P<replies>{_COUNT})"
    rf"{_BETWEEN}(?P<quote>{_SIGN}{{0,12}}){_GAP}(?P<quotes>{_COUNT}){_GAP}\r?$",
    re.MULTILINE,
)
_GROUPS = ("dash", "like", "repost", "reply", "quote")
Signs = tuple[str, ...]


def read_signs(match: re.Match[str]) -> Signs:
    """Return the five signs that a statistics line shows."""
    return tuple(match[group] for group in _GROUPS)


def most_common_signs(text: str) -> Signs | None:
    """Return the signs of most statistics lines in a text; None if it has no such line."""
    counts = Counter(read_signs(match) for match in STATISTICS.finditer(text))
    return min(counts, key=lambda signs: (-counts[signs], signs)) if counts else None


def split_by_signs(text: str) -> list[str]:
    """Split a text where the signs of its statistics lines change from one known form to another.

    Thus a page that was assembled from damaged and sound dumps is repaired part by part.
    """
    parts: list[str] = []
    start = end = 0
    current: Signs | None = None
    for match in STATISTICS.finditer(text):
        signs = read_signs(match)
        if signs != SIGNS and signs not in charsets_by_signs():
            continue
        if current not in (None, signs):
            parts.append(text[start:end])
            start = end
        current, end = signs, match.end()
    return [*parts, text[start:]]


@cache
def charsets_by_signs() -> dict[Signs, tuple[str, ...]]:
    """Return the charsets that produce each damaged form of the signs."""
    by_signs: dict[Signs, tuple[str, ...]] = {}
    for name in charset_names():
        signs = tuple(get_charset(name).damage(sign) for sign in SIGNS)
        by_signs[signs] = (*by_signs.get(signs, ()), name)
    return by_signs


def restore_signs(match: re.Match[str]) -> str:
    """Return a statistics line with its signs restored."""
    line, start = match[0], match.start()
    for group, sign in reversed(tuple(zip(_GROUPS, SIGNS, strict=True))):
        line = line[: match.start(group) - start] + sign + line[match.end(group) - start :]
    return line
