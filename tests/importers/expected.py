"""What an importer read as JSON that a person can check, beside the input it came from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec

from sitegen import exchange
from sitegen.sources import Imported, accounting


def holds(imported: Imported, expected: Path, is_refreshing: bool) -> None:
    """Compare all that was read with the expected file, or write that anew."""
    found = json.dumps(_object(imported), ensure_ascii=False, indent=1) + "\n"
    if is_refreshing:
        expected.write_text(found, "utf-8")
    assert expected.is_file(), f"no {expected.name}: run pytest --refresh and read what it wrote"
    assert found == expected.read_text("utf-8"), "if this is right: pytest --refresh"


def _object(imported: Imported) -> dict[str, Any]:
    accounting.check(imported, "input")
    lists = ("profiles", "exclusions", "repairs", "doubts", "notes", "oddities", "complete")
    return {
        "found": imported.found,
        "records": imported.records,
        "threads": [
            [_slim(exchange.encode(post, thread.id, at)) for at, post in enumerate(thread.posts, 1)]
            for thread in imported.threads
        ],
        **{name: _slim(msgspec.to_builtins(getattr(imported, name))) for name in lists},
        "attachments": {name: found.name for name, found in imported.attachments.items()},
    }


def _slim(value: Any) -> Any:
    """Leave out what is empty, so that what is there can be seen."""
    if isinstance(value, dict):
        kept = {k: _slim(v) for k, v in value.items()}
        return {k: v for k, v in kept.items() if v not in (None, [], {})}
    return [_slim(v) for v in value] if isinstance(value, list | tuple) else value
