"""The architecture, as a table: who may import whom within sitegen."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "sitegen"

# A room, and the rooms whose doors it may open. What is not here may not be opened.
ROOMS: dict[str, set[str]] = {
    "sitegen": set(),
    "model": set(),
    "errors": set(),
    "moments": set(),
    "folders": {"errors"},
    "files": {"folders"},
    "digests": set(),
    "dates": set(),
    "facets": {"model"},
    "plaintext": set(),
    "repair": {"errors"},
    "tables": {"errors"},
    "config": {"errors", "tables"},
    "fields": {"errors", "moments"},
    "spelling": set(),
    "richtext": {"facets", "model", "plaintext"},
    "threads": {"model", "moments"},
    "yamlreader": {"errors", "jsontext", "model"},
    "jsontext": {"model"},
    "forking": {"errors"},
    "frontmatter": {"errors", "jsontext", "model", "yamlreader"},
    "records": {"errors", "fields", "model", "moments", "richtext", "spelling"},
    "content": {
        "dates", "digests", "errors", "fields", "files", "folders", "forking", "frontmatter", "jsontext", "model", "moments",
        "records", "richtext", "spelling", "threads",
    },
    "importers": {"dates", "errors", "facets", "fields", "jsontext", "model", "moments", "records", "repair", "richtext", "threads"},
    "bluesky": {"sitegen", "errors", "fields", "files", "folders", "importers", "locks", "model"},
    "media": {"content", "errors", "files", "folders", "importers", "model"},
    "locks": {"errors", "files", "folders"},
    "importing": {
        "bluesky", "content", "errors", "files", "folders", "importers", "locks", "media", "model", "moments",
        "threads",
    },
    "reports": {"build", "content", "errors", "importers", "importing", "model"},
    "build": {
        "locks",
        "sitegen", "config", "content", "digests", "errors", "facets", "files", "folders", "forking", "frontmatter", "media",
        "model", "moments", "richtext",
    },
    "preview": {"errors"},
    "bars": set(),
    "building": {"build", "cluster", "config", "errors"},
    "cleaning": {"build", "config", "folders"},
    "cluster": {"build", "errors"},
    "live": {"build", "building", "config", "errors", "preview"},
    "origin": {"sitegen"},
    "starting": {"errors", "files", "origin"},
    "cli": {
        "sitegen", "bars", "build", "building", "cleaning", "config", "content", "errors", "files",
        "importers", "importing", "live", "locks", "media", "records", "reports", "starting",
    },
    "__main__": {"cli"},
}  # fmt: skip


def room_of(path: Path) -> str:
    """Return the room that a module is in: its file, or its folder."""
    relative = path.relative_to(PACKAGE)
    first = relative.parts[0].removesuffix(".py")
    return "sitegen" if first == "__init__" else first


def imports(path: Path) -> set[str]:
    """Return the rooms that a module imports, wherever in it the import stands."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            inside = node.module == "sitegen"
            found |= {f"sitegen.{n.name}" for n in node.names} if inside else {node.module}
    ours = {name for name in found if name.split(".")[0] == "sitegen"}
    return {name.split(".")[1] if "." in name else "sitegen" for name in ours}


MODULES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_a_module_opens_only_the_doors_of_its_room(path: Path) -> None:
    room = room_of(path)
    assert imports(path) - {room} <= ROOMS[room]


def test_every_room_is_in_the_table_and_every_row_is_a_room() -> None:
    assert {room_of(path) for path in MODULES} == set(ROOMS)


def test_only_the_command_line_prints_or_exits() -> None:
    for path in MODULES:
        calls = {
            node.func.id
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        if room_of(path) not in ("cli", "__main__"):
            assert not calls & {"print", "exit", "quit", "input"}, path


def test_no_module_is_longer_than_a_room_should_be() -> None:
    long = {p.name: n for p in MODULES if (n := len(p.read_text("utf-8").split("\n"))) > 320}
    assert not long
