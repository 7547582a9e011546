"""Timestamps as sources write them: ISO 8601, often without a time zone, sometimes invalid.

A timestamp is stored as its source wrote it; these functions only parse and compare it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

MINUTE = timedelta(minutes=1)
# A date alone or with a time after T or a space (RFC 3339): other separators are not ISO 8601.
_ISO_PATTERN = re.compile(
    r"[0-9]{4}(?:-[0-9]{2}-[0-9]{2}|[0-9]{4}|-?W[0-9]{2}(?:-?[0-9])?)(?:[Tt ][0-9].*)?"
)
_match_iso = _ISO_PATTERN.fullmatch
# The forms of ISO 8601 that HTML allows (https://html.spec.whatwg.org/#global-dates-and-times).
_is_html = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,3})?)?"
    r"(?:Z|(?!-00:?00)[+-][0-9]{2}:?[0-9]{2})?)?"
).fullmatch


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


def html_time(iso: str) -> str:
    """Return a time as the attribute `datetime` of HTML has it.

    It stays as the source wrote it if HTML allows that; some sources write microseconds, which it
    does not allow. What is no time is returned as it is, and so is what UTC cannot say.
    """
    time = None if _is_html(iso) else parse(iso)
    if time is None:
        return iso
    offset = time.utcoffset()
    if offset is not None and (not offset or offset % MINUTE):  # also -00:00 is not allowed
        try:
            time = time.astimezone(UTC)
        except OverflowError:  # in the first or the last day of all
            return iso
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


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
