"""Unwrap JSON: lists, objects under any key, bodies saved as text, browser captures.

A capture (HAR, http://www.softwareishard.com/blog/har-12-spec/) has everything that a browser
requested during a login: only responses to requests that an importer names are read.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from sitegen.formats import lenient_json


def children(value: Any, is_wanted: Callable[[str], bool]) -> Iterator[tuple[str, Any]]:
    """Yield the contents of an object, list or JSON text with their keys.

    `is_wanted` decides by the address of a request whether to read its response.
    """
    if type(value) is list:
        yield from ((str(number), inner) for number, inner in enumerate(value, 1))
    elif type(value) is str:
        yield from (("", inner) for inner in _parse(value))
    elif type(value) is dict and "request" in value and "response" in value:
        url = _address(value["request"])
        if url is None or is_wanted(url):
            yield "response", value["response"]
    elif type(value) is dict and value.get("encoding") == "base64":
        yield "text", _decode(value.get("text"))
    elif type(value) is dict:
        yield from value.items()


def holds_any(
    values: Iterable[Any],
    is_known: Callable[[Mapping[str, Any]], bool],
    children: Callable[[Any], Iterable[tuple[str, Any]]],
) -> bool:
    """Return whether values contain an object that is known, however deep."""
    waiting = list(values)
    while waiting:
        value = waiting.pop()
        if type(value) is dict and is_known(value):
            return True
        waiting += [v for _, v in children(value) if type(v) in (dict, list, str)]
    return False


def is_capture(data: bytes) -> bool:
    """Return whether a file may be a browser capture, by its beginning."""
    return b'"log"' in data and b'"creator"' in data


def _address(request: Any) -> str | None:
    url = request.get("url") if type(request) is dict else None
    return url if type(url) is str else None


def _parse(text: str) -> list[Any]:
    """Return the JSON in a text, such as the body of a response."""
    if not text.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        return []
    try:
        return lenient_json.read_documents(text.encode("utf-8", "surrogatepass"))
    except ValueError:
        return []


def _decode(text: Any) -> str:
    try:
        return base64.b64decode(text).decode("utf-8", "replace") if type(text) is str else ""
    except ValueError:
        return ""
