"""Polls and link previews, from the few archives that have the cards of tweets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sitegen.model import Card, Poll, PollOption
from sitegen.sources.x.files.times import iso
from sitegen.text import richtext

MAX_CHOICES = 4


def poll_of(card: Mapping[str, Any] | None) -> Poll | None:
    """Read a poll from a card called `poll<N>choice_...`."""
    if not card or not re.match(r"poll[0-9]choice", _name(card)):
        return None
    values = _values(card)
    options = tuple(
        PollOption(label, _count(values.get(f"choice{n}_count")))
        for n in range(1, MAX_CHOICES + 1)
        if (label := values.get(f"choice{n}_label"))
    )
    return Poll(options, iso(values.get("end_datetime_utc"))) if options else None


def card_of(card: Mapping[str, Any] | None) -> Card | None:
    """Read the preview of a linked page."""
    if not card or _name(card).startswith("poll"):
        return None
    values = _values(card)
    url = values.get("card_url") or values.get("url")
    if not values.get("title"):
        return None
    safe = url if url and richtext.is_safe_url(url) else None
    return Card(values["title"], values.get("description", ""), safe)


def _name(card: Mapping[str, Any]) -> str:
    name = card.get("name")
    return name if isinstance(name, str) else ""


def _values(card: Mapping[str, Any]) -> dict[str, str]:
    """Return a card's values by name; they come as an object or as a list of pairs."""
    values = card.get("binding_values")
    pairs = values.items() if isinstance(values, dict) else ()
    if isinstance(values, list):
        pairs = [(v.get("key"), v.get("value")) for v in values if isinstance(v, dict)]  # type: ignore[assignment]
    found = {}
    for key, value in pairs:
        text = value.get("string_value") if isinstance(value, dict) else None
        if isinstance(key, str) and isinstance(text, str) and text:
            found[key] = text
    return found


def _count(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"[0-9]{1,12}", text) else None
