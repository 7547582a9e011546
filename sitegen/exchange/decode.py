"""Decode posts from the exchange format: the types of `Record` say what fits."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

from msgspec import ValidationError, convert
from msgspec.json import Decoder

from sitegen import timestamps
from sitegen.errors import SourceError
from sitegen.exchange import privacy_words, record
from sitegen.formats import json_text
from sitegen.formats.json_fields import StrictFields
from sitegen.model import Facet, FacetKind, Post
from sitegen.text import richtext

FACET_KINDS: tuple[str, ...] = get_args(FacetKind)
Decoded = tuple[Post, str | None, int]  # a post, the thread and the position that its line states
# Where a post is listed and what its text shows, which content/ has in other places.
_OUTSIDE = frozenset(("thread", "position", "text", "links", "facets"))
_decode = Decoder(record.Record).decode


def line(data: bytes, path: Path, number: int) -> Decoded | None:
    """Read a line of a file as `encode.lines` writes them; return None for a blank one.

    Its times are ISO 8601, and no field that may be meant to keep it private is misread: of
    duplicate keys the last counts, except for privacy keys. Raises SourceError.
    """
    try:
        has_plain_keys = b"\\u00" not in data and data.count(b'"visibility"') < 2
        found = _decode(data) if has_plain_keys else None
    except (ValueError, RecursionError):
        found = None
    if found is None:
        return _any_line(data, path, number)
    post = _checked(StrictFields({}, path, number, SourceError), found, ())
    return post, found.thread, found.position or 0


def _any_line(data: bytes, path: Path, number: int) -> Decoded | None:
    """Read a line that has fields outside the schema, null for a list, or an error."""
    text = _text(data, path, number)
    if not text.strip():
        return None
    fields = StrictFields(_object(text, path, number), path, number, SourceError)
    source = privacy_words.hide_closed(fields, record.NAMES)
    found = _record(source, source.values)
    return _checked(source, found, _extra(source)), found.thread, found.position or 0


def post(
    source: StrictFields, text: str, facets: tuple[Facet, ...], links: tuple[str, ...]
) -> Post:
    """Read a post from a record, given its text and what the text shows.

    `facets` and `links` are used as they are; the record's own are up to the caller.
    Fields outside the schema become the post's extra. Raises the record's error.
    """
    fields = {key: value for key, value in source.values.items() if key not in _OUTSIDE}
    found = _record(source, fields | {"text": text, "links": list(links)})
    read = record.post(found, facets, _extra(source))
    _refuse_blank(source, read)
    return read


def _text(data: bytes, path: Path, number: int) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise SourceError(
            f"is not UTF-8 (byte {data[error.start]:#04x})",
            path=path,
            line=number,
            hint="export the file again as UTF-8.",
        ) from error


def _object(text: str, path: Path, number: int) -> dict[str, Any]:
    try:
        fields = json.loads(
            text,
            parse_constant=json_text.reject_constant,
            parse_float=json_text.parse_finite,
            object_pairs_hook=_without_doubles,
        )
    except (ValueError, RecursionError) as error:
        raise SourceError(
            f"not a JSON object: {getattr(error, 'msg', error)}",
            path=path,
            line=number,
            hint="each line must be one whole JSON object; is the file cut off?",
        ) from error
    if not isinstance(fields, dict):
        raise SourceError("not a JSON object", path=path, line=number, hint="write {…} a line.")
    return fields


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        if twice := next((key for key in privacy_words.KEYS if names.count(key) > 1), None):
            raise ValueError(f'"{twice}" is there twice')
    return found


def _record(source: StrictFields, fields: Mapping[str, Any]) -> Any:
    """Return the fields of the schema as a `Record`. Raises the source's error."""
    known = {k: v for k, v in fields.items() if k in record.NAMES and v is not None}
    if known.get("visibility") == "public":
        del known["visibility"]
    try:
        return convert(known, record.Record)
    except (ValidationError, UnicodeEncodeError):  # null, other fields in a field, or an error
        pass
    from sitegen.formats.conform import MismatchError, conform

    try:
        return convert(conform(known, record.Record), record.Record)
    except MismatchError as error:
        raise source.wrong(error.path, error.expected, error.value) from error


def _extra(source: StrictFields) -> record.Extra:
    """Return the fields outside the schema, as JSON."""
    return tuple(
        [
            (key, json.dumps(value, ensure_ascii=False))
            for key, value in source.values.items()
            if key not in record.NAMES
        ]
    )


def _checked(source: StrictFields, found: Any, extra: record.Extra) -> Post:
    """Return the post of a record, after what types do not check. Raises the source's error."""
    if found.facets is None:
        facets = richtext.locate_with_inputs(found.text, found.links, found.mentions, found.tags)
    else:
        facets = _in_order(source, found.facets, found.text)
    post = record.post(found, facets, extra)
    _refuse_blank(source, post)
    for path, time in _times(post):
        if time is not None and not timestamps.is_iso(time):
            raise source.wrong(path, "a time in ISO 8601, such as 2024-05-02T10:00:00Z", time)
    return post


def _refuse_blank(source: StrictFields, post: Post) -> None:
    """Check that what names a post is not blank. Raises the source's error."""
    for path, name in _names(post):
        if not name or name.isspace():
            raise source.wrong(path, "a text that is not empty", name)


def _names(post: Post) -> Iterator[tuple[str, str]]:
    yield "id", post.id
    yield "network", post.network
    for key, others in (("elsewhere", post.elsewhere), ("also", post.also)):
        for at, other in enumerate(others):
            yield f"{key}[{at}].id", other.id


def _times(post: Post) -> Iterator[tuple[str, str | None]]:
    yield "created_at", post.created_at
    yield "edited_at", post.edited_at
    for at, version in enumerate(post.history):
        yield f"history[{at}].created_at", version.created_at
    if post.poll:
        yield "poll.ends_at", post.poll.ends_at


def _in_order(source: StrictFields, listed: tuple[Facet, ...], text: str) -> tuple[Facet, ...]:
    """Return facets in order: within the text, without overlaps. Raises the source's error."""
    for at, facet in enumerate(listed):
        if not facet.start < facet.end <= len(text):
            raise source.wrong(f"facets[{at}].end", "a place in the text after start", facet.end)
    facets = tuple(sorted(listed))
    for before, after in pairwise(facets):
        if after.start < before.end:
            raise source.wrong("facets", "free of overlaps", [after.start, after.end])
    return facets
