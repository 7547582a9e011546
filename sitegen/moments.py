"""Times as sources write them: ISO 8601, often without a zone, sometimes absurd.

A time is kept as the text it came as; these functions only compare and cut it.
"""

from __future__ import annotations

from datetime import UTC, datetime


def parse(iso: str | None) -> datetime | None:
    """Read ISO 8601 (https://www.w3.org/TR/NOTE-datetime); None when it is not that."""
    if not iso:
        return None
    try:
        return datetime.fromisoformat(iso)
    except ValueError:
        return None


def instant(iso: str | None) -> float | None:
    """Return seconds since 1970 in UTC; a time without a zone counts as UTC."""
    when = parse(iso)
    return seconds(when) if when else None


def seconds(when: datetime) -> float:
    """Return a time as seconds since 1970 in UTC, year 1 included."""
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
