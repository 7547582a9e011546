"""Parse the JavaScript of an archive's files to lists of records, also after edits by hand.

X writes `window.YTD.tweets.part0 = [...]`, before 2018 `Grailbird.data.tweets_2014_05 = [...]`.
People strip the assignment, write `module.exports =` instead, put an object around the list,
append one file to another, or reformat it in an editor. All of that is read; nothing is run.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Raw, Struct

HEAD = 4096
MAX_DEPTH = 4
_MARK = b"\xef\xbb\xbf"
_COMMENTS = rb"(?:\s++|/\*[\s\S]*?\*/|//[^\n]*+(?:\n|\Z)|[\"']use strict[\"'];?)*+"
_TARGET = rb"([A-Za-z_$][\w$]*(?:\.[\w$]+|\[[\"'][\w$]+[\"']\])*)"
_ASSIGNMENT = re.compile(
    _COMMENTS + rb"(?:export\s+default(?=[\s\[{/])"
    rb"|(?:export\s+)?(?:(?:var|let|const)\s+)?"
    + _TARGET
    + rb"\s*=(?!=))?"
    + _COMMENTS
    + rb"(?=[\[{])"
)
_ASSIGNMENT_TEXT = re.compile(_ASSIGNMENT.pattern.decode())
_TRAILER = re.compile(
    r"(?:module\.)?exports(?:\.[\w$]+)?\s*=\s*(?:[\w$.]+|\{[\w\s,$]*\})\s*(?:;|\n|\Z)"
    r"|export\s+default\s+[\w$.]+\s*(?:;|\n|\Z)|export\s*\{[\w\s,$]*\}\s*(?:;|\n|\Z)"
)
_NOT_JSON = re.compile(
    r'"(?:[^"\\]++|\\.)*+"'
    r"|(?P<single>'(?:[^'\\\n]++|\\.)*+')"
    r"|(?P<comment>/\*[\s\S]*?\*/|//[^\n]*)"
    r"|(?P<comma>,(?=(?:\s++|/\*[^*]*\*+(?:[^/*][^*]*\*+)*/|//[^\n]*\n)*[\]}]))"
    r"|(?P<key>(?<=[\s{,])[A-Za-z_$][\w$]*(?=\s*:))"
)
_IN_SINGLE_QUOTES = re.compile(r'\\.|"')
_WORDS = frozenset(("true", "false", "null"))
_MANIFEST = "__THAR_CONFIG"
_WRAPPERS = frozenset(("data", "default", "items", "result", "results", "records", "files"))
_RECORDS = frozenset(
    ("tweet", "noteTweet", "article", "articleMetadata", "account", "profile", "protectedHistory")
)
_SPACE = re.compile(r"[\s,]*")
_BETWEEN = re.compile(r"[\s;]*")
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class Segment(Struct, frozen=True):
    """A list of records, each as JSON, and its variable or key.

    `damaged` says where the list is cut off or broken.
    """

    name: str | None
    records: tuple[bytes | Raw, ...]
    damaged: str | None = None


class Beginning(Struct, frozen=True):
    """The beginning of a file: the variable that it assigns to, and the start of the value."""

    name: str | None
    value: str


def as_utf8(data: bytes) -> bytes:
    """Return a file's bytes as UTF-8 without a byte order mark: editors on Windows save UTF-16."""
    if encoding := _utf_16(data):
        data = data.decode(encoding, "replace").encode("utf-8", "replace")
    while data.startswith(_MARK):
        data = data[len(_MARK) :]
    return data


def beginning_of(data: bytes) -> Beginning | None:
    """Return the beginning of a file; None if it is not JavaScript with data."""
    data = as_utf8(data)
    match = _ASSIGNMENT.match(data)
    if match is None:
        return None
    return Beginning(_name(match), data[match.end() :].decode("utf-8", "replace"))


def segments_of(data: bytes) -> tuple[Segment, ...]:
    """Read all lists of records in a file."""
    data = as_utf8(data)
    match = _ASSIGNMENT.match(data)
    body = memoryview(data)[match.end() if match else 0 : _end_of_body(data)]
    try:
        if bytes(body[:1]) == b"[":
            records = tuple(msgspec.json.decode(body, type=list[Raw]))
            return (Segment(_name(match), records),)
    except _UNREADABLE:
        pass
    return tuple(_scan(data)) or (Segment(None, (), "an empty file"),)


def object_of(data: bytes) -> dict[str, Any] | None:
    """Read a file that assigns one object; None for any other."""
    text = _NOT_JSON.sub(_to_json, as_utf8(data).decode("utf-8", "surrogateescape"))
    match = _ASSIGNMENT_TEXT.match(text)
    value = _decode(text, match.end() if match else 0)
    return value[0] if value and isinstance(value[0], dict) else None


def _utf_16(data: bytes) -> str | None:
    if data.startswith(b"\xff\xfe") or (data[1:2] == b"\0" and data[:1] != b"\0"):
        return "utf-16-le"
    if data.startswith(b"\xfe\xff") or (data[:1] == b"\0" and data[1:2] not in (b"\0", b"")):
        return "utf-16-be"
    return None


def _end_of_body(data: bytes) -> int:
    end = len(data)
    while end and data[end - 1] in b" \t\r\n;":
        end -= 1
    return end


def _name(match: re.Match[bytes] | None) -> str | None:
    return match[1].decode("ascii", "replace") if match and match[1] else None


# Anything but a single plain list


def _scan(data: bytes) -> Iterator[Segment]:
    """Read one value after the other, each with its variable, until the file is broken."""
    text = _NOT_JSON.sub(_to_json, data.decode("utf-8", "surrogateescape"))
    loose: list[bytes] = []  # consecutive records without a list around them
    damaged = None
    place = _skip_trailers(text, 0)
    while place < len(text) and not damaged:
        match = _ASSIGNMENT_TEXT.match(text, place)
        if match and text[match.end()] == "[":
            segment, place = _list(text, match.end(), match[1])
            yield segment
            if segment.damaged:
                return
        elif match and (decoded := _decode(text, match.end())):
            value, place = decoded
            segments = tuple(_lists_of_object(value, match[1]))
            loose += [] if segments else [_encode(value)]
            yield from segments
        else:
            damaged = _describe_damage(text, place, len(loose))
        place = _skip_trailers(text, place)
    if loose or damaged:
        yield Segment(None, tuple(loose), damaged)


def _skip_trailers(text: str, place: int) -> int:
    """Return where the next value begins, after statements such as `module.exports = tweets;`."""
    place = _skip(_BETWEEN, text, place)
    while match := _TRAILER.match(text, place):
        place = _skip(_BETWEEN, text, match.end())
    return place


def _decode(text: str, place: int) -> tuple[Any, int] | None:
    """Decode the JSON at a position; None if there is none."""
    try:
        return json.JSONDecoder().raw_decode(text, place)
    except (ValueError, RecursionError):
        return None


def _lists_of_object(value: Any, name: str | None) -> Iterator[Segment]:
    """Yield the lists in an object; none for a record that is not assigned to a variable."""
    is_manifest = (name or "").endswith(_MANIFEST)
    segments = () if is_manifest else tuple(_nested_lists(value, name, 0))
    yield from segments
    if name and not segments:
        yield Segment(name, (_encode(value),))


def _to_json(match: re.Match[str]) -> str:
    """Remove a comment or trailing comma; use JSON's quotes."""
    if match["comment"]:
        return "\n" * match["comment"].count("\n") or " "  # lines keep their numbers
    if match["single"]:
        return f'"{_IN_SINGLE_QUOTES.sub(_requote, match["single"][1:-1])}"'
    if match["key"]:
        return f'"{match["key"]}"' if match["key"] not in _WORDS else match[0]
    return "" if match["comma"] else match[0]


def _requote(match: re.Match[str]) -> str:
    return {"\\'": "'", '"': '\\"'}.get(match[0], match[0])


def _list(text: str, start: int, name: str | None) -> tuple[Segment, int]:
    """Read a list of records as far as possible."""
    records: list[bytes] = []
    place = _skip(_SPACE, text, start + 1)
    while place < len(text) and text[place] != "]" and (item := _decode(text, place)):
        records.append(text[place : item[1]].encode("utf-8", "surrogateescape"))
        place = _skip(_SPACE, text, item[1])
    is_whole = text[place : place + 1] == "]"
    damaged = None if is_whole else _describe_damage(text, place, len(records))
    return Segment(name, tuple(records), damaged), place + 1


def _describe_damage(text: str, place: int, records: int) -> str:
    """Describe the part of a file that cannot be read."""
    line = text.count("\n", 0, place) + 1
    return f"what comes after record {records}, from line {line}"


def _nested_lists(value: Any, name: str | None, depth: int) -> Iterator[Segment]:
    """Yield the lists in nested objects that are not records themselves."""
    if not isinstance(value, dict) or is_record(value) or depth > MAX_DEPTH:
        return
    records = [_encode(v) for v in value.values() if isinstance(v, dict) and is_record(v)]
    if records:
        yield Segment(name, tuple(records))
    for key, inner in value.items():
        own = name if key in _WRAPPERS else key
        if isinstance(inner, list) and any(isinstance(item, dict) for item in inner):
            yield Segment(own, tuple(_encode(item) for item in inner))
        else:
            yield from _nested_lists(inner, own, depth + 1)


def is_record(value: dict[str, Any]) -> bool:
    """Return whether an object is a tweet or a wrapped record, such as `{"tweet": {...}}`."""
    if len(value) == 1:
        key, inner = next(iter(value.items()))
        return key in _RECORDS and isinstance(inner, dict)
    return ("id_str" in value or "id" in value) and ("full_text" in value or "text" in value)


def _encode(value: Any) -> bytes:
    return json.dumps(value).encode()


def _skip(pattern: re.Pattern[str], text: str, place: int) -> int:
    match = pattern.match(text, place)
    return match.end() if match else place
