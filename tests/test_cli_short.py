"""The short way into a command: it reads what it knows as the parser does, or nothing."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from sitegen.cli import app, build, import_sources, short

RUN: dict[str, Callable[..., object]] = {"build": build.build, "import": import_sources.run_import}
WORDS = st.sampled_from(
    [
        *{w for known in short.COMMANDS.values() for w in (*known.paths, *known.texts, *known.switches)},
        "build", "import", "--watch", "--cluster", "--base-url", "--include", "-qv", "-osite",
        "--output=site", "--account=ada", "--out", "--", "-", "", "site", "a b", "نهر", "-h",
        "--help", "--version", "https://x.example/", "bluesky:ada.example",
    ]
)  # fmt: skip


def parsed(name: str, arguments: list[str]) -> dict[str, Any]:
    """Return the options that differ from their defaults, as the parser reads them."""
    command = typer.main.get_command(app.app).commands[name]  # type: ignore[attr-defined]
    found = command.make_context(name, list(arguments)).params
    options = inspect.signature(RUN[name]).parameters.values()
    assert found.keys() == {option.name for option in options}
    defaults = {p.name: p.default for p in options}
    given = {name: value for name, value in found.items() if value != defaults.get(name)}
    paths = short.COMMANDS[name].paths.values()
    return {n: Path(v) if n in paths else v for n, v in given.items()}


@given(st.sampled_from(["build", "import"]), st.lists(WORDS, max_size=5))
def test_what_is_read_the_short_way_is_what_the_parser_reads(
    name: str, arguments: list[str]
) -> None:
    found = short.command([name, *arguments])
    assert found is None or found == (name, parsed(name, arguments))
    assert short.command(arguments) is None or arguments[0] in short.COMMANDS


@pytest.mark.parametrize(
    "line",
    [
        "build", "build -q", "build --output site -c x.toml --strict", "build --json -v",
        "import posts.jsonl", "import -q a.car --account ada b.car", "import x --dry-run -c x.toml",
    ],
)  # fmt: skip
def test_plain_options_are_known(line: str) -> None:
    name, *words = line.split()
    assert short.command([name, *words]) == (name, parsed(name, words))


@pytest.mark.parametrize(
    "line",
    [
        "", "--help", "media", "build -h", "build --watch", "build -o", "build x", "import",
        "import -q", "import x --include direct", "import -- x", "import x --account -q",
    ],
)  # fmt: skip
def test_what_is_not_plain_is_left_to_the_parser(line: str) -> None:
    assert short.command(line.split()) is None
