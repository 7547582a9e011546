"""Read polls and link previews from the cards of tweets, which few archives have."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sitegen.model import Card, Poll, PollOption
from sitegen.sources.x.files.record_fields import entries
from sitegen.sources.x.files.times import iso
from sitegen.text import richtext

MAX_CHOICES = 4


def poll_of(card: Mapping[str, Any] | None) -> Poll | None:
    """Read a poll from a card with a name such as `poll2choice_text_only`."""
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
    """Read the preview of a linked page from a card."""
    if not card or _name(card).startswith("poll"):
        return None
    values = _values(card)
    url = values.get("card_url") or values.get("url")
    if not values.get("title"):
        return None
    safe = url if url and richtext.safe_url(url) else None
    return Card(values["title"], values.get("description", ""), safe)


def _name(card: Mapping[str, Any]) -> str:
    name = card.get("name")
    return name if isinstance(name, str) else ""


def _values(card: Mapping[str, Any]) -> dict[str, str]:
    """Return the texts among a card's values, by name."""
    texts = ((key, value.get("string_value")) for key, value in entries(card.get("binding_values")))
    return {key: text for key, text in texts if isinstance(text, str) and text}


def _count(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"[0-9]{1,12}", text) else None
