"""Parse the times of feeds to ISO 8601, in their own zone and precision.

Null dates, such as WordPress's "-0001-11-30" or "0000-00-00", are no times.
"""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import parsedate_to_datetime

_ISO = re.compile(r"\d{4}-\d\d")
_SLASHES = re.compile(r"(\d{4})/(\d\d)/(\d\d)(?!\d)(?:[ T](?=\d))?")
_CLOCK = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ]+(\d\d:\d\d\S*)(?: +([+-]\d\d:?\d\d|UTC|GMT|Z))?")
_ZONE = re.compile(r"(?<=\d)([+-]\d\d)(\d\d)\Z")
_RFC_822 = re.compile(
    r"(?:[A-Za-z]+\.?,?\s+)?(\d{1,2})(?:\s+|-)(?P<month>[A-Za-z]{3,9})\.?,?(?:\s+|-)"
    r"(?P<year>[1-9]\d{3}|\d\d)(?![\d-])(?P<rest>.*)",
    re.DOTALL,
)
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_MAX_LETTERS = 100


def iso(text: str | None) -> str | None:
    """Parse ISO 8601 or RFC 822 (section 5), also with RFC 1123's years; None for anything else."""
    text = (text or "").strip()
    if not text or len(text) > _MAX_LETTERS:
        return None
    if match := _SLASHES.match(text):
        rest = text[match.end() :]
        text = "-".join(match.groups()) + (f"T{rest}" if rest else "")
    return _from_iso(text) if _ISO.match(text) else _from_rfc_822(text)


def _from_iso(text: str) -> str | None:
    if match := _CLOCK.fullmatch(text):
        zone = match[3] or ""
        text = f"{match[1]}T{match[2].upper()}{'Z' if zone in ('UTC', 'GMT') else zone}"
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    if ":" not in text:
        return text if text == when.date().isoformat() else None
    return _ZONE.sub(r"\1:\2", text) if "T" in text else None


def _from_rfc_822(text: str) -> str | None:
    """Parse a time of RFC 822, also with the full name of a month."""
    match = _RFC_822.fullmatch(text)
    month = match["month"].lower() if match else ""
    if not match or not any(name.startswith(month) or month == "sept" for name in _MONTHS):
        return None
    rest = match["rest"].strip()
    plain = f"{match[1]} {month[:3]} {match['year']} {rest or '00:00'}"
    try:
        when = parsedate_to_datetime(plain)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return when.isoformat().replace("+00:00", "Z") if rest else when.date().isoformat()
