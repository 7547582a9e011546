"""Timestamps as sources write them: ISO 8601, often without a time zone, sometimes invalid.

A timestamp is stored as its source wrote it; these functions only parse and compare it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

# A date alone or with a time after T or a space (RFC 3339): other separators are not ISO 8601.
_ISO_PATTERN = re.compile(
    r"[0-9]{4}(?:-[0-9]{2}-[0-9]{2}|[0-9]{4}|-?W[0-9]{2}(?:-?[0-9])?)(?:[Tt ][0-9].*)?"
)
_match_iso = _ISO_PATTERN.fullmatch


def parse(iso: str | None) -> datetime | None:
    """Parse ISO 8601 (https://www.w3.org/TR/NOTE-datetime); None for anything else."""
    if not iso:
        return None
    try:
        return datetime.fromisoformat(iso)
    except ValueError:
        return None


def is_iso(text: str) -> bool:
    """Return whether a text is ISO 8601, as `created_at` must be in the export schema."""
    if text[10:11] != "T" and _match_iso(text) is None:  # the first test decides nearly all
        return False
    return parse(text) is not None


def instant(iso: str | None) -> float | None:
    """Return a timestamp as seconds since 1970 in UTC; without a zone it is taken as UTC."""
    time = parse(iso)
    return seconds(time) if time else None


def sort_key(iso: str | None) -> tuple[bool, float]:
    """Return the sort key of a time: unknown times come last."""
    time = instant(iso)
    return time is None, time or 0.0


def seconds(time: datetime) -> float:
    """Return a datetime as seconds since 1970 in UTC, year 1 included."""
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()
