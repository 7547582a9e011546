"""The general reader of front matter: any YAML that a person writes, as JSON values.

PyYAML's parser produces events, and this module builds values from them. That excludes the
parts of YAML that are not data (tags, aliases, merge keys, its twenty spellings of a boolean),
and it is safe: deep nesting crashes libyaml's own composer, and aliases multiply.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NoReturn

from sitegen.errors import ContentError
from sitegen.formats.json_text import MAX_DEPTH
from sitegen.model import Json

FIRST_LINE = 2

_CONSTANTS: dict[str, Json] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?", re.ASCII)
_TIMESTAMP = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
    r"(?:(?:[Tt]|[ \t]+)([0-9]{1,2}):([0-9]{2}):([0-9]{2})(\.[0-9]+)?"
    r"[ \t]*(Z|[-+][0-9]{1,2}(?::?[0-9]{2})?)?)?",
    re.ASCII,
)
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_QUOTED = re.compile(r""""(?:[^"\\]|\\.)*"|'[^']*'|(?<!\S)#[^\n]*""", re.DOTALL)
_BRACKETS = re.compile(r"""(?:(?<![^\s,["{])|(?<=":))[\[{]|[\]}\n]""")  # where a value may begin
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")


def read(head: str, path: str) -> dict[str, Json]:
    """Return the fields of front matter in any YAML; dates as ISO 8601 text.

    A plain scalar is a number, a boolean or null only where YAML 1.2's JSON schema says so:
    `no`, `12:30:45` and `007` remain text. Raises ContentError with the line of the file.
    """
    return _Reader(path).fields(head)


def key_lines(head: str, path: str) -> list[tuple[str, int]] | None:
    """Return each top-level key with its line in the front matter, from 0, in order.

    None if it is not a block mapping, whose keys each begin a line.
    """
    reader = _Reader(path)
    lines: list[tuple[str, int]] = []
    depth, is_key = 0, True
    for event in reader.events(head):
        kind = type(event).__name__
        if kind.endswith("EndEvent"):
            depth -= 1
            is_key = not is_key if depth == 1 and kind.startswith(("Map", "Seq")) else is_key
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            if not depth and event.flow_style:
                return None
            depth += 1
        elif kind == "ScalarEvent" and depth == 1:
            if is_key:
                if event.start_mark.column:
                    return None
                lines.append((event.value, event.start_mark.line))
            is_key = not is_key
    return lines


class _Reader:
    """Builds JSON values from the events of one document."""

    def __init__(self, path: str) -> None:
        self.path = path

    def fields(self, head: str) -> dict[str, Json]:
        """Return the top-level mapping; an empty one if there are only comments."""
        events = self.events(head)
        event = next(events, None)
        if event is None:
            return {}
        if type(event).__name__ != "MappingStartEvent":
            self.fail("the front matter is not a list of `key: value` lines", _line(event))
        fields = self.mapping(events)
        extra = next(events, None)
        if extra is not None:
            self.fail("the front matter has a second document", _line(extra))
        return fields

    def events(self, head: str) -> Iterator[Any]:
        """Yield the parser's events for nodes; refuse anchors, aliases, tags and deep nesting."""
        import yaml

        unreadable = _UNREADABLE.search(head)
        if unreadable:
            message = f"the front matter has the character U+{ord(unreadable[0]):04X}"
            hint = f'inside double quotes write it as "\\u{ord(unreadable[0]):04x}".'
            self.fail(message, FIRST_LINE + head.count("\n", 0, unreadable.start()), hint)
        depth = 0
        try:
            for event in yaml.parse(head, Loader=_loader(head)):
                kind = type(event).__name__
                if kind in ("MappingEndEvent", "SequenceEndEvent"):
                    depth -= 1
                    yield event
                elif hasattr(event, "anchor"):
                    self.check_plain_data(event)
                    depth += kind != "ScalarEvent"
                    if depth > 1 + MAX_DEPTH:  # the line of the front matter's delimiter
                        self.raise_too_deep(_line(event))
                    yield event
        except yaml.YAMLError as error:
            self.raise_broken(error, head)

    def check_plain_data(self, event: Any) -> None:
        """Raise for YAML that is not plain data."""
        if event.anchor is not None:
            hint = "write the value out, or quote text that begins with & or *."
            self.fail("the front matter has an anchor or alias", _line(event), hint)
        if event.tag not in (None, "!", "tag:yaml.org,2002:str"):
            hint = "leave it out, or quote text that begins with an exclamation mark."
            self.fail(f"the front matter has a YAML tag, {event.tag}", _line(event), hint)

    def mapping(self, events: Iterator[Any]) -> dict[str, Json]:
        """Read the keys and values of a mapping to its end."""
        fields: dict[str, Json] = {}
        for event in events:
            if type(event).__name__ == "MappingEndEvent":
                break
            if type(event).__name__ != "ScalarEvent":
                self.fail("a key is a list or a mapping", _line(event))
            key = _join_surrogates(event.value)
            if key in fields:
                hint = "keep one of the two."
                self.fail(f"the key `{key}` occurs twice", _line(event), hint)
            fields[key] = self.value(next(events), events)
        return fields

    def value(self, event: Any, events: Iterator[Any]) -> Json:
        """Read the value that begins with this event."""
        if type(event).__name__ == "ScalarEvent":
            is_text = event.style or event.tag
            return _join_surrogates(event.value) if is_text else _scalar_value(event.value)
        if type(event).__name__ == "MappingStartEvent":
            return self.mapping(events)
        items: list[Json] = []
        for item in events:
            if type(item).__name__ == "SequenceEndEvent":
                break
            items.append(self.value(item, events))
        return items

    def raise_broken(self, error: Any, head: str) -> NoReturn:
        """Raise for an error of the YAML parser."""
        # The parser reads ahead, and may fail at deep nesting before the events show it.
        if (deep_line := _deep_line(head)) is not None:
            self.raise_too_deep(deep_line)
        problem = getattr(error, "problem", None) or "it cannot be read"
        problem_mark, context_mark = (
            getattr(error, "problem_mark", None),
            getattr(error, "context_mark", None),
        )
        # A quote that ends only with the file was never closed: report where it was opened.
        is_at_end = problem_mark is not None and problem_mark.line >= len(head.splitlines())
        is_open = is_at_end and type(error).__name__ == "ScannerError"
        mark = (context_mark if is_open else None) or problem_mark or context_mark
        line = FIRST_LINE + (mark.line if mark else 0)
        message = f"the front matter is not valid YAML: {problem}"
        hint = "put text that has a colon, a quote or a # in it between double quotes."
        raise ContentError(message, path=self.path, line=line, hint=hint) from error

    def raise_too_deep(self, line: int) -> NoReturn:
        """Raise for lists and mappings nested too deeply."""
        hint = "write it flatter."
        self.fail(f"the front matter is nested over {MAX_DEPTH} levels deep", line, hint)

    def fail(self, message: str, line: int, hint: str | None = None) -> NoReturn:
        """Raise a ContentError with its position."""
        raise ContentError(message, path=self.path, line=line, hint=hint)


def _loader(head: str) -> Any:
    """Return libyaml's parser, or Python's where only that one can read the text."""
    import yaml

    if _SURROGATE_ESCAPE.search(head):
        return yaml.SafeLoader
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _deep_line(head: str) -> int | None:
    """Return the line at which the brackets of broken YAML are nested too deeply."""
    depth, line = 0, FIRST_LINE
    bracket: str
    for bracket in _BRACKETS.findall(_QUOTED.sub(_blank_quoted, head)):
        line += bracket == "\n"
        depth = max(0, depth + (bracket in "[{") - (bracket in "]}"))
        if depth > MAX_DEPTH:
            return line
    return None


def _blank_quoted(quoted: re.Match[str]) -> str:
    return '"' + "\n" * quoted[0].count("\n")


def _line(event: Any) -> int:
    return FIRST_LINE + int(event.start_mark.line)


def _join_surrogates(text: str) -> str:
    """Combine surrogates that were written as a pair of escapes, as JSON does."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    return text


def _scalar_value(text: str) -> Json:
    """Return the value of an unquoted scalar."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if number := _NUMBER.fullmatch(text):
        return _number(text, is_float=number[1] is not None or number[2] is not None)
    if timestamp := _TIMESTAMP.fullmatch(text):
        return _to_iso(text, timestamp)
    return text


def _number(text: str, *, is_float: bool) -> Json:
    """Return a number, or the text if Python cannot represent it."""
    try:
        number = float(text) if is_float else int(text)
    except ValueError:
        return text
    return number if math.isfinite(number) else text


def _to_iso(text: str, timestamp: re.Match[str]) -> str:
    """Write YAML's looser dates as ISO 8601, with every digit; leave a wrong date unchanged."""
    year, month, day, hour, minute, second, fraction, zone = timestamp.groups()
    date = f"{year}-{month:0>2}-{day:0>2}"
    clock = f"T{hour:0>2}:{minute}:{second}{fraction or ''}{_zone(zone)}" if hour else ""
    try:
        datetime.fromisoformat(date + (f"T{hour:0>2}:{minute}:{second}" if hour else ""))
    except ValueError:
        return text
    return date + clock


def _zone(zone: str | None) -> str:
    if not zone or zone == "Z":
        return zone or ""
    hours, _, minutes = zone[1:].partition(":")
    if not minutes and len(hours) > 2:
        hours, minutes = hours[:-2], hours[-2:]
    return f"{zone[0]}{hours:0>2}:{minutes or '00'}"
