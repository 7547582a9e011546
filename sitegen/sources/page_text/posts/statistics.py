"""Parse the line below each post of a page: its time and its counts.

Pages write this line in many ways. In any form, a line with a date and two of the four
signs ends a post; unreadable parts are unknown, and a doubt says so.
"""

from __future__ import annotations

import re
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
_LOST = "\ufffd"  # the remains of a damaged sign
_MARK = re.compile(f"[{''.join(SIGNS)}{_LOST}]")
_WORD = re.compile(r"[^\W\d_]")
_LOOKS = "\ufe0e\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"  # for a sign: 0 means 1
_EDGES = " \t\u00a0\u2009\u202f·•|,;:()[]/—–…"
_COUNTED = re.compile(f"[{''.join(SIGNS)}]\\s?[0-9]")
_ALL_COUNTED = re.compile(r"\W*".join(rf"{sign}\s*[0-9][\w.,]*" for sign in SIGNS) + r"\W*")
_TIMED = re.compile(
    rf"[^\d{''.join(SIGNS)}]{{0,24}}{TIME.pattern}(?:\W*{_COUNTED.pattern}[\w.,]*){{2,4}}\W*"
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


def ends(line: str) -> tuple[list[Statistics], str]:
    """Parse a line as the ends of posts, mostly none or one; return the rest of the line too."""
    found: list[Statistics] = []
    unread: list[str] = []
    for piece in _pieces(line):
        rest = piece
        while end := statistics(rest):
            found.append(_after_pieces(end, "".join(unread).strip()))
            unread, rest = [], end.after
        unread.append(rest)
    rest = "".join(unread)
    return found, rest.strip() if found else rest


def _after_pieces(end: Statistics, before: str) -> Statistics:
    """Add what pieces of the same line say before the end of a post."""
    if not before:
        return end
    doubts = end.doubts if end.before else (BEFORE, *end.doubts)
    return replace(end, before=f"{before} {end.before}".rstrip(), doubts=doubts)


def _pieces(line: str) -> Iterator[str]:
    """Split a line at other line breaks, or where it is too long for one match.

    Joined, the pieces are the line.
    """
    for part in filter(None, _BREAKS.findall(line)):
        yield from [part] if len(part) <= _MAX_LINE_LETTERS else _short_pieces(part)


def _short_pieces(part: str) -> Iterator[str]:
    """Split a long line before each date that is followed by signs, and some way after it."""
    at = 0
    starts = [
        date.start() for date in dates.DATE_PATTERN.finditer(part) if dates.match_to_iso(date)
    ]
    for start, following in pairwise([*starts, len(part)]):
        end = min(following, start + _MAX_END_LETTERS)
        if len({*_MARK.findall(part, start, end)}) >= 2:
            yield from [part[at:start]] if start > at else []
            yield part[start:end]
            at = end
    yield from [part[at:]] if at < len(part) else []


def statistics(line: str) -> Statistics | None:
    """Parse a line as the end of a post; return None if it is not one."""
    if len(line) > _MAX_LINE_LETTERS:
        return None
    signs = sum(sign in line for sign in SIGNS)
    if signs >= 2 or (_LOST in line and signs + line.count(_LOST) >= 2):
        return _by_signs(line)
    match = STATISTICS.search(line)
    return _by_places(line, match) if match else None


def _by_places(line: str, match: re.Match[str]) -> Statistics | None:
    """Parse a line with unusual signs: four counts in their usual order."""
    if not _BULLET.fullmatch(line[: match.start()]):
        return None
    written = dates.DATE_PATTERN.search(match[0])
    minute = dates.match_to_iso(written) if written else None
    return _read(minute, [(name, match[name]) for name in SIGNS.values()]) if minute else None


class _Place(NamedTuple):
    """The position of a date and its signs on a line; `limit` is where something else begins.

    `date` is what can be read as one, `behind` the end of a date that follows the signs.
    """

    date: re.Match[str] | None
    start: int
    end: int
    limit: int
    marks: list[re.Match[str]]
    behind: int = 0


def _by_signs(line: str) -> Statistics | None:
    """Parse a line by its signs, in whatever order they come."""
    shown, places = _visible(line)
    place = next(_ends(shown), None)
    if place is None:
        return None
    written, rest, words = _written(shown[: place.limit], place.marks)
    between = shown[place.end : place.marks[0].start()].strip(_EDGES + _LOST)
    if not written[-1][1] and any(character.isdigit() for character in between):
        # the numbers may come before their signs: then the assignment is not known
        written = [(name, f"{between} before its sign") for name, _ in written]
    if place.behind and rest == place.limit:
        rest = place.behind
    before = "" if _BULLET.fullmatch(shown[: place.start]) else line[: places[place.start]].rstrip()
    more = shown[rest:]
    after = line[places[rest] :].strip() if _WORD.search(more) or _MARK.search(more) else ""
    found = _read(dates.match_to_iso(place.date) if place.date else None, written)
    if (words or _WORD.search(between)) and found.counts == Counts():
        return Statistics(found.minute, found.counts, line, doubts=(SENTENCE,))
    if _WORD.search(between):
        words = (UNREAD.format(between), *words)
    doubts = found.doubts + ((BEFORE,) if before else ()) + ((AFTER,) if after else ())
    return replace(found, before=before, after=after, doubts=doubts + words)


def _ends(shown: str) -> Iterator[_Place]:
    """Yield the positions where a line ends a post: a date and the signs after it.

    Without one, it may be only signs without words, with or without a date after them, or
    all four counts after a possible age.
    """
    found = list(dates.DATE_PATTERN.finditer(shown))
    limits = [*(date.start() for date in found[1:]), len(shown)]
    for date, limit in zip(found, limits, strict=False):
        marks = list(_MARK.finditer(shown, date.end(), limit))[-_MAX_MARKS:]
        if _is_end(shown[date.end() : limit], marks, date):
            yield _Place(date, *date.span(), limit, marks)
    for like in DATE_LIKE.finditer(shown):
        marks = list(_MARK.finditer(shown, like.end()))[-_MAX_MARKS:]
        if _signs(marks) >= 2 and _COUNTED.search(shown, like.end()):
            glued = dates.DATE_PATTERN_AFTER_WORD.match(shown, like.start())
            yield _Place(glued, like.start(), (glued or like).end(), len(shown), marks)
    limit = found[0].start() if found else len(shown)
    marks = list(_MARK.finditer(shown, 0, limit))
    if [mark[0] for mark in marks] == [*SIGNS]:
        start = marks[0].start()
        is_age = start <= _MAX_AGE_LETTERS and any(map(str.isdecimal, shown[:start]))
        is_all = is_age and _ALL_COUNTED.fullmatch(shown, start, limit)
        if is_all or not _WORD.search(shown[:limit]):
            behind = found[0] if found else None
            yield _Place(behind, 0, 0, limit, marks, behind.end() if behind else 0)
    yield from _bare_ends(shown, found)


def _bare_ends(shown: str, found: Sequence[re.Match[str]]) -> Iterator[_Place]:
    """Find the end of a post on a line that has only a date or time, signs and counts."""
    marks = list(_MARK.finditer(shown))[-_MAX_MARKS:]
    if _signs(marks) < 2:
        return
    if has_words(shown, found):
        if _TIMED.fullmatch(shown):  # such as "yesterday 10:00"
            yield _Place(None, 0, 0, len(shown), marks)
        return
    date = found[0] if found else BARE_DATE.search(shown) or TIME.search(shown)
    if date is None:
        return
    readable = found[0] if found else None
    if date.end() <= marks[0].start():
        time = TIME.search(shown, date.end(), marks[0].start())
        yield _Place(readable, date.start(), (time or date).end(), len(shown), marks)
    elif date.start() >= marks[-1].end() and not _is_glued(shown, date, marks[-1].end()):
        time = TIME.search(shown, date.end())
        yield _Place(readable, 0, 0, date.start(), marks, (time or date).end())
    else:
        yield _Place(readable, 0, 0, len(shown), marks)


def _is_glued(shown: str, date: re.Match[str], sign: int) -> bool:
    """Return whether the count before a date may run into it."""
    return (
        not any(map(str.isdecimal, shown[sign : date.start()]))
        and date.re is not dates.DATE_PATTERN
    )


def _is_end(after: str, marks: Sequence[re.Match[str]], date: re.Match[str]) -> bool:
    """Return whether the signs after a date end a post; lost ones need a time and no words."""
    if _signs(marks) >= 2:
        return True
    return date["hour"] is not None and len(marks) >= 2 and not _WORD.search(after)


def _signs(marks: Sequence[re.Match[str]]) -> int:
    return len({mark[0] for mark in marks} - {_LOST})


def _visible(line: str) -> tuple[str, list[int]]:
    """Return the visible part of a line with ASCII digits, and the position of each character.

    The last position is the end of the line.
    """
    places = [at for at, character in enumerate(line) if not _is_unseen(character)]
    shown = "".join([_digit(line[at]) for at in places])
    return _DASH.sub("-", shown), [*places, len(line)]


def _is_unseen(character: str) -> bool:
    if character.isascii():
        return False
    return character in _LOOKS or unicodedata.category(character) == "Cf"


def _digit(character: str) -> str:
    value = -1 if character.isascii() else unicodedata.decimal(character, -1)
    return character if value < 0 else str(value)


def _written(
    shown: str, marks: Sequence[re.Match[str]]
) -> tuple[list[tuple[str, str]], int, tuple[str, ...]]:
    """Return the text after each sign, the start of the rest of the line, and other words.

    The word after a number may be its name: then it does not belong to the rest.
    """
    ends = [*(mark.start() for mark in marks[1:]), len(shown)]
    texts: list[str] = []
    words: list[str] = []
    for mark, end in zip(marks, ends, strict=True):
        text = shown[mark.end() : end]
        number = HEAD.match(text, len(text) - len(text.lstrip(_EDGES)))
        more = text[number.end() :] if number else text
        if number is None or not _WORD.search(more):
            texts.append(text.strip(_EDGES))
            continue
        texts.append(number[0])
        if end < len(shown) or (words and more.strip(_EDGES).isalpha()):
            words.append(more.strip(_EDGES))
        else:
            ends[-1] = mark.end() + number.end()
    named = zip(_names([mark[0] for mark in marks], texts), texts, strict=True)
    unread = (UNREAD.format(", ".join(words)),) if words else ()
    return [*named], ends[-1], unread


def _names(marks: Sequence[str], texts: Sequence[str]) -> list[str]:
    """Return the name of each sign: with all four counts a lost sign is known by its position."""
    places = zip(marks, SIGNS, strict=False)
    if len(marks) == len(SIGNS) and all(m in (sign, _LOST) for m, sign in places) and all(texts):
        return [*SIGNS.values()]
    return [SIGNS.get(mark, "") for mark in marks]


def _read(minute: str | None, written: Sequence[tuple[str, str]]) -> Statistics:
    """Read the counts that occur once, and name those that cannot be read."""
    texts: dict[str, set[str]] = {}
    for name, text in written:
        texts.setdefault(name, set()).add(text)
    found = {n: count(min(t)) for n in SIGNS.values() if len(t := texts.get(n, set())) == 1}
    counts = Counts(*(c.number if (c := found.get(name)) else None for name in SIGNS.values()))
    doubts = [_unread(n, texts.get(n, set())) for n in SIGNS.values() if not found.get(n)]
    rounded = sum(c.is_rounded for c in found.values() if c)
    no_date = () if minute else (NO_DATE,)
    return Statistics(
        minute, counts, doubts=(*no_date, *doubts), last=written[-1][0], rounded=rounded
    )


def _unread(name: str, texts: set[str]) -> str:
    shown = " and ".join(sorted(repr(text[:20]) for text in texts if text))
    if not shown:
        return f"this statistics line has no number of {name}"
    return f"this statistics line's number of {name} cannot be read: {shown}"
