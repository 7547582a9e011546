"""Polls and link previews, from the few archives that have the cards of tweets."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from sitegen.formats.json_fields import LenientFields
from sitegen.model import Card, Poll, PollOption
from sitegen.sources.x.files.times import iso
from sitegen.text import richtext

MAX_CHOICES = 4


def poll_of(card: Mapping[str, Any] | None) -> Poll | None:
    """Read a poll from a card called `poll<N>choice_...`."""
    fields = LenientFields(card or {}, Counter())
    if not re.match(r"poll[0-9]choice", fields.text("name")):
        return None
    values = _values(fields)
    options = tuple(
        PollOption(label, values.count(f"choice{n}_count"))
        for n in range(1, MAX_CHOICES + 1)
        if (label := values.text(f"choice{n}_label"))
    )
    return Poll(options, iso(values.text("end_datetime_utc"))) if options else None


def card_of(card: Mapping[str, Any] | None) -> Card | None:
    """Read the preview of a linked page."""
    fields = LenientFields(card or {}, Counter())
    values = _values(fields)
    title, url = values.text("title"), values.text("card_url") or values.text("url")
    if not title or fields.text("name").startswith("poll"):
        return None
    return Card(title, values.text("description"), url if richtext.safe_url(url) else None)


def _values(card: LenientFields) -> LenientFields:
    """Return a card's texts by name; they come as an object or as a list of pairs."""
    values = card.values.get("binding_values")
    if isinstance(values, list):
        pairs = [
            (pair.text("key"), pair.record("value")) for pair in card.records("binding_values")
        ]
    else:
        by_name = card.record("binding_values")
        pairs = [(name, by_name.record(name)) for name in by_name.values]
    return card.nested("", {name: value.text("string_value") for name, value in pairs})
