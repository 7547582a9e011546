"""Draw the packages of sitegen from their imports: `python -m tests.architecture`.

The drawing is `docs/architecture.svg`. An arrow leads from a package to one that it imports. Arrows
that follow from others are left out: cli imports site and site imports media, so cli needs no arrow
to media. The same imports always give the same bytes.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from graphlib import TopologicalSorter
from itertools import pairwise
from pathlib import Path
from textwrap import wrap

PROJECT = Path(__file__).parent.parent
DRAWING = PROJECT / "docs" / "architecture.svg"
FRONT = "__init__"

# What each package is about, in at most 29 characters.
CAPTIONS = {
    "library": "the functions of the commands",
    "cli": "commands and their messages",
    "ingest": "an import, start to end",
    "preview": "watch, serve, reload",
    "site": "content/ to a static site",
    "config": "sitegen.toml, sitegen new",
    "media": "files, without their metadata",
    "content": "reads and writes content/",
    "sources": "one importer a network",
    "exchange": "posts as JSON lines",
    "formats": "ZIP, tar, HTML, JSON, CAR",
    "languages": "words, plurals, dates",
    "text": "links, Markdown, charsets",
    "opendata": "public, anonymous exports",
    "selection": "posts to hide, list, export",
    "query": "the query language",
    "topics": "what posts are about",
    "threads": "posts to threads, their kinds",
}

BOX_WIDTH, BOX_HEIGHT = 200, 48
COLUMN, ROW, MARGIN = 230, 84, 20
LINE, CHARACTER = 20, 8  # of the names of modules
STYLE = """
  text { font: 12px system-ui, sans-serif; fill: #57606a; text-anchor: middle; }
  .name { font: 600 15px ui-monospace, monospace; fill: #1f2328; }
  .shared { font: 600 13px ui-monospace, monospace; fill: #1f2328; }
  rect { fill: #f6f8fa; stroke: #8c959f; }
  .modules { fill: none; stroke-dasharray: 4 4; }
  path { fill: none; stroke: #57606a; stroke-width: 1.5; }
  marker path { fill: #57606a; stroke: none; }
  @media (prefers-color-scheme: dark) {
    text { fill: #9198a1; }
    .name, .shared { fill: #f0f6fc; }
    rect { fill: #151b23; stroke: #656c76; }
    .modules { fill: none; }
    path { stroke: #9198a1; }
    marker path { fill: #9198a1; }
  }
"""

Graph = dict[str, set[str]]
Point = tuple[int, int]
Edge = tuple[str, str]


def imports(package: Path) -> Graph:
    """Return each top-level part of a package, and the parts that it imports.

    `__main__` is left out, and so is the package's own `__init__`: a part that uses a function from
    there imports what `__init__` imports. To read `__version__` is no import.
    """
    graph: Graph = {FRONT: set()}
    for path in package.rglob("*.py"):
        parts = path.relative_to(package).with_suffix("").parts
        part = FRONT if parts == ("__init__",) else parts[0]
        tree = ast.parse(path.read_text("utf-8"))
        graph.setdefault(part, set()).update(_imported(tree, package))
    graph.pop("__main__", None)
    front = graph.pop(FRONT)
    return {
        part: ((used | front if FRONT in used else used) & graph.keys()) - {part}
        for part, used in graph.items()
    }


def _imported(tree: ast.AST, package: Path) -> Iterator[str]:
    """Go through the parts of a package that a module uses by `import` or `from`."""
    for node in ast.walk(tree):
        for first, *rest in (name.split(".") for name in _names(node, package.name)):
            if first == package.name and rest and not rest[0].startswith("__"):
                yield rest[0] if _is_part(package / rest[0]) else FRONT


def _names(node: ast.AST, package: str) -> list[str]:
    """Return the dotted names that a node imports, or reads as an attribute of the package."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level == 0:
        return [f"{node.module}.{alias.name}" for alias in node.names]
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return [f"{package}.{node.attr}"] if node.value.id == package else []
    return []


def _is_part(path: Path) -> bool:
    return path.is_dir() or path.with_suffix(".py").is_file()


def reachable(graph: Graph) -> Graph:
    """Return all parts that each part imports, directly or not. Raises CycleError."""
    reach: Graph = {}
    for part in TopologicalSorter(graph).static_order():
        reach[part] = graph[part].union(*(reach[used] for used in graph[part]))
    return reach


def reduced(graph: Graph) -> Graph:
    """Leave out the imports that follow from others. Raises CycleError."""
    reach = reachable(graph)
    return {
        part: {u for u in used if not any(u in reach[other] for other in used)}
        for part, used in graph.items()
    }


def layers(graph: Graph) -> dict[str, int]:
    """Return the row of each part: 0 for one that nothing imports, else below all its importers."""
    rows = dict.fromkeys(graph, 0)
    for part in reversed([*TopologicalSorter(graph).static_order()]):
        for used in graph[part]:
            rows[used] = max(rows[used], rows[part] + 1)
    return rows


def drawing(graph: Graph, modules: Iterable[str]) -> str:
    """Return a drawing of packages, with the names of single modules below them, as SVG."""
    arrows = reduced(graph)
    places = positions(arrows)
    width = max(x for x, _ in places.values()) + COLUMN // 2 + MARGIN
    bottom = max(y for _, y in places.values()) + BOX_HEIGHT + 30
    lines = wrap(" ".join(sorted(modules)), (width - 4 * MARGIN) // CHARACTER)
    height = bottom + LINE * len(lines) + 28 + MARGIN
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" role="img">',
            "<title>The packages of sitegen and their imports</title>",
            f"<desc>{_described(arrows)}</desc>",
            f"<style>{STYLE}</style>",
            '<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" '
            'markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>',
            *(_arrow(edge, places) for edge in _edges(arrows)),
            *(_box(part, places[part]) for part in sorted(graph)),
            *_strip(lines, width, bottom),
            "</svg>\n",
        ]
    )


def positions(arrows: Graph) -> dict[str, Point]:
    """Return the middle of the upper side of each box, and of each bend of a long arrow."""
    rows = layers(arrows)
    links = [link for edge in _edges(arrows) for link in _links(edge, rows)]
    for above, below in links:
        rows.setdefault(below, rows[above] + 1)
    order = [sorted(p for p in rows if rows[p] == n) for n in range(max(rows.values()) + 1)]
    for _ in range(8):  # sweeps; more change nothing in graphs of this size
        _sort(order, links)
        _sort(order[::-1], [(below, above) for above, below in links])
    widest = max(map(len, order))
    return {
        part: (
            MARGIN + COLUMN * (widest - len(row) + 1) // 2 + COLUMN * column,
            MARGIN + ROW * number,
        )
        for number, row in enumerate(order)
        for column, part in enumerate(row)
    }


def _edges(arrows: Graph) -> list[Edge]:
    return [(part, used) for part in sorted(arrows) for used in sorted(arrows[part])]


def _links(edge: Edge, rows: Mapping[str, int]) -> list[Edge]:
    """Divide an arrow into links of one row each, joined by bends."""
    stops = [edge[0], *_bends(edge, rows), edge[1]]
    return [*pairwise(stops)]


def _bends(edge: Edge, rows: Mapping[str, int]) -> list[str]:
    above, below = edge
    return [f"{above} {below} {row}" for row in range(rows[above] + 1, rows[below])]


def _sort(order: list[list[str]], links: list[Edge]) -> None:
    """Sort each row by where the parts are that its own are linked to in the row before."""
    for before, row in pairwise(order):
        index = {part: n / len(before) for n, part in enumerate(before)}
        where = {
            part: [index[a] for a, b in links if b == part and a in index] or [0.5] for part in row
        }
        row.sort(key=lambda part: (sum(where[part]) / len(where[part]), part))


def _arrow(edge: Edge, places: Mapping[str, Point]) -> str:
    (x, y), (end_x, end_y) = places[edge[0]], places[edge[1]]
    path = f"M{x} {y + BOX_HEIGHT}"
    bends = sorted((p for name, p in places.items() if name.split(" ")[:2] == [*edge]), key=_height)
    y += BOX_HEIGHT
    for bend_x, bend_y in bends:
        path += f"{_curve(x, y, bend_x, bend_y)}V{bend_y + BOX_HEIGHT}"
        x, y = bend_x, bend_y + BOX_HEIGHT
    return f'<path d="{path}{_curve(x, y, end_x, end_y)}" marker-end="url(#head)"/>'


def _height(point: Point) -> int:
    return point[1]


def _curve(x: int, y: int, end_x: int, end_y: int) -> str:
    middle = (y + end_y) // 2
    return f"C{x} {middle} {end_x} {middle} {end_x} {end_y}"


def _box(part: str, place: Point) -> str:
    x, y = place
    return (
        f'<rect x="{x - BOX_WIDTH // 2}" y="{y}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="6"/>'
        f'<text class="name" x="{x}" y="{y + 20}">{part}</text>'
        f'<text x="{x}" y="{y + 38}">{CAPTIONS.get(part, "")}</text>'
    )


def _strip(lines: list[str], width: int, y: int) -> Iterator[str]:
    """Draw a frame with the names of modules."""
    x, height = width // 2, LINE * len(lines) + 28
    yield (
        f'<rect class="modules" x="{MARGIN}" y="{y}" width="{width - 2 * MARGIN}" '
        f'height="{height}" rx="6"/>'
    )
    for number, line in enumerate(lines, 1):
        yield f'<text class="shared" x="{x}" y="{y + LINE * number}">{line}</text>'
    yield f'<text x="{x}" y="{y + height - 10}">modules that the packages share</text>'


def _described(arrows: Graph) -> str:
    return " ".join(
        f"{part} imports {', '.join(sorted(used))}."
        for part, used in sorted(arrows.items())
        if used
    )


def shared_modules(graph: Graph, package: Path) -> set[str]:
    """Return the single modules that import no package; the others are drawn like packages."""
    packages = {part for part in graph if not (package / f"{part}.py").is_file()}
    reach = reachable(graph)
    return {part for part in graph.keys() - packages if not reach[part] & packages}


def of_package(package: Path) -> str:
    """Return the drawing of a package's folder."""
    graph = imports(package)
    shared = shared_modules(graph, package)
    boxes = {part: used - shared for part, used in graph.items() if part not in shared}
    return drawing(boxes, shared)


if __name__ == "__main__":
    DRAWING.write_text(of_package(PROJECT / "sitegen"), "utf-8", newline="\n")
