"""Tables of TOML, read into named tuples; an unknown key is an error with its line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sitegen.errors import ConfigError


def read(text: str, path: Path) -> dict[str, Any]:
    """Parse TOML (https://toml.io). Raises ConfigError."""
    import tomllib

    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else None
        what = re.sub(r" \(at .*\)$", "", str(error))
        raise ConfigError(
            f"not valid TOML: {what}", path=path, line=line, hint="see https://toml.io."
        ) from error


def table(kind: type[Any], values: object, name: str, text: str, path: Path) -> Any:
    """Convert a table to a named tuple of its defaults' types. Raises ConfigError."""
    if not isinstance(values, dict):
        raise ConfigError(
            f"{name} must be a table", path=path, line=line_of(text, name), hint=f"write [{name}]."
        )
    known = dict.fromkeys(kind._fields)
    refuse_unknown(values, known, name, text, path)
    defaults = kind()
    found: dict[str, object] = {}
    for key, given in values.items():
        default = getattr(defaults, key)
        value = _numbers(given) if isinstance(default, tuple) else given
        if type(value) is not type(default):
            raise ConfigError(
                f"[{name}] {key} must be {_words(type(default))}, not {show(value)}",
                path=path,
                line=line_of(text, f"{name}.{key}"),
                hint=f"write it like {key} = {_to_toml(default)}.",
            )
        found[key] = value
    return kind(**found)


def _numbers(value: object) -> object:
    """Convert a list of integers to a tuple; return anything else unchanged."""
    if isinstance(value, list) and all(type(item) is int for item in value):
        return tuple(value)
    return value


def refuse_unknown(
    values: dict[str, Any], known: dict[str, Any], table: str, text: str, path: Path
) -> None:
    """Raise ConfigError for the first unknown key, with the most similar known key."""
    for key in values:
        if key not in known:
            import difflib

            near = difflib.get_close_matches(key, known, 1, 0.5)
            hint = f"did you mean {near[0]}?" if near else f"there is: {', '.join(known)}."
            where, name = (f"[{table}] {key}", f"{table}.{key}") if table else (key, key)
            raise ConfigError(
                f"unknown key {where}", path=path, line=line_of(text, name), hint=hint
            )


def show(value: object) -> str:
    """Format a value for a message, truncated."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:59]}…"


def line_of(text: str, name: str) -> int | None:
    """Return the line of a key, for messages; None if it is not found."""
    table, name = "", _bare(name)
    for number, line in enumerate(text.split("\n"), 1):
        if head := re.match(r"\s*\[+\s*([^\]]+?)\s*\]", line):
            found = table = _bare(head[1])
        elif key := re.match(r"\s*([^=#\[\]{}]+?)\s*=", line):
            found = f"{table}.{_bare(key[1])}" if table else _bare(key[1])
        else:
            continue
        if found == name or found.startswith(f"{name}."):
            return number
    return None


def _bare(key: str) -> str:
    return re.sub(r"[\"'\s]", "", key)


def _words(kind: type[Any]) -> str:
    names = {
        str: "a text", int: "a whole number", bool: "true or false", dict: "a table",
        tuple: "a list of whole numbers",
    }  # fmt: skip
    return names[kind]


def _to_toml(value: object) -> str:
    """Format a default as TOML."""
    import json

    return "{ }" if isinstance(value, dict) else json.dumps(value)
