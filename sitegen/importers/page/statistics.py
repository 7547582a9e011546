"""The line below each post of a page: when it was written, and how it was received.

Pages write this line in many ways. Whatever it looks like, a line with a date and two of the four
signs ends a post; what of it cannot be read is unknown, and a doubt says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sitegen import dates
from sitegen.importers.page.counts import HEAD, count
from sitegen.model import Counts
from sitegen.repair import STATISTICS

SIGNS = {"👍": "likes", "🔁": "reposts", "💬": "replies", "📌": "quotes"}
_LOST = "\ufffd"  # what damage left of a sign
_MARK = re.compile(f"[{''.join(SIGNS)}{_LOST}]")
_WORD = re.compile(r"[^\W\d_]")
_LOOKS = "\ufe0e\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"  # of a sign: none is one
_EDGES = " \t\u00a0\u2009\u202f·•|,;:()[]/~≈+—–…"
_BULLET = re.compile(r"[\W_]*(?:[0-9]{1,3}[.)]\s+)?")
_LONGEST = 2_000
_MOST_MARKS = 24
NO_DATE = "the date of this statistics line cannot be read, so its post has none"
BEFORE = "what this line says before its date is taken for the end of its post"
AFTER = "what this line says after its counts is taken for the beginning of the next post"
SENTENCE = "this line ends a post, since it has a date and two signs, and is kept as its last line"


@dataclass(frozen=True, slots=True)
class Statistics:
    """What a statistics line says.

    `minute` is ISO 8601 without a zone, which the page does not tell. `before` and `after` are
    words on the same line that belong to the post above and to the one below. `last` is the
    name of the count that is written last, `rounded` how many are.
    """

    minute: str | None
    counts: Counts
    before: str = ""
    after: str = ""
    doubts: tuple[str, ...] = ()
    last: str = ""
    rounded: int = 0


def statistics(line: str) -> Statistics | None:
    """Read a line as the end of a post; None when it is not one."""
    if len(line) > _LONGEST:
        return None
    signs = sum(sign in line for sign in SIGNS)
    if signs >= 2 or (_LOST in line and signs + line.count(_LOST) >= 2):
        return _by_signs(line)
    found = STATISTICS.search(line)
    return _by_places(line, found) if found else None


def _by_places(line: str, found: re.Match[str]) -> Statistics | None:
    """Read a line whose signs are not the usual ones: four counts come in their order."""
    if not _BULLET.fullmatch(line[: found.start()]):
        return None
    written = dates.WRITTEN.search(found[0])
    minute = dates.of_match(written) if written else None
    return _read(minute, [(name, found[name]) for name in SIGNS.values()]) if minute else None


def _by_signs(line: str) -> Statistics | None:
    """Read a line by its signs, in whatever order they come."""
    shown, places = _visible(line)
    date = _date(shown)
    start, end = date.span() if date else (0, 0)
    marks = list(_MARK.finditer(shown, end))[-_MOST_MARKS:]
    if not _is_end(shown, marks, date):
        return None
    written, rest = _written(shown, marks)
    between = shown[end : marks[0].start()].strip(_EDGES + _LOST)
    if any(character.isdigit() for character in between):  # which number is whose is not known
        written = [(name, f"{between} before its sign") for name, _ in written]
    before = "" if _BULLET.fullmatch(shown[:start]) else line[: places[start]].rstrip()
    after = line[places[rest] :].strip() if _WORD.search(shown[rest:]) else ""
    found = _read(dates.of_match(date) if date else None, written)
    if _WORD.search(between) and found.counts == Counts():
        return Statistics(found.minute, found.counts, line, doubts=(SENTENCE,))
    doubts = found.doubts + ((BEFORE,) if before else ()) + ((AFTER,) if after else ())
    return replace(found, before=before, after=after, doubts=doubts)


def _date(shown: str) -> re.Match[str] | None:
    """Return the date that stands nearest before the first sign."""
    first = min((at for sign in SIGNS if (at := shown.find(sign)) >= 0), default=len(shown))
    return max(dates.WRITTEN.finditer(shown[:first]), key=re.Match.start, default=None)


def _is_end(shown: str, marks: Sequence[re.Match[str]], date: re.Match[str] | None) -> bool:
    """Tell whether these signs end a post; lost ones do below a time of day, without words."""
    found = {mark[0] for mark in marks}
    if len(found - {_LOST}) >= 2:
        return date is not None or _is_bare(shown, marks)
    is_time = date is not None and date["hour"] is not None
    return is_time and len(marks) >= 2 and date is not None and not _WORD.search(shown, date.end())


def _visible(line: str) -> tuple[str, list[int]]:
    """Return a line without what nobody sees, its digits as ASCII, and where each character is.

    The last place is the end of the line.
    """
    places = [at for at, character in enumerate(line) if not _is_unseen(character)]
    return "".join([_digit(line[at]) for at in places]), [*places, len(line)]


def _is_unseen(character: str) -> bool:
    if character.isascii():
        return False
    return character in _LOOKS or unicodedata.category(character) == "Cf"


def _digit(character: str) -> str:
    value = -1 if character.isascii() else unicodedata.decimal(character, -1)
    return character if value < 0 else str(value)


def _is_bare(shown: str, marks: Sequence[re.Match[str]]) -> bool:
    """Tell whether a line is all four signs in their order and nothing but counts: no sentence."""
    return [mark[0] for mark in marks] == [*SIGNS] and not _WORD.search(shown)


def _written(shown: str, marks: Sequence[re.Match[str]]) -> tuple[list[tuple[str, str]], int]:
    """Return what is written after each sign, and where the rest of the line begins."""
    ends = [*(mark.start() for mark in marks[1:]), len(shown)]
    last = marks[-1].end()
    tail = shown[last:]
    found = HEAD.match(tail, len(tail) - len(tail.lstrip(_EDGES)))
    if _WORD.search(tail, found.end() if found else 0):
        ends[-1] = last + (found.end() if found else 0)
    texts = [shown[m.end() : end].strip(_EDGES) for m, end in zip(marks, ends, strict=True)]
    return [*zip(_names([mark[0] for mark in marks], texts), texts, strict=True)], ends[-1]


def _names(marks: Sequence[str], texts: Sequence[str]) -> list[str]:
    """Return what each sign counts: of four with their counts a lost one is known by its place."""
    places = zip(marks, SIGNS, strict=False)
    if len(marks) == len(SIGNS) and all(m in (sign, _LOST) for m, sign in places) and all(texts):
        return [*SIGNS.values()]
    return [SIGNS.get(mark, "") for mark in marks]


def _read(minute: str | None, written: Sequence[tuple[str, str]]) -> Statistics:
    """Read the counts that are written once, and say which cannot be."""
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
