"""The library as `docs/library.md` shows it: every example runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import sitegen
from sitegen.errors import UsageError

PAGE = Path(__file__).parent.parent / "docs/library.md"
EXAMPLE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    examples = EXAMPLE.findall(PAGE.read_text("utf-8"))
    assert len(examples) == 5
    values: dict[str, object] = {}
    for example in examples:
        exec(compile(example, str(PAGE), "exec"), values)


def test_the_page_lists_every_function() -> None:
    listed = set(re.findall(r"^\| `(\w+)\(", PAGE.read_text("utf-8"), re.MULTILINE))
    assert listed == {name for name in sitegen.__all__ if not name.startswith("_")}


def test_a_dry_run_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("posts.jsonl").write_text('{"id": "1", "network": "x", "text": "Fog"}\n', "utf-8")
    result = sitegen.import_sources(sitegen.load_config(), ["posts.jsonl"], dry_run=True)
    assert [post.text for post in result.posts] == ["Fog"]
    assert [path.name for path in tmp_path.iterdir()] == ["posts.jsonl"]


def test_an_unknown_word_for_what_to_include_is_refused(tmp_path: Path) -> None:
    config = sitegen.load_config()
    with pytest.raises(UsageError, match="everything"):
        sitegen.import_sources(config, [], include=(word for word in ["everything"]))
