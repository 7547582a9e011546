"""Read tweets.csv of an archive before 2018, which is often saved alone: a row for each tweet.

It has the original's id and the targets of links, in their order, but no counts and no names.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

import msgspec

from sitegen.sources.x.files.javascript import Segment, as_utf8

_HEADER = re.compile(r'"?tweet_id"?,"?in_reply_to_status_id"?,', re.IGNORECASE)
_SHORT_LINK = re.compile(r"https?://t\.co/\w+")
_BETWEEN_ADDRESSES = re.compile(r",(?=https?://)")


def is_table(head: bytes) -> bool:
    """Return whether a file begins with the table's column names."""
    return _HEADER.match(as_utf8(head).decode("utf-8", "replace")) is not None


def segments_of(data: bytes) -> tuple[Segment, ...]:
    """Convert the table's rows to records as in tweets.js."""
    text = as_utf8(data).decode("utf-8", "replace").replace("\0", "")
    records: list[bytes] = []
    damaged = None
    try:
        for row in csv.DictReader(io.StringIO(text, newline="")):
            records.append(msgspec.json.encode(_record({k: v or "" for k, v in row.items() if k})))
    except csv.Error:
        damaged = f"what comes after record {len(records)}"
    return (Segment(None, tuple(records), damaged),)


def _record(row: dict[str, str]) -> dict[str, object]:
    text = row.get("text", "")
    original = row.get("retweeted_status_id")
    return {
        "id_str": row.get("tweet_id"),
        "text": text,
        "created_at": row.get("timestamp"),
        "source": row.get("source"),
        "in_reply_to_status_id_str": row.get("in_reply_to_status_id") or None,
        "in_reply_to_user_id_str": row.get("in_reply_to_user_id") or None,
        "retweeted_status": {"id_str": original} if original else None,
        "entities": {"urls": list(_urls(text, row.get("expanded_urls", "")))},
    }


def _urls(text: str, expanded: str) -> Iterator[dict[str, str]]:
    """Pair short links with their targets, if there are equally many."""
    short = list(dict.fromkeys(_SHORT_LINK.findall(text)))
    addresses = [a for a in dict.fromkeys(_BETWEEN_ADDRESSES.split(expanded)) if a.strip()]
    if len(short) == len(addresses):
        yield from ({"url": s, "expanded_url": a} for s, a in zip(short, addresses, strict=True))
    else:
        yield from ({"expanded_url": address} for address in addresses)
