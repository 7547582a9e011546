"""Times as feeds write them, to ISO 8601: kept in their own zone and precision."""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import parsedate_to_datetime

_ISO = re.compile(r"\d{4}-\d\d")
_ZONE = re.compile(r"(?<=\d)([+-]\d\d)(\d\d)\Z")
_LONGEST = 100


def iso(text: str | None) -> str | None:
    """Read ISO 8601 or RFC 822 (5, with 1123's years); None for anything else."""
    text = (text or "").strip()
    if not text or len(text) > _LONGEST:
        return None
    if _ISO.match(text):
        return _as_it_is(text)
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return when.isoformat().replace("+00:00", "Z")


def _as_it_is(text: str) -> str | None:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return None
    return _ZONE.sub(r"\1:\2", text) if ":" in text else text
