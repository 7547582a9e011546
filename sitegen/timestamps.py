"""Timestamps as sources write them: ISO 8601, often without a time zone, sometimes invalid.

A timestamp is stored as its source wrote it; these functions only parse and compare it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

# A date alone or with a time after T or a space (RFC 3339): other separators are not ISO 8601.
_SHAPE = re.compile(
    r"[0-9]{4}(?:-[0-9]{2}-[0-9]{2}|[0-9]{4}|-?W[0-9]{2}(?:-?[0-9])?)(?:[Tt ][0-9].*)?"
)
_match_shape = _SHAPE.fullmatch


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
    if text[10:11] != "T" and _match_shape(text) is None:  # the first test settles nearly all
        return False
    return parse(text) is not None


def instant(iso: str | None) -> float | None:
    """Return seconds since 1970 in UTC; a time without a zone is taken as UTC."""
    when = parse(iso)
    return seconds(when) if when else None


def seconds(when: datetime) -> float:
    """Return a datetime as seconds since 1970 in UTC, year 1 included."""
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
