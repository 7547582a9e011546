"""Parse the time formats of X to ISO 8601."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from sitegen import timestamps

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_CLOCK = "[0-9]{2}:[0-9]{2}:[0-9]{2}"
_ENGLISH = re.compile(
    rf"\s*\w+ (\w+) ([0-9]{{1,2}}) ({_CLOCK}) ([+-][0-9]{{2}}):?([0-9]{{2}}) ([0-9]{{4}})\s*"
)
_ISO = re.compile(
    rf"\s*([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})[T ]({_CLOCK})(\.[0-9]+)?"
    r"(?:Z| ?([+-][0-9]{2}):?([0-9]{2}))?\s*"
)


def iso(written: str | None) -> str | None:
    """Return a time in ISO 8601, in its own zone; None if it is not a time.

    Tweets have `Wed Oct 10 20:19:24 +0000 2018`, in English for all languages; before 2018 they
    had `2014-05-14 10:05:00 +0000`.
    """
    converted = _convert(written or "")
    return converted if timestamps.parse(converted) else None


def _convert(written: str) -> str:
    if match := _ENGLISH.fullmatch(written):
        month, day, clock, hours, minutes, year = match.groups()
        if month not in MONTHS:
            return ""
        return f"{year}-{MONTHS.index(month) + 1:02}-{int(day):02}T{clock}{_zone(hours, minutes)}"
    if match := _ISO.fullmatch(written):
        fraction = (match[3] or "").rstrip("0")
        clock = f"{match[2]}{'' if fraction == '.' else fraction}"
        return f"{match[1]}T{clock}{_zone(match[4] or '+00', match[5] or '00')}"
    return ""


def _zone(hours: str, minutes: str) -> str:
    return "Z" if hours[1:] + minutes == "0000" else f"{hours}:{minutes}"


def utc(written: str | None) -> str | None:
    """Return a time in ISO 8601, converted to UTC; None if it is not a time."""
    local = iso(written)
    if local is None or local.endswith("Z"):
        return local
    try:
        when = datetime.fromisoformat(local).astimezone(UTC)
    except OverflowError:
        return None
    return when.isoformat().replace("+00:00", "Z")


def second(written: str | None) -> str | None:
    """Return a time to the second, which a tweet and its long text have in common."""
    time = iso(written)
    return time[:19] if time else None
