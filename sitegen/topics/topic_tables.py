"""Read the tables of the two files of topics; mistakes name the line and the cure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from sitegen.config import toml_tables
from sitegen.errors import ConfigError, ContentError
from sitegen.text.printing import is_label

_EXAMPLE = '[[topic]], with a line like name = "Eclipses"'


class Table(NamedTuple):
    """A table of a file of topics, which begins in this line."""

    values: dict[str, Any]
    line: int | None
    path: Path

    def name(self) -> str:
        """Return the name of a topic. Raises ContentError without one."""
        name = self.string("name").strip()
        if not is_label(name):
            raise self.refuse("a topic needs a name", 'write it like name = "Eclipses".')
        return name

    def string(self, key: str) -> str:
        """Return a string; "" if it is missing. Raises ContentError for anything else."""
        value = self.values.get(key, "")
        if not isinstance(value, str):
            raise self.refuse(f"{key} must be a string", f'write it like {key} = "…".')
        return value

    def strings(self, key: str) -> tuple[str, ...]:
        """Return a list of strings; none if it is missing. Raises ContentError."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self.refuse(f"{key} must be a list of strings", f'write it like {key} = ["…"].')
        return tuple(value)

    def refuse(self, what: str, hint: str) -> ContentError:
        """Return the error for a mistake in this table."""
        return ContentError(what, path=self.path, line=self.line, hint=hint)


class File(NamedTuple):
    """A parsed file of topics."""

    values: dict[str, Any]
    text: str
    path: Path

    def check_keys(self, known: Sequence[str]) -> None:
        """Check the keys outside of tables. Raises ContentError."""
        for key in self.values:
            if key not in known:
                raise self.refuse(f"unknown key {key}", key, f"there is: {', '.join(known)}.")

    def tables(self, name: str, keys: Sequence[str]) -> list[Table]:
        """Return the tables of an array, which may have these keys. Raises ContentError."""
        try:
            found = toml_tables.to_tables(
                self.values.get(name, []), name, _EXAMPLE, self.text, self.path
            )
        except ConfigError as error:
            raise as_content_error(error) from error
        tables = [Table(values, line, self.path) for values, line in found]
        for table in tables:
            for key in table.values:
                if key not in keys:
                    hint = f"there is: {', '.join(keys)}."
                    raise table.refuse(f"unknown key {key} in [[{name}]]", hint)
        return tables

    def strings(self, key: str) -> tuple[str, ...]:
        """Return a list of strings outside of tables. Raises ContentError."""
        return Table(self.values, self.line_of(key), self.path).strings(key)

    def counts(self, name: str, keys: Sequence[str]) -> dict[str, int]:
        """Return a table of numbers. Raises ContentError."""
        values = self.table(name)
        for key, value in values.items():
            if key not in keys or type(value) is not int or value < 0:
                what, hint = f"[{name}] {key} must be a number", f"there is: {', '.join(keys)}."
                raise self.refuse(what, f"{name}.{key}", hint)
        return values

    def table(self, name: str) -> dict[str, Any]:
        """Return a table. Raises ContentError."""
        values = self.values.get(name, {})
        if not isinstance(values, dict):
            raise self.refuse(f"{name} must be a table", name, f"write [{name}].")
        return values

    def refuse(self, what: str, key: str, hint: str) -> ContentError:
        """Return the error for a mistake at a key."""
        return ContentError(what, path=self.path, line=self.line_of(key), hint=hint)

    def line_of(self, key: str) -> int | None:
        """Return the line of a key."""
        return toml_tables.find_line(self.text, key)


def parse(text: str, path: Path) -> File:
    """Parse a file of topics. Raises ContentError."""
    try:
        return File(toml_tables.parse_toml(text, path), text, path)
    except ConfigError as error:
        raise as_content_error(error) from error


def as_content_error(error: ConfigError) -> ContentError:
    """Return an error in a table as one of a file of content/."""
    return ContentError(error.message, path=error.path, line=error.line, hint=error.hint)
