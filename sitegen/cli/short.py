"""The short way in: `sitegen build` with plain options, read without a parser.

Whatever it does not know, it leaves to the parser; what it knows, it reads as that one does.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

PATHS = {"-o": "output", "--output": "output", "-c": "config", "--config": "config"}
SWITCHES = {
    "--strict": "strict",
    "-q": "quiet",
    "--quiet": "quiet",
    "-v": "verbose",
    "--verbose": "verbose",
    "--json": "machine",
}


def options(arguments: Sequence[str]) -> dict[str, Any] | None:
    """Return a plain build's options by their names; None for any other command line."""
    if not arguments or arguments[0] != "build":
        return None
    found: dict[str, Any] = {}
    rest = iter(arguments[1:])
    for argument in rest:
        value: Path | bool = True
        name = SWITCHES.get(argument)
        if argument in PATHS:
            name, given = PATHS[argument], next(rest, "")
            if not given or given.startswith("-"):
                return None
            value = Path(given)
        if name is None:
            return None
        found[name] = value
    return found
