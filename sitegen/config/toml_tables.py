"""Convert TOML tables to named tuples; an error names the line of the key."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sitegen.errors import ConfigError


def parse_toml(text: str, path: Path) -> dict[str, Any]:
    """Parse TOML (https://toml.io). Raises ConfigError."""
    import tomllib

    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        location = re.search(r"at line (\d+)", str(error))
        line = int(location[1]) if location else None
        message = re.sub(r" \(at .*\)$", "", str(error))
        raise ConfigError(
            f"not valid TOML: {message}", path=path, line=line, hint="see https://toml.io."
        ) from error


def to_named_tuple(kind: type[Any], values: object, name: str, text: str, path: Path) -> Any:
    """Convert a table to a named tuple, with the types of its defaults. Raises ConfigError."""
    if not isinstance(values, dict):
        raise ConfigError(
            f"{name} must be a table",
            path=path,
            line=find_line(text, name),
            hint=f"write [{name}].",
        )
    known = dict.fromkeys(kind._fields)
    check_keys(values, known, name, text, path)
    defaults = kind()
    converted: dict[str, object] = {}
    for key, raw in values.items():
        default = getattr(defaults, key)
        element = _element_type(kind, key) if isinstance(default, tuple) else None
        value = _list_to_tuple(raw, element) if element else raw
        if type(value) is not type(default):
            expected = _describe_list(element) if element else _describe_type(type(default))
            raise ConfigError(
                f"[{name}] {key} must be {expected}, not {quote(value)}",
                path=path,
                line=find_line(text, f"{name}.{key}"),
                hint=f"write it like {key} = {_to_toml(default)}.",
            )
        converted[key] = value
    return kind(**converted)


def _element_type(kind: type[Any], key: str) -> type[Any]:
    """Return the type of the elements of a field that is a tuple."""
    from typing import get_args, get_type_hints

    element: type[Any] = get_args(get_type_hints(kind)[key])[0]
    return element


def _list_to_tuple(value: object, element: type[Any]) -> object:
    """Convert a list of such elements to a tuple; return anything else unchanged."""
    if isinstance(value, list) and all(type(item) is element for item in value):
        return tuple(value)
    return value


def to_tables(
    value: object, name: str, example: str, text: str, path: Path
) -> list[tuple[dict[str, Any], int]]:
    """Return the tables of an array such as `[[people]]`, with their lines. Raises ConfigError."""
    if not isinstance(value, list) or not all(isinstance(table, dict) for table in value):
        line = find_line(text, name)
        raise ConfigError(
            f"{name} must be a list of tables", path=path, line=line, hint=f"write {example}."
        )
    head = re.compile(rf"\s*\[\[\s*{name}\s*\]\]")
    lines = [number for number, line in enumerate(text.split("\n"), 1) if head.match(line)]
    lines += [find_line(text, name) or 1] * (len(value) - len(lines))  # written inline
    return [*zip(value, lines, strict=False)]


def check_keys(
    values: dict[str, Any], known: dict[str, Any], table: str, text: str, path: Path
) -> None:
    """Check that all keys are known. Raises ConfigError, which suggests a similar key."""
    for key in values:
        if key not in known:
            import difflib

            suggestions = difflib.get_close_matches(key, known, 1, 0.5)
            hint = (
                f"did you mean {suggestions[0]}?"
                if suggestions
                else f"there is: {', '.join(known)}."
            )
            shown_key, name = (f"[{table}] {key}", f"{table}.{key}") if table else (key, key)
            raise ConfigError(
                f"unknown key {shown_key}", path=path, line=find_line(text, name), hint=hint
            )


def quote(value: object) -> str:
    """Format a value for a message, truncated."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:59]}…"


def find_line(text: str, name: str) -> int | None:
    """Return the line of a key, for messages; None if it is not found."""
    table, name = "", _strip_quotes(name)
    for number, line in enumerate(text.split("\n"), 1):
        if head := re.match(r"\s*\[+\s*([^\]]+?)\s*\]", line):
            current = table = _strip_quotes(head[1])
        elif key := re.match(r"\s*([^=#\[\]{}]+?)\s*=", line):
            current = f"{table}.{_strip_quotes(key[1])}" if table else _strip_quotes(key[1])
        else:
            continue
        if current == name or current.startswith(f"{name}."):
            return number
    return None


def _strip_quotes(key: str) -> str:
    return re.sub(r"[\"'\s]", "", key)


def _describe_type(kind: type[Any]) -> str:
    names = {str: "a string", int: "a whole number", bool: "true or false", dict: "a table"}
    return names[kind]


def _describe_list(element: type[Any]) -> str:
    return {str: "a list of strings", int: "a list of whole numbers"}[element]


def _to_toml(value: object) -> str:
    """Format a default as TOML."""
    import json

    return "{ }" if isinstance(value, dict) else json.dumps(value)
