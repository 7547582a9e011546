"""What `--json` prints is one JSON object on one line, whatever becomes of the command."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from sitegen import cli
from sitegen.cli import app as commands

POST = {"id": "1", "network": "x", "text": "Fog", "created_at": "2024-01-02T10:00:00Z"}
DOUBTED = {**POST, "id": "2", "uncertain": ["It may be someone else's."]}
MISSING = {**POST, "id": "3", "media": [{"kind": "image", "path": "media/gone.png"}]}
GOOD = "".join(json.dumps(post) + "\n" for post in (POST, DOUBTED, MISSING))
THREAD = '---\ntitle: "Fog"\nnetwork: "x"\nid: "7"\nposts:\n  - {"id": "7"}\n---\n\n<!-- post 7 -->\n\nFog ![](media/gone.png)\n'

# The command lines of each command, by what a site is like before; a line that no command takes.
LINES = {
    "import": ("import good.jsonl", "import good.jsonl --dry-run -v", "import bad.jsonl none.zip", "import -q good.jsonl", "import good.jsonl --include all", "import"),
    "media": ("media", "media --dry-run -v", "media -q", "media more"),
    "topics": ("topics", "topics --update", "topics --update --dry-run", "topics --dry-run", "topics -q", "topics more"),
    "build": ("build", "build --strict -v", "build -q", "build --watch", "build --nonsense", "build --base-url here"),
}  # fmt: skip
SITES: dict[str, dict[str, str]] = {
    "empty": {},
    "posts": {"content/threads/a.md": THREAD},
    "a broken thread": {"content/threads/a.md": "---\ntitle: [a\n---\n", "content/threads/b.md": "---\n"},
    "a broken config": {"sitegen.toml": "[site\n"},
    "a broken template": {"content/threads/a.md": THREAD, "templates/thread.html": "{% if %}"},
}  # fmt: skip


def test_every_command_with_json_is_tried() -> None:
    found = {
        name
        for name, command in get_command(commands.app).commands.items()  # type: ignore[attr-defined]
        if any("--json" in parameter.opts for parameter in command.params)
    }
    assert found == LINES.keys()


def run(line: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run a command with `--json`, and return its exit code, its object and its errors."""
    monkeypatch.setattr(sys, "argv", ["sitegen", *line.split(), "--json"])
    capsys.readouterr()
    with pytest.raises(SystemExit) as end:
        cli.main()
    said = capsys.readouterr()
    assert said.out.endswith("\n")
    assert said.out.count("\n") == 1
    found = json.loads(said.out, parse_constant=pytest.fail)
    assert isinstance(found, dict)
    return end.value.code or 0, found, said.err


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("line", [line for lines in LINES.values() for line in lines])
def test_json_is_one_object_on_one_line(
    site: str,
    line: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    files = {"good.jsonl": GOOD, "bad.jsonl": GOOD + '{"id": 3', **SITES[site]}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    for _ in range(2):  # the second time there is nothing new
        code, found, err = run(line, capsys, monkeypatch)
        assert ("errors" in found) == bool(code)
        assert not err
        for error in found.get("errors", ()):
            assert error.keys() == {"path", "line", "error", "hint"}
            assert error["error"]
