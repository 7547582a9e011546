"""Parse dates as people and pages write them: `18 Sept 2018`, `2019/11/15`, `15.09.2025`.

Only unambiguous dates are accepted: `03/04/2019` may be a day in March or in April.
"""

from __future__ import annotations

import re
from datetime import datetime

_MONTHS = (
    "jan january januar jän jänner janvier enero ene gennaio gen janeiro januari",
    "feb february februar febr février fév fevrier fev febrero febbraio fevereiro februari",
    "mar march märz mär mrz mars marzo março maart mrt",
    "apr april avril avr abril abr aprile",
    "may mai mayo maggio mag maio mei",
    "jun june juni juin junio giugno giu junho",
    "jul july juli juillet juil julio luglio lug julho",
    "aug august août aout agosto ago augustus",
    "sep sept september septembre septiembre settembre set setembro",
    "oct october oktober okt octobre octubre ottobre ott outubro out",
    "nov november novembre noviembre novembro",
    "dec december dezember dez décembre déc decembre diciembre dic dicembre dezembro",
)
_MONTH_NUMBERS = {name: n for n, names in enumerate(_MONTHS, 1) for name in names.split()}
_NAME = r"[^\W\d_]{3,10}\.?"
_NOT_WITHIN = r"(?<![\w.,/])(?<!\w-)"
_DAY = (
    r"(?:(?P<y1>[0-9]{4})(?P<s1>[./-])\s?(?P<m1>[0-9]{1,2})(?P=s1)\s?(?P<d1>[0-9]{1,2})\.?"
    r"|(?P<y0>[0-9]{4})\s?[年년]\s?(?P<m0>[0-9]{1,2})\s?[月월]\s?(?P<d0>[0-9]{1,2})\s?[日일]"
    r"|(?P<d2>[0-9]{1,2})(?P<s2>[./-])\s?(?P<m2>[0-9]{1,2})(?P=s2)\s?(?P<y2>[0-9]{4})"
    rf"|(?P<d3>[0-9]{{1,2}})(?:st|nd|rd|th|\.)?[\s-](?:de\s|of\s)?(?P<m3>{_NAME}),?[\s-]"
    r"(?:de\s)?(?P<y3>[0-9]{4})"
    rf"|(?P<m4>{_NAME})\s(?P<d4>[0-9]{{1,2}})(?:st|nd|rd|th)?,?\s(?P<y4>[0-9]{{4}}))(?![0-9])"
)
_CLOCK = (
    r"(?:T|,?\s{1,8}(?:at\s|um\s|à\s|[·•|-]\s)?)"
    r"(?P<hour>[0-9]{1,2})[:.](?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?(?![0-9])"
    r"(?:\s?(?P<half>[AaPp])\.?[Mm]\b\.?)?(?:\s?Uhr\b)?"
    r"(?:\s?(?:(?P<utc>Z|UTC|GMT)\b|(?P<zone>[+-][0-9]{2}:?[0-9]{2})(?![0-9])))?"
)
DATE_PATTERN = re.compile(rf"{_NOT_WITHIN}{_DAY}(?:{_CLOCK})?")
# The same directly after a word, as when a line end was lost.
DATE_PATTERN_AFTER_WORD = re.compile(rf"{_DAY}(?:{_CLOCK})?")
MONTH = "|".join(sorted(_MONTH_NUMBERS, key=len, reverse=True))
_WEEKDAY = re.compile(r"[^\W\d_]{2,10}\.?,?\s+(?=[0-9]|[^\W\d_]{3,10}\.?\s[0-9])")
_MAX_LETTERS = 60


def parse_date(text: str) -> str | None:
    """Parse a text that is a date, with or without a time, to ISO 8601; None for any other text."""
    text = text.strip()
    if len(text) > _MAX_LETTERS:
        return None
    weekday = _WEEKDAY.match(text)
    if weekday and weekday[0].rstrip(" .,").casefold() not in _MONTH_NUMBERS:
        text = text[weekday.end() :]
    match = DATE_PATTERN.fullmatch(text)
    return match_to_iso(match) if match else None


def match_to_iso(match: re.Match[str]) -> str | None:
    """Return the ISO 8601 of a match of WRITTEN; None for an impossible day or time."""
    try:
        return _to_iso(match)
    except ValueError:
        return None


def _to_iso(match: re.Match[str]) -> str | None:
    year, month, day = _year_month_day(match)
    hour = match["hour"]
    if hour is None:
        return datetime(year, month, day).date().isoformat()  # noqa: DTZ001 - no zone is known
    time = datetime(  # noqa: DTZ001 - the zone, where there is one, is added as it was written
        year, month, day, _to_24_hours(int(hour), match["half"]), int(match["minute"]),
        int(match["second"] or 0),
    )  # fmt: skip
    zone = match["zone"] or ""
    zone = "Z" if match["utc"] else f"{zone[:3]}:{zone[-2:]}" if zone else ""
    iso = time.isoformat(timespec="seconds" if match["second"] else "minutes") + zone
    datetime.fromisoformat(iso)  # a zone offset of 99 hours is invalid
    return iso


def _year_month_day(match: re.Match[str]) -> tuple[int, int, int]:
    """Return year, month and day. Raises ValueError if they are ambiguous."""
    if match["y0"]:
        return int(match["y0"]), int(match["m0"]), int(match["d0"])
    if match["y1"]:
        return int(match["y1"]), int(match["m1"]), int(match["d1"])
    if match["y2"]:
        day, month = int(match["d2"]), int(match["m2"])
        if match["s2"] != "." and day != month:
            if day <= 12 and month <= 12:
                raise ValueError("ambiguous day and month")
            day, month = (day, month) if month <= 12 else (month, day)
        return int(match["y2"]), month, day
    name, day_text, year = (match[f"{k}{3 if match['y3'] else 4}"] for k in "mdy")
    month = _MONTH_NUMBERS.get(name.rstrip(".").casefold(), 0)
    return int(year), month, int(day_text)


def _to_24_hours(hour: int, half: str | None) -> int:
    """Convert an hour to the 24-hour clock. Raises ValueError for 13 p.m."""
    if half is None:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError("not an hour of the 12-hour clock")
    return hour % 12 + (12 if half in "Pp" else 0)
