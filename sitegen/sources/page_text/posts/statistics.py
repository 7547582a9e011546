"""Parse the statistics line below each post of a page: its time and its counts.

Pages write this line in many ways, but it always has a date and at least two of the four signs.
Unreadable parts become unknown, with a doubt.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from sitegen.model import Counts
from sitegen.sources.page_text.posts.counts import HEAD, count
from sitegen.sources.page_text.posts.days import BARE_DATE, DATE_LIKE, TIME, has_words
from sitegen.text import dates
from sitegen.text.charset_repair import STATISTICS

SIGNS = {"👍": "likes", "🔁": "reposts", "💬": "replies", "📌": "quotes"}
_DAMAGED = "\ufffd"  # the replacement character, in place of a damaged sign
_MARK = re.compile(f"[{''.join(SIGNS)}{_DAMAGED}]")
_WORD = re.compile(r"[^\W\d_]")
_VARIATIONS = "\ufe0e\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"  # of signs
_PUNCTUATION = " \t\u00a0\u2009\u202f·•|,;:()[]/—–…"
_SIGN_AND_DIGIT = re.compile(f"[{''.join(SIGNS)}]\\s?[0-9]")
_ALL_COUNTED = re.compile(r"\W*".join(rf"{sign}\s*[0-9][\w.,]*" for sign in SIGNS) + r"\W*")
_TIME_AND_COUNTS = re.compile(
    rf"[^\d{''.join(SIGNS)}]{{0,24}}{TIME.pattern}(?:\W*{_SIGN_AND_DIGIT.pattern}[\w.,]*){{2,4}}\W*"
)
_BULLET = re.compile(r"[\W_]*(?:[0-9]{1,3}[.)]\s+)?")
_MAX_LINE_LETTERS = 20_000
_MAX_END_LETTERS = 2_000  # characters from a date to the last of its counts
_BREAKS = re.compile("[^\v\f\x1c-\x1e\x85\u2028\u2029]*[\v\f\x1c-\x1e\x85\u2028\u2029]?")
_DASH = re.compile("(?<=[0-9])[\u2010-\u2015\u2212](?=[0-9])")
_MAX_AGE_LETTERS = 24  # characters of a time such as "3 hours ago"
_MAX_MARKS = 24
NO_DATE = "the date of this statistics line cannot be read, so its post has none"
BEFORE = "what this line says before its date is taken for the end of its post"
AFTER = "what this line says after its counts is taken for the beginning of the next post"
UNREAD = "words on this statistics line are not read: {}"
SENTENCE = "this line ends a post, since it has a date and two signs, and is kept as its last line"


@dataclass(frozen=True, slots=True)
class Statistics:
    """A parsed statistics line.

    `minute` is ISO 8601 without a zone, which the page does not state. `before` and `after` are
    words on the same line that belong to the post above and to the one below. `last` is the
    name of the last count, `rounded` the number of rounded ones.
    """

    minute: str | None
    counts: Counts
    before: str = ""
    after: str = ""
    doubts: tuple[str, ...] = ()
    last: str = ""
    rounded: int = 0


def parse_line(line: str) -> tuple[list[Statistics], str]:
    """Parse the ends of posts in a line, mostly none or one; return the rest of the line too."""
    ends: list[Statistics] = []
    rest = ""
    for piece in _pieces(line):
        before, rest = rest, piece
        while end := parse_end(rest):
            ends.append(_prepend(before.strip(), end))
            before, rest = "", end.after
        rest = before + rest
    return ends, rest.strip() if ends else rest


def _prepend(before: str, end: Statistics) -> Statistics:
    """Add text before the end of a post."""
    if not before:
        return end
    doubts = end.doubts if end.before else (BEFORE, *end.doubts)
    return replace(end, before=f"{before} {end.before}".rstrip(), doubts=doubts)


def _pieces(line: str) -> Iterator[str]:
    """Split a line at other line breaks and where it is too long, without losing a character."""
    for part in filter(None, _BREAKS.findall(line)):
        yield from ([part] if len(part) <= _MAX_LINE_LETTERS else _short_pieces(part))


def _short_pieces(part: str) -> Iterator[str]:
    """Split a long line before each date with signs after it, and 2,000 characters later."""
    at = 0
    starts = [d.start() for d in dates.DATE_PATTERN.finditer(part) if dates.match_to_iso(d)]
    for start, following in pairwise([*starts, len(part)]):
        end = min(following, start + _MAX_END_LETTERS)
        if len({*_MARK.findall(part, start, end)}) >= 2:
            yield from [part[at:start]] if start > at else []
            yield part[start:end]
            at = end
    yield from [part[at:]] if at < len(part) else []


def parse_end(line: str) -> Statistics | None:
    """Parse a line as the end of a post; return None if it is not one."""
    if len(line) > _MAX_LINE_LETTERS:
        return None
    if sum(sign in line for sign in SIGNS) + line.count(_DAMAGED) >= 2:
        return _parse_by_signs(line)
    match = STATISTICS.search(line)
    return _parse_by_order(line, match) if match else None


def _parse_by_order(line: str, match: re.Match[str]) -> Statistics | None:
    """Parse a line with unknown signs: a date and four counts in the usual order."""
    if not _BULLET.fullmatch(line[: match.start()]):
        return None
    date = dates.DATE_PATTERN.search(match[0])
    minute = dates.match_to_iso(date) if date else None
    return _statistics(minute, [(name, match[name]) for name in SIGNS.values()]) if minute else None


class _EndPosition(NamedTuple):
    """The positions of a date and its signs on a line; `limit` is where something else begins.

    `date` is the date if it can be read, `date_after` the end of a date that follows the signs.
    """

    date: re.Match[str] | None
    start: int
    end: int
    limit: int
    marks: list[re.Match[str]]
    date_after: int = 0


def _parse_by_signs(line: str) -> Statistics | None:
    """Parse a line by its signs, in whatever order they come."""
    shown, indexes = _normalise(line)
    place = next(_end_positions(shown), None)
    if place is None:
        return None
    texts, rest, words = _texts_after_signs(shown[: place.limit], place.marks)
    between = shown[place.end : place.marks[0].start()].strip(_PUNCTUATION + _DAMAGED)
    if not texts[-1][1] and any(map(str.isdigit, between)):
        # numbers may come before their signs, so which belongs to which is unknown
        texts = [(name, f"{between} before its sign") for name, _ in texts]
    if place.date_after and rest == place.limit:
        rest = place.date_after
    before = (
        "" if _BULLET.fullmatch(shown[: place.start]) else line[: indexes[place.start]].rstrip()
    )
    has_more = _WORD.search(shown, rest) or _MARK.search(shown, rest)
    after = line[indexes[rest] :].strip() if has_more else ""
    end = _statistics(dates.match_to_iso(place.date) if place.date else None, texts)
    if _WORD.search(between):
        words = (UNREAD.format(between), *words)
    if words and end.counts == Counts():
        return Statistics(end.minute, end.counts, line, doubts=(SENTENCE,))
    doubts = end.doubts + ((BEFORE,) if before else ()) + ((AFTER,) if after else ())
    return replace(end, before=before, after=after, doubts=doubts + words)


def _end_positions(shown: str) -> Iterator[_EndPosition]:
    """Yield the positions where a line ends a post, by the forms of the line.

    These are: a date and the signs after it; a date that may be ambiguous; all four counts after
    a possible age, or without any words; and lines with nothing but signs and a date or time.
    """
    readable_dates = list(dates.DATE_PATTERN.finditer(shown))
    limits = [*(date.start() for date in readable_dates[1:]), len(shown)]
    for date, limit in zip(readable_dates, limits, strict=False):
        marks = _marks(shown, date.end(), limit)
        may_be_damaged = date["hour"] is not None and len(marks) >= 2
        has_words_between = _WORD.search(shown, date.end(), limit)
        if _count_signs(marks) >= 2 or (may_be_damaged and not has_words_between):
            yield _EndPosition(date, *date.span(), limit, marks)
    for like in DATE_LIKE.finditer(shown):
        marks = _marks(shown, like.end())
        if _count_signs(marks) >= 2 and _SIGN_AND_DIGIT.search(shown, like.end()):
            glued = dates.DATE_PATTERN_AFTER_WORD.match(shown, like.start())
            yield _EndPosition(glued, like.start(), (glued or like).end(), len(shown), marks)
    first = readable_dates[0] if readable_dates else None
    limit = first.start() if first else len(shown)
    marks = list(_MARK.finditer(shown, 0, limit))
    if [mark[0] for mark in marks] == [*SIGNS]:
        start = marks[0].start()
        is_age = start <= _MAX_AGE_LETTERS and any(map(str.isdecimal, shown[:start]))
        is_all = is_age and _ALL_COUNTED.fullmatch(shown, start, limit)
        if is_all or not _WORD.search(shown[:limit]):
            yield _EndPosition(first, 0, 0, limit, marks, first.end() if first else 0)
    yield from _ends_without_words(shown, readable_dates)


def _ends_without_words(shown: str, known: Sequence[re.Match[str]]) -> Iterator[_EndPosition]:
    """Yield the end of a post on a line that has only signs, counts, and a date or time."""
    marks = _marks(shown)
    if _count_signs(marks) < 2:
        return
    if has_words(shown, known):
        if _TIME_AND_COUNTS.fullmatch(shown):  # such as "yesterday 10:00"
            yield _EndPosition(None, 0, 0, len(shown), marks)
        return
    readable = known[0] if known else None
    date = readable or BARE_DATE.search(shown) or TIME.search(shown)
    if date is None:
        return
    between = shown[marks[-1].end() : date.start()]
    is_apart = date is readable or any(map(str.isdecimal, between))  # from the last count
    if date.end() <= marks[0].start():
        time = TIME.search(shown, date.end(), marks[0].start())
        yield _EndPosition(readable, date.start(), (time or date).end(), len(shown), marks)
    elif date.start() >= marks[-1].end() and is_apart:
        time = TIME.search(shown, date.end())
        yield _EndPosition(readable, 0, 0, date.start(), marks, (time or date).end())
    else:
        yield _EndPosition(readable, 0, 0, len(shown), marks)


def _marks(shown: str, start: int = 0, end: int = sys.maxsize) -> list[re.Match[str]]:
    return list(_MARK.finditer(shown, start, end))[-_MAX_MARKS:]


def _count_signs(marks: Sequence[re.Match[str]]) -> int:
    return len({mark[0] for mark in marks} - {_DAMAGED})


def _normalise(line: str) -> tuple[str, list[int]]:
    """Return a line's visible characters, with ASCII digits, and their indexes and its end."""
    indexes = [at for at, character in enumerate(line) if not _is_invisible(character)]
    shown = "".join([_ascii_digit(line[at]) for at in indexes])
    return _DASH.sub("-", shown), [*indexes, len(line)]


def _is_invisible(character: str) -> bool:
    return character in _VARIATIONS or unicodedata.category(character) == "Cf"


def _ascii_digit(character: str) -> str:
    value = -1 if character.isascii() else unicodedata.decimal(character, -1)
    return character if value < 0 else str(value)


def _texts_after_signs(
    shown: str, marks: Sequence[re.Match[str]]
) -> tuple[list[tuple[str, str]], int, tuple[str, ...]]:
    """Return the text after each sign, the start of the line's rest, and a doubt about words.

    A word after a number may be its name; then it does not belong to the rest.
    """
    ends = [*(mark.start() for mark in marks[1:]), len(shown)]
    texts: list[str] = []
    words: list[str] = []
    for mark, end in zip(marks, ends, strict=True):
        text = shown[mark.end() : end]
        number = HEAD.match(text, len(text) - len(text.lstrip(_PUNCTUATION)))
        more = text[number.end() :] if number else text
        if number is None or not _WORD.search(more):
            texts.append(text.strip(_PUNCTUATION))
            continue
        texts.append(number[0])
        if end < len(shown) or (words and more.strip(_PUNCTUATION).isalpha()):
            words.append(more.strip(_PUNCTUATION))
        else:
            ends[-1] = mark.end() + number.end()
    named = [*zip(_names([mark[0] for mark in marks], texts), texts, strict=True)]
    return named, ends[-1], (UNREAD.format(", ".join(words)),) if words else ()


def _names(marks: Sequence[str], texts: Sequence[str]) -> list[str]:
    """Return the name of each sign; if all four counts are there, damaged signs by position."""
    places = zip(marks, SIGNS, strict=False)
    if len(marks) == len(SIGNS) and all(m in (sign, _DAMAGED) for m, sign in places) and all(texts):
        return [*SIGNS.values()]
    return [SIGNS.get(mark, "") for mark in marks]


def _statistics(minute: str | None, counted: Sequence[tuple[str, str]]) -> Statistics:
    """Parse counts by name; a count with two different texts is unknown."""
    texts: dict[str, set[str]] = {name: set() for name in ("", *SIGNS.values())}
    for name, text in counted:
        texts[name].add(text)
    counts = {n: count(min(texts[n])) if len(texts[n]) == 1 else None for n in SIGNS.values()}
    doubts = [_doubt(name, texts[name]) for name, number in counts.items() if number is None]
    return Statistics(
        minute,
        Counts(*(c.number if c else None for c in counts.values())),
        doubts=(*(() if minute else (NO_DATE,)), *doubts),
        last=counted[-1][0],
        rounded=sum(c.is_rounded for c in counts.values() if c),
    )


def _doubt(name: str, texts: set[str]) -> str:
    if shown := " and ".join(sorted(repr(text[:20]) for text in texts if text)):
        return f"this statistics line's number of {name} cannot be read: {shown}"
    return f"this statistics line has no number of {name}"
