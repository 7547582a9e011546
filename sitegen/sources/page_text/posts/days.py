"""Recognise dates on a statistics line, including ambiguous ones."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sitegen.sources.page_text.posts.counts import HEAD
from sitegen.text import dates

_YEAR = r"(?:[0-9]{4}|['’‘`´]?[0-9]{2})"
_NAMED_DAY = (
    rf"[0-9]{{1,2}}(?:st|nd|rd|th|\.)?[ .-]?(?:{dates.MONTH})\b\.?(?:,?[ .-]?{_YEAR}(?!:))?"
    rf"|(?:{dates.MONTH})\.? [0-9]{{1,2}}(?:st|nd|rd|th)?(?!:)(?:,? {_YEAR}(?!:))?"
    r"|[0-9]{1,2}\.? ?[^\W\d_][^\s\d]{1,13} ['’‘`´][0-9]{2}"
    rf"|[0-9]{{1,2}}(?:{dates.MONTH})[0-9]{{2,4}}"
    r"|[0-9]{1,2}\. ?[ivx]{1,4}\.? ?[0-9]{4}"
)
# A date that may be ambiguous: 15.09.25, 9/15 at 13:24, 3 Sep, 15 Sep '25. A count may follow its
# year without a space.
DATE_LIKE = re.compile(
    r"(?:(?<![\w.,/])(?:[0-9]{1,12}[./-] ?[0-9]{1,2}[./-] ?[0-9]{1,6}"
    r"|[0-9]{1,2}[./][0-9]{1,2}[./]?(?= +[0-9]+:)"
    r"|[0-9]{1,2}\.? [^\W\d_][^\s\d]{1,13} [0-9]{4}|[^\W\d_][^\s\d]{2,13} [0-9]{1,2},? [0-9]{4}"
    rf"|(?:{dates.MONTH})\.?(?= +[0-9]+:)|{_NAMED_DAY})"
    r"|(?<![0-9.,/_-])(?:[0-9]{1,2}([./-])[0-9]{1,2}\1[0-9]{4}|[0-9]{4,12}-[0-9]{2}-[0-9]{2})"
    r")(?![0-9])",
    re.IGNORECASE,
)
# A date on a line that otherwise has only signs and counts.
BARE_DATE = re.compile(
    rf"(?:{_NAMED_DAY}|(?:{dates.MONTH})(?![^\W\d_])\.?,? ?{_YEAR})(?![0-9])"
    r"|(?<![0-9])[0-9]{1,20}[./-] ?[0-9]{1,2}[./-] ?[0-9]{1,20}"
    r"|(?<![0-9])[0-9]{1,4}[./-][0-9]{1,4}\b\.?(?![.,]?[0-9])"
    r"|(?<![0-9])(?:19|20)[0-9]{2}[01][0-9][0-3][0-9](?:T?[0-9]{4,6})?Z?(?![0-9])",
    re.IGNORECASE,
)
TIME = re.compile(r"T?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?: ?[ap]\.?m\b\.?|Z\b| ?Uhr\b)?", re.I)
_WORD = re.compile(r"[^\W\d_]")


def has_words(line: str, known_dates: Sequence[re.Match[str]]) -> bool:
    """Return whether a line has words besides its dates, times and counts."""
    rest = line
    for date in reversed(known_dates):
        rest = f"{rest[: date.start()]} {rest[date.end() :]}"
    for pattern in (BARE_DATE, TIME, HEAD):
        rest = pattern.sub(" ", rest)
    return _WORD.search(rest) is not None
