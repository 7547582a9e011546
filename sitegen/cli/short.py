"""A fast parser for `sitegen build` and `sitegen import` with plain options.

It parses these exactly like the full parser, and leaves everything else to that one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple


class Command(NamedTuple):
    """A command's plain options by their spelling; `many` is the name of its arguments."""

    paths: Mapping[str, str]
    texts: Mapping[str, str]
    switches: Mapping[str, str]
    many: str = ""


OUTPUT_OPTIONS = {
    "-q": "quiet",
    "--quiet": "quiet",
    "-v": "verbose",
    "--verbose": "verbose",
    "--json": "machine",
}
CONFIG = {"-c": "config", "--config": "config"}
COMMANDS = {
    "build": Command(
        {"-o": "output", "--output": "output", **CONFIG},
        {},
        {"--strict": "strict", "--force": "force", **OUTPUT_OPTIONS},
    ),
    "import": Command(
        CONFIG, {"--account": "account"}, {"--dry-run": "dry_run", **OUTPUT_OPTIONS}, "sources"
    ),
}


def command(arguments: Sequence[str]) -> tuple[str, dict[str, Any]] | None:
    """Return a plain command and its options by name; None for any other command line."""
    known = COMMANDS.get(arguments[0]) if arguments else None
    options = _options(known, arguments[1:]) if known else None
    return None if options is None else (arguments[0], options)


def _options(known: Command, arguments: Sequence[str]) -> dict[str, Any] | None:
    found: dict[str, Any] = {}
    many: list[str] = []
    rest = iter(arguments)
    for argument in rest:
        if argument in known.switches:
            found[known.switches[argument]] = True
        elif argument in known.paths or argument in known.texts:
            given = next(rest, "")
            if not given or given.startswith("-"):
                return None
            is_path = argument in known.paths
            found[(known.paths if is_path else known.texts)[argument]] = (
                Path(given) if is_path else given
            )
        elif known.many and argument and not argument.startswith("-"):
            many.append(argument)
        else:
            return None
    if known.many:
        if not many:
            return None
        found[known.many] = tuple(many)
    return found
