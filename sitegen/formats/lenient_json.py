"""Read JSON leniently: byte order marks, trailing commas, NaN, or several values in a row.

All importers of JSON share these rules. Valid JSON is decoded strictly; only what fails is parsed
leniently.
"""

from __future__ import annotations

import codecs
import json
import math
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from sitegen.errors import SourceError

MAX_HEAD_DEPTH = 200
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
# An unclosed string matches to the end, so that no position is scanned twice.
_STRING_OR_COMMA = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"?|,(?=\s*[\]}])', re.DOTALL)
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[\]{},]', re.DOTALL)
_WHOLE_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_WHOLE_ESCAPES = re.compile(r'"(?:[^"\\]+|\\u[0-9A-Fa-f]{4}|\\[^u])*', re.DOTALL)
_SPACE = re.compile(r"[\s,\x1e]*")  # RFC 7464 begins each value with a record separator
_CLOSING = {"{": "}", "[": "]"}


class BrokenLine(Struct, frozen=True):
    """A line of JSON lines that is not valid JSON."""

    number: int


def to_utf8(data: bytes) -> bytes:
    """Decode a file as UTF-8 without a byte order mark; UTF-16 needs the mark."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace").encode("utf-8", "surrogatepass")
    return data.removeprefix(codecs.BOM_UTF8)


def strip_trailing_commas(data: bytes) -> bytes:
    """Remove trailing commas from lists and objects."""
    return _STRING_OR_COMMA.sub(lambda match: b"" if match[0] == b"," else match[0], data)


def loads(data: bytes) -> Any:
    """Read one value. Raises ValueError with the reason."""
    text = to_utf8(data)
    try:
        return msgspec.json.decode(text)
    except _UNREADABLE:
        pass  # the standard library accepts lone surrogates and reports positions
    try:
        return _loads_standard(text)
    except ValueError as error:
        without_commas = strip_trailing_commas(text)
        if len(without_commas) == len(text):
            raise
        try:
            return _loads_standard(without_commas)
        except ValueError:
            raise error from None  # give the line within the file


def read_documents(data: bytes) -> list[Any]:
    """Read one value, JSON lines, or values in a row; a broken line becomes `BrokenLine`.

    Raises ValueError if there is no complete value.
    """
    try:
        return [loads(data)]
    except ValueError as error:
        text = to_utf8(data)
        lines = _read_lines(text)
        is_whole = bool(lines) and BrokenLine not in map(type, lines)
        values = lines if is_whole else _read_consecutive(text) or lines
        if not values:
            raise error from None
        return values


def read_head(head: bytes) -> list[Any]:
    """Read the values at the beginning of a file from its first bytes.

    A value that is cut off is closed, so that it has everything before the cut.
    """
    text = strip_trailing_commas(to_utf8(head)).decode("utf-8", "ignore")
    if not text.lstrip(" \t\r\n\x1e").startswith(("{", "[")):
        return []
    try:
        return list(_raw_values(_close_brackets(text)))
    except json.JSONDecodeError as error:
        text = _close_brackets(text[: error.pos])  # everything before the fault
    except RecursionError:
        return []
    values: list[Any] = []
    with suppress(ValueError, RecursionError):  # keep the values before another fault
        values.extend(_raw_values(text))
    return values


def object_of(data: bytes) -> dict[str, Any] | None:
    """Read one object; return None for anything else."""
    try:
        value = loads(data)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def not_json(error: Exception, path: Path | str, hint: str) -> SourceError:
    """Return the error for a file that is not whole JSON, with its line if that is known."""
    line, why = getattr(error, "lineno", None), getattr(error, "msg", "") or str(error)
    if isinstance(error, UnicodeDecodeError):
        line, why = error.object.count(b"\n", 0, error.start) + 1, "not UTF-8"
    elif isinstance(error, RecursionError):
        why = "it is too deep"
    return SourceError(f"is not whole JSON: {why}", path=path, line=line, hint=hint)


def _close_brackets(text: str) -> str:
    """Close the lists and objects of a text that is cut off, after its last complete value."""
    closing: list[str] = []
    end, quote = 0, ""
    for token in _TOKEN.finditer(text):
        mark = token[0]
        if mark in _CLOSING:
            closing.append(_CLOSING[mark])
            end = token.end()
        elif mark in ("}", "]"):
            if not closing or closing.pop() != mark:
                break
            end = token.end()
        elif mark == ",":
            end = token.start()
        elif token.end() == len(text) and _is_cut_value(token):
            end, quote = _string_end(token), '"'
        if len(closing) == MAX_HEAD_DEPTH:
            break
    return text[:end] + quote + "".join(reversed(closing))


def _is_cut_value(token: re.Match[str]) -> bool:
    """Return whether the last token is the string of a key that is cut off."""
    is_cut = _WHOLE_STRING.fullmatch(token[0]) is None
    return is_cut and token.string[max(0, token.start() - 8) : token.start()].rstrip()[-1:] == ":"


def _string_end(token: re.Match[str]) -> int:
    """Return the end of a string that is cut off, without an incomplete escape."""
    match = _WHOLE_ESCAPES.match(token[0])
    return token.start() + (match.end() if match else 0)


def _constant_as_null(name: str) -> None:
    """Read NaN and Infinity, which are not JSON (RFC 8259), as null; other fields survive."""


def _parse_finite(digits: str) -> float | None:
    number = float(digits)
    return number if math.isfinite(number) else None


def _loads_standard(text: bytes) -> Any:
    try:
        return json.loads(text, parse_constant=_constant_as_null, parse_float=_parse_finite)
    except RecursionError as error:
        raise ValueError("it is too deep") from error


def _read_lines(text: bytes) -> list[Any]:
    """Read JSON lines; return none if the first line is not a complete value."""
    lines = [
        (number, line.strip(b" \t\r\x1e"))
        for number, line in enumerate(text.split(b"\n"), 1)
        if line.strip(b" \t\r\x1e")
    ]
    if len(lines) < 2 or isinstance(_read_line(*lines[0]), BrokenLine):
        return []
    return [_read_line(number, line) for number, line in lines]


def _read_line(number: int, line: bytes) -> Any:
    try:
        return loads(line.rstrip(b","))
    except ValueError:
        return BrokenLine(number)


def _read_consecutive(text: bytes) -> list[Any]:
    """Read consecutive values; return none if anything else is between them."""
    try:
        values = list(_raw_values(text.decode()))
    except (ValueError, RecursionError):
        return []
    return values if len(values) > 1 else []


def _raw_values(text: str) -> Iterator[Any]:
    decode = json.JSONDecoder(
        parse_constant=_constant_as_null, parse_float=_parse_finite
    ).raw_decode
    position = _skip_space(text, 0)
    while position < len(text):
        value, position = decode(text, position)
        yield value
        position = _skip_space(text, position)


def _skip_space(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position
