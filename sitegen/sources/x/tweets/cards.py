"""Read polls and link previews from the cards of tweets, which few archives have."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from sitegen.formats.json_fields import LenientFields
from sitegen.model import Card, Poll, PollOption
from sitegen.sources.x.files.record_fields import entries
from sitegen.sources.x.files.record_types import Url
from sitegen.sources.x.files.times import iso
from sitegen.sources.x.tweets.entities import address_of

MAX_CHOICES = 4


def poll_of(card: Mapping[str, Any] | None) -> Poll | None:
    """Read a poll from a card with a name such as `poll2choice_text_only`."""
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


def card_of(card: Mapping[str, Any] | None, links: Iterable[Url]) -> Card | None:
    """Read the preview of a linked page from a card; `links` say where short ones lead."""
    fields = LenientFields(card or {}, Counter())
    values = _values(fields)
    title, url = values.text("title"), values.text("card_url") or values.text("url")
    if not title or fields.text("name").startswith("poll"):
        return None
    expanded = next((link.expanded_url for link in links if url and link.url == url), None)
    return Card(title, values.text("description"), address_of(url, expanded))


def _values(card: LenientFields) -> LenientFields:
    """Return the texts among a card's values, by name."""
    values = entries(card.values.get("binding_values"))
    return card.nested("binding_values", {key: value.get("string_value") for key, value in values})
