"""Instagram's first export (2018): `media.json` with lists of files, not of posts.

Every file is `{caption, taken_at, path, location}`; the files of one post share their caption and
their second. Where they were taken is private, and is never read.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sitegen.model import Json

POSTS = ("photos", "videos")
_LISTS = (*POSTS, "stories", "direct", "profile")


def is_media(value: Mapping[str, Json]) -> bool:
    """Return whether an object has lists of files as in that export."""
    files = [inner for key in _LISTS for inner in _each(value.get(key))]
    return any(isinstance(each, dict) and "path" in each and "taken_at" in each for each in files)


def records(value: Mapping[str, Json]) -> list[Any]:
    """Convert the lists to post records in the shape of later exports."""
    all_records: list[Any] = []
    posts: dict[tuple[str, int], dict[str, Any]] = {}
    for each in (inner for key in POSTS for inner in _each(value.get(key))):
        if not isinstance(each, dict):
            all_records.append(each)
            continue
        caption, second = each.get("caption"), _second(each.get("taken_at"))
        medium = {"uri": each.get("path"), "creation_timestamp": second or each.get("taken_at")}
        key = caption if isinstance(caption, str) else "", second or 0
        if second and key in posts:
            posts[key]["media"].append(medium)
            continue
        post = {"media": [medium], "title": caption}
        all_records.append(post)
        posts[key] = post
    return all_records


def _each(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _second(taken_at: Json) -> int | None:
    """Return a time as seconds; Instagram's clocks are UTC if they name no zone."""
    if not isinstance(taken_at, str):
        return None
    try:
        when = datetime.fromisoformat(taken_at)
        return int((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return None
