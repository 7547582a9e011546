"""The architecture as tests: which part of sitegen may import which, and that there are no cycles."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import statements

PACKAGE = Path(__file__).parent.parent / "sitegen"
MAX_LINES = 320

# A top-level package or module of sitegen, and those that it may import.
LAYERS: dict[str, set[str]] = {
    "errors": set(),
    "folders": {"errors"},
    "files": {"folders"},
    "durable_files": {"errors", "files", "folders"},
    "config": {"errors", "files", "durable_files", "query", "text"},
    "digests": set(),
    "languages": {"config", "digests", "errors", "files", "timestamps"},
    "model": set(),
    "timestamps": set(),
    "formats": {"errors", "model", "timestamps"},
    "text": {"model"},
    "exchange": {"errors", "formats", "model", "text", "timestamps"},
    "processes": {"errors"},
    "threads": {"model", "timestamps"},
    "query": {"errors", "model", "text", "threads"},
    "topics": {"config", "content", "digests", "durable_files", "errors", "files", "model", "query", "text", "threads"},
    "content": {"digests", "durable_files", "errors", "exchange", "files", "folders", "formats", "model", "processes", "text", "threads", "timestamps"},
    "locks": {"errors", "files", "folders"},
    "site": {
        "config", "content", "digests", "errors", "files", "folders", "languages", "locks", "media", "model",
        "processes", "query", "selection", "sitegen", "text", "threads", "timestamps", "topics",
    },
    "selection": {"config", "content", "digests", "errors", "languages", "model", "query", "text", "threads", "timestamps", "topics"},
    "opendata": {
        "config", "content", "digests", "errors", "exchange", "files", "languages", "model", "query", "selection",
        "sitegen", "text", "threads", "timestamps",
    },
    "library": {
        "config", "content", "errors", "exchange", "ingest", "languages", "model", "opendata", "selection", "site", "sources",
        "text", "topics",
    },
    "sitegen": {"library"},
    "sources": {"errors", "exchange", "files", "folders", "formats", "locks", "model", "sitegen", "text", "threads", "timestamps"},
    "media": {"content", "durable_files", "errors", "files", "folders", "model", "sources"},
    "ingest": {"config",
        "content", "errors", "exchange", "files", "folders", "formats", "durable_files", "locks", "media", "model", "sources",
        "text", "threads", "timestamps",
    },
    "preview": {"errors"},
    "cli": {
        "config", "content", "errors", "files", "ingest", "languages", "locks", "media", "model", "opendata", "preview", "selection",
        "site", "sitegen", "sources", "topics",
    },
    "__main__": {"cli"},
}  # fmt: skip


def name_of(path: Path) -> str:
    """Return a module's dotted name below `sitegen`; that of sitegen itself is empty."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): path for path in sorted(PACKAGE.rglob("*.py"))}
PACKAGES = sorted(name_of(path) for path in MODULES.values() if path.name == "__init__.py")


@cache
def imports(module: str) -> frozenset[str]:
    """Return the modules of sitegen that a module imports, also in functions and for types."""
    return frozenset(_imports(MODULES[module].read_text("utf-8")) - {module})


def _imports(source: str) -> set[str]:
    found = set()
    for node in statements.imports(source):
        if isinstance(node, ast.Import):
            found |= {n.name.partition(".")[2] for n in node.names if _is_ours(n.name)}
        elif node.level == 0 and _is_ours(node.module or ""):
            package = (node.module or "").removeprefix("sitegen").removeprefix(".")
            names = [f"{package}.{n.name}".removeprefix(".") for n in node.names]
            found |= {name if name in MODULES else package for name in names}
    return found


def _is_ours(module: str) -> bool:
    return module.split(".")[0] == "sitegen"


def top_of(module: str) -> str:
    """Return the top-level package or module that a module belongs to."""
    return module.split(".")[0] or "sitegen"


def child_of(package: str, module: str) -> str | None:
    """Return the direct child of a package that a module is or is in; None if there is none."""
    prefix = f"{package}." if package else ""
    rest = module.removeprefix(prefix) if module.startswith(prefix) else ""
    return rest.split(".")[0] or None


def cycles(graph: dict[str, set[str]]) -> Iterator[tuple[str, str]]:
    """Go through the pairs that can reach each other."""

    def reachable(start: str) -> set[str]:
        found: set[str] = set()
        waiting = [start]
        while waiting:
            new = graph.get(waiting.pop(), set()) - found
            found |= new
            waiting += new
        return found

    reach = {name: reachable(name) for name in graph}
    return (
        (a, b) for a in sorted(graph) for b in sorted(reach[a]) if a < b and a in reach.get(b, ())
    )


def test_a_module_imports_only_what_its_layer_may() -> None:
    used = {module: {top_of(each) for each in imports(module)} for module in MODULES}
    own = {module: {top_of(module), *LAYERS[top_of(module)]} for module in MODULES}
    assert not {module: more for module in MODULES if (more := used[module] - own[module])}


def test_every_layer_is_in_the_table() -> None:
    assert {top_of(module) for module in MODULES} == set(LAYERS)


def parts(package: str) -> dict[str, set[str]]:
    """Return the parts of a package, and which others each imports."""
    graph: dict[str, set[str]] = defaultdict(set)
    for module in MODULES:
        if child := child_of(package, module):
            graph[child] |= {c for m in imports(module) if (c := child_of(package, m))} - {child}
    return graph


def test_the_parts_of_a_package_import_each_other_without_a_cycle() -> None:
    found = {package: list(cycles(parts(package))) for package in PACKAGES}
    assert not {package: pairs for package, pairs in found.items() if pairs}


def test_no_source_imports_another() -> None:
    sources = {name for name in PACKAGES if name.startswith("sources.") and name.count(".") == 1}
    for module in MODULES:
        own = ".".join(module.split(".")[:2])
        if own in sources:
            assert not {m for m in imports(module) if ".".join(m.split(".")[:2]) in sources - {own}}


def test_only_the_command_line_prints_or_exits() -> None:
    names = ("print", "exit", "quit", "input")
    for module, path in MODULES.items():
        text = path.read_text("utf-8")
        if top_of(module) in ("cli", "__main__") or not any(name in text for name in names):
            continue
        calls = {
            node.func.id
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        assert calls.isdisjoint(names), path


def test_no_module_is_too_long() -> None:
    lines = {name: path.read_text("utf-8").count("\n") for name, path in MODULES.items()}
    assert not {name: count for name, count in lines.items() if count > MAX_LINES}


def test_no_folder_has_too_many_modules() -> None:
    for package in PACKAGES:
        folder = MODULES[package].parent
        assert len([p for p in folder.glob("*.py") if p.stem != "__init__"]) <= 12, package


LOADED_BY_BUILDS = """
import sys, sitegen.site.incremental.update, sitegen.site.render.renderer
print(*(name for name in sys.modules if name.startswith("sitegen.")))
"""


def test_a_build_loads_nothing_that_only_imports_need() -> None:
    command = [sys.executable, "-c", LOADED_BY_BUILDS]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert "sitegen.content.content_folder" in loaded
    parts = re.compile(r"sitegen\.(sources|ingest|content\.(merge|archive_index|changeset\.file))")
    assert not [name for name in loaded if parts.match(name)]


# Words of an earlier dialect; the field has its own. See CONTRIBUTING.md.
DIALECT = re.compile(r"\b_?(?:told|stands|lies|heard|shelves|hands|dealing|piles)\b", re.IGNORECASE)


def test_the_code_speaks_the_words_of_the_field() -> None:
    found = {
        f"{name}:{number}": line.strip()
        for name, path in MODULES.items()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if DIALECT.search(line)
    }
    assert not found
