"""The examples of docs/query.md, tried on the sample site: each finds some of its posts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import sitegen
from sitegen.config.schema import Config
from sitegen.query.parser import parse
from sitegen.query.values import KEYS, Field
from sitegen.selection import queried_posts

PROJECT = Path(__file__).parent.parent.parent
PAGE = (PROJECT / "docs" / "query.md").read_text("utf-8")
EXAMPLES = re.findall(r"^\| `([^`]+)` \| (?!.*error)", PAGE, re.M)
NOTHING = {"visibility:followers,direct"}  # the sample has only public posts


@pytest.fixture(scope="module")
def sample() -> Config:
    return sitegen.load_config(PROJECT / "sitegen.toml")


def test_each_key_has_an_example() -> None:
    shown = {t.condition.key for e in EXAMPLES for t in parse(e).terms if isinstance(t.condition, Field)}  # fmt: skip
    assert shown == {*KEYS} - {"year"}
    assert "`year:2020` is the same as `on:2020`" in PAGE


@pytest.fixture(scope="module")
def count(sample: Config) -> int:
    """Return the number of all posts."""
    return len(queried_posts.select_posts(sample, queried_posts.parse_options(None, None)))


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_finds_some_posts(sample: Config, count: int, example: str) -> None:
    found = queried_posts.select_posts(sample, queried_posts.parse_options(example, None))
    assert bool(found) != (example in NOTHING)
    assert len(found) < count
