"""The JSON Schema of the exchange format, generated from the types of its fields.

`python -m sitegen.exchange.schema` prints it; `docs/schema.json` is its output.
"""

from __future__ import annotations

import json
import sys
from inspect import cleandoc
from typing import Any

import msgspec

from sitegen.exchange import record

TITLE = "A post in sitegen's exchange format"
DESCRIPTION = """One line of `sitegen export`: a post and its place in its thread.

`id`, `network` and `text` must be there. `facets` are listed where the text alone does not
show them, `unread_times` has what a source wrote for a time that is none, by field. Other
fields are kept as the post's own.
"""
# An importer keeps `unread_times` as a field of the post's own, and any other field too.
Record: Any = msgspec.defstruct(
    "Record",
    [("unread_times", dict[str, str], msgspec.field(default_factory=dict))],
    bases=(record.Record,),
    namespace={"__doc__": DESCRIPTION},
    frozen=True,
    forbid_unknown_fields=False,
)


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of one line."""
    (reference,), components = msgspec.json.schema_components((Record,))
    components = {name: _in_order(components[name]) for name in sorted(components)}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": TITLE,
        **reference,
        "$defs": components,
    }


def _in_order(value: Any) -> Any:
    """Return a schema that no version changes: msgspec orders alternatives by its own.

    Python 3.13 takes the indentation out of docstrings, older versions do not.
    """
    if isinstance(value, str):
        return cleandoc(value)
    if isinstance(value, dict):
        return {name: _in_order(part) for name, part in value.items()}
    if isinstance(value, list) and all(isinstance(part, dict) for part in value):
        return sorted(map(_in_order, value), key=json.dumps)
    return value


def text() -> str:
    """Return the schema as the text of `docs/schema.json`."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
