"""Convert facets: from positions in bytes, or in UTF-16 units, to positions in characters.

`app.bsky.richtext.facet` counts bytes of UTF-8; `app.bsky.feed.post#entity`, of 2023, counts
UTF-16 units. Of two that overlap the one that begins first counts, as in the app.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter

from msgspec import Struct

from sitegen.model import Facet, FacetKind
from sitegen.sources.at_uris import handle, is_did
from sitegen.sources.bluesky.records.record_fields import RecordFields
from sitegen.sources.post_parts import targets
from sitegen.text.facets import is_safe_url

LEFT_OUT = "facets left out: "
LEGACY_KINDS = {"link": "link", "mention": "mention", "hashtag": "tag", "tag": "tag"}
_FEATURES = {
    "app.bsky.richtext.facet#link": ("link", "uri"),
    "app.bsky.richtext.facet#mention": ("mention", "did"),
    "app.bsky.richtext.facet#tag": ("tag", "tag"),
}
Place = tuple[int, int, RecordFields]


class RichText(Struct, frozen=True):
    """The facets of a text, and the DIDs of the handles that it mentions."""

    facets: tuple[Facet, ...] = ()
    accounts: tuple[tuple[str, str], ...] = ()

    def values(self, kind: FacetKind) -> tuple[str, ...]:
        """Return the targets of all facets of a kind, each once."""
        return targets(self.facets, kind)


def rich_text(record: RecordFields, text: str) -> RichText:
    """Return the facets of a post's record in order, without overlaps.

    Facets without a valid position or target are left out and counted.
    """
    if "facets" in record:
        indexed = [(f, f.record("index")) for f in record.records("facets")]
        places = _complete(
            [(i.count("byteStart"), i.count("byteEnd"), f) for f, i in indexed], record
        )
        return _place(places, _Utf8(text), text, record)
    if "entities" in record:
        indexed = [(e, e.record("index")) for e in record.records("entities")]
        places = _complete([(i.count("start"), i.count("end"), e) for e, i in indexed], record)
        return _place(places, _Utf16(text), text, record)
    return RichText()


class _Utf8:
    """A text as its bytes."""

    def __init__(self, text: str) -> None:
        self._data = text.encode("utf-8", "surrogatepass")
        self.size = len(self._data)

    def begins(self, at: int) -> bool:
        """Return whether a character begins here, or the text ends."""
        return at == self.size or self._data[at] & 0xC0 != 0x80

    def characters(self, start: int, end: int) -> int:
        """Count the characters between two places where some begin."""
        return len(self._data[start:end].decode("utf-8", "surrogatepass"))


class _Utf16:
    """A text as its UTF-16 units."""

    def __init__(self, text: str) -> None:
        self._data = text.encode("utf-16-be", "surrogatepass")
        self.size = len(self._data) // 2

    def begins(self, at: int) -> bool:
        """Return whether a character begins here, or the text ends."""
        if not 0 < at < self.size:
            return True
        before, here = self._data[2 * at - 2], self._data[2 * at]
        return before & 0xFC != 0xD8 or here & 0xFC != 0xDC

    def characters(self, start: int, end: int) -> int:
        """Count the characters between two places where some begin."""
        return len(self._data[2 * start : 2 * end].decode("utf-16-be", "surrogatepass"))


def _complete(
    indexed: Iterable[tuple[int | None, int | None, RecordFields]], record: RecordFields
) -> list[Place]:
    """Return the facets with both positions, in order of their start."""
    places = []
    for start, end, fields in indexed:
        if start is None or end is None:
            record.oddities[f"{LEFT_OUT}without a place"] += 1
        else:
            places.append((start, end, fields))
    places.sort(key=itemgetter(0))
    return places


def _place(places: list[Place], units: _Utf8 | _Utf16, text: str, record: RecordFields) -> RichText:
    facets: list[Facet] = []
    accounts: dict[str, str] = {}
    cursor = at = 0  # the same place, in units and in characters
    for start, end, fields in places:
        if fault := _position_error(start, end, cursor, units):
            record.oddities[LEFT_OUT + fault] += 1
            continue
        meaning = _meaning(fields)
        if meaning is None:
            continue
        begin = at + units.characters(cursor, start)
        at = begin + units.characters(start, end)
        cursor = end
        facets.append(_facet(begin, at, meaning, text, accounts))
    return RichText(tuple(facets), tuple(accounts.items()))


def _position_error(start: int, end: int, cursor: int, units: _Utf8 | _Utf16) -> str | None:
    """Return what is wrong with a position, or None."""
    if end <= start:
        return "empty"
    if end > units.size:
        return "past the end of the text"
    if start < cursor:
        return "over another"
    if not (units.begins(start) and units.begins(end)):
        return "inside a character"
    return None


def _facet(
    start: int, end: int, meaning: tuple[FacetKind, str], text: str, accounts: dict[str, str]
) -> Facet:
    """Return a facet; a mention is named by the handle that the text shows, if it shows one."""
    kind, value = meaning
    if kind == "mention" and (name := handle(text[start:end])):
        if is_did(value):
            accounts.setdefault(name, value)
        value = name
    return Facet(start, end, kind, value)


def _meaning(fields: RecordFields) -> tuple[FacetKind, str] | None:
    """Return a facet's target: that of the first feature with a valid one."""
    if "features" not in fields:
        kind = LEGACY_KINDS.get(fields.text("type"))
        return _check(kind, fields.text("value"), fields)
    for feature in fields.records("features"):
        kind, key = _FEATURES.get(feature.kind, (None, ""))
        if kind and (meaning := _check(kind, feature.text(key), feature)):
            return meaning
        if kind is None:
            fields.oddities[f"{LEFT_OUT}of a kind that is not known"] += 1
    return None


def _check(
    kind: str | None, value: str | None, fields: RecordFields
) -> tuple[FacetKind, str] | None:
    """Return a target if it is valid."""
    if kind == "link" and value and is_safe_url(value):
        return "link", value
    if kind == "mention" and value and (is_did(value) or handle(value)):
        return "mention", handle(value) or value
    if kind == "tag" and value and (tag := value.removeprefix("#").removeprefix("＃")):
        return "tag", tag
    fields.oddities[f"{LEFT_OUT}leading nowhere"] += 1
    return None
