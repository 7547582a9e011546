"""The data card of an export: a README in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sitegen import __version__
from sitegen.opendata.columns import JSON_PATHS, OPTIONAL_IN_JSON, Column, Type
from sitegen.opendata.dataset import DataFile, Dataset

FORMATS = {
    "jsonl": "JSON lines: one object a line, UTF-8",
    "csv": "CSV (RFC 4180), UTF-8 with a byte order mark, for spreadsheets",
    "parquet": "Apache Parquet",
}
CSV_NOTE = """\
Lists are JSON. An empty cell is a value that is not known, or an empty list. A text that a \
spreadsheet would take for a formula has an apostrophe in front, and so has one that begins with \
an apostrophe: remove the first apostrophe of a cell to get the text."""
_TYPES: dict[Type, str] = {
    "text": "text",
    "number": "whole number",
    "flag": "true or false",
    "time": "time",
    "day": "day",
    "texts": "list of texts",
    "numbers": "list of whole numbers",
}
_MARKUP = re.compile(r"([\\`*_<>\[\]|#])")


def render(dataset: Dataset, file: DataFile) -> str:
    """Return the text of a data card."""
    return "\n\n".join(_sections(dataset, file)) + "\n"


def _sections(dataset: Dataset, file: DataFile) -> Iterator[str]:
    yield f"# {_escape(dataset.title)}"
    yield from map(_escape, dataset.facts)
    yield "## The file"
    yield f"`{file.name}`: {FORMATS[file.format]}; {file.size:,} bytes, SHA-256 `{file.sha256}`."
    yield "\n".join(_table(dataset, file))
    if file.format == "csv":
        yield CSV_NOTE
    if file.format == "jsonl" and dataset.record == "post":
        yield "A field may be missing where it says nothing, and a post may have more fields."
    if dataset.anonymity:
        yield "## How it was made anonymous"
        yield from map(_escape, dataset.anonymity)
    yield "## Licence"
    yield _license(dataset)
    yield f"Made with sitegen {__version__}."


def _table(dataset: Dataset, file: DataFile) -> Iterator[str]:
    yield f"| {'Field' if file.format == 'jsonl' else 'Column'} | Type | |"
    yield "|---|---|---|"
    for name, column in fields(dataset, file):
        yield f"| `{name}` | {_TYPES[column.type]} | {column.description} |"


def fields(dataset: Dataset, file: DataFile) -> Iterator[tuple[str, Column]]:
    """Yield the names of the fields of a file, and what they are."""
    paths = JSON_PATHS if file.format == "jsonl" and dataset.record == "post" else {}
    for column in dataset.columns:
        if path := paths.get(column.name, column.name):
            yield path, column


def is_always_there(column: Column) -> bool:
    """Return whether every line of JSON has a field."""
    return column.name not in OPTIONAL_IN_JSON


def _license(dataset: Dataset) -> str:
    if dataset.license_note:
        return dataset.license_note
    if not dataset.license:
        return "No licence is stated: without one, nobody may publish these posts again."
    if dataset.license_url.startswith("https://") and dataset.license_url != dataset.license:
        return f"[{dataset.license}]({dataset.license_url})"
    return _escape(dataset.license)


def _escape(text: str) -> str:
    """Return a text as Markdown shows it, in one line; an address stays a link."""
    words = " ".join(text.split()).split(" ")
    return " ".join([w if w.startswith("https://") else _MARKUP.sub(r"\\\1", w) for w in words])
