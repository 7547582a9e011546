"""Times as sources write them: ISO 8601, often without a zone, sometimes absurd.

A time is kept as the text it came as; these functions only compare and cut it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

# A date alone or with a time after T or a space (RFC 3339): other signs between are not ISO 8601.
_SHAPE = re.compile(
    r"[0-9]{4}(?:-[0-9]{2}-[0-9]{2}|[0-9]{4}|-?W[0-9]{2}(?:-?[0-9])?)(?:[Tt ][0-9].*)?"
)
_find = _SHAPE.fullmatch


def parse(iso: str | None) -> datetime | None:
    """Read ISO 8601 (https://www.w3.org/TR/NOTE-datetime); None when it is not that."""
    if not iso:
        return None
    try:
        return datetime.fromisoformat(iso)
    except ValueError:
        return None


def is_iso(written: str) -> bool:
    """Tell whether a text is ISO 8601, as `created_at` must be in the export schema."""
    if written[10:11] != "T" and _find(written) is None:  # nearly all are as the first says
        return False
    return parse(written) is not None


def instant(iso: str | None) -> float | None:
    """Return seconds since 1970 in UTC; a time without a zone counts as UTC."""
    when = parse(iso)
    return seconds(when) if when else None


def seconds(when: datetime) -> float:
    """Return a time as seconds since 1970 in UTC, year 1 included."""
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
