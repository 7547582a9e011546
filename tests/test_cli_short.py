"""The short way into `sitegen build`: it reads what it knows as the parser does, or nothing."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from sitegen.cli import app, building, short

WORDS = st.sampled_from(
    [
        *short.PATHS, *short.SWITCHES, "build", "import", "--watch", "--cluster", "--base-url",
        "-qv", "-osite", "--output=site", "--out", "--", "-", "", "site", "a b", "نهر", "-h",
        "--help", "--version", "https://x.example/",
    ]
)  # fmt: skip


def parsed(arguments: list[str]) -> dict[str, Any]:
    """Return the options that differ from their defaults, as the parser reads them."""
    command = typer.main.get_command(app.app)
    build = command.commands["build"]  # type: ignore[attr-defined]
    found = build.make_context("build", list(arguments)).params
    defaults = {p.name: p.default for p in inspect.signature(building.build).parameters.values()}
    assert found.keys() == defaults.keys()
    given = {name: value for name, value in found.items() if value != defaults[name]}
    return {n: Path(v) if n in short.PATHS.values() else v for n, v in given.items()}


@given(st.lists(WORDS, max_size=5))
def test_what_is_read_the_short_way_is_what_the_parser_reads(arguments: list[str]) -> None:
    options = short.options(["build", *arguments])
    assert options is None or options == parsed(arguments)
    assert short.options(arguments) is None or arguments[0] == "build"


@pytest.mark.parametrize(
    "line", ["build", "build -q", "build --output site -c x.toml --strict", "build --json -v"]
)
def test_plain_options_are_known(line: str) -> None:
    words = line.split()
    assert short.options(words) == parsed(words[1:])


@pytest.mark.parametrize(
    "line", ["", "--help", "import build", "build -h", "build --watch", "build -o", "build x"]
)
def test_what_is_not_plain_is_left_to_the_parser(line: str) -> None:
    assert short.options(line.split()) is None
