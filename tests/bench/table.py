"""Figures -> Markdown: medians over the rounds, and medians of the ratios within each round."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from .measure import LOG, Figure
from .tasks import OURS, OUTPUT, SCENARIOS, SEARCH, THEIRS, TITLES

if TYPE_CHECKING:  # it needs the browser of the tests
    from .queries import Query

TARGETS = Path(__file__).with_name("targets.toml")
MIB = 1 << 20
MEMORY = {"cold": "memory", "defaults": "defaults-memory"}  # the targets for these scenarios
MEGABYTE = 1_000_000
HEADS = ("scenario", "tool", "wall s", "CPU s", "peak MiB",
         "wall / Hugo's", "at most", "memory / Hugo's", "at most")  # fmt: skip

Key = tuple[str, str]  # scenario, tool


@dataclass
class Figures:
    """What was measured, by scenario and tool; one figure a round."""

    times: dict[Key, list[Figure]] = field(default_factory=dict)
    memory: dict[Key, int | None] = field(default_factory=dict)
    live: dict[str, list[float]] = field(default_factory=dict)
    queries: Sequence[Query] = ()


def targets(posts: int) -> dict[str, float]:
    """Return the targets for so many posts; none for other numbers than those in the file."""
    found: dict[str, float] = tomllib.loads(TARGETS.read_text("utf-8")).get(str(posts), {})
    return found


def report(figures: Figures, wanted: Mapping[str, float]) -> Iterator[str]:
    """Return the table of times and memory, and how noisy they are."""
    yield from _markdown(
        HEADS, 2, [*_builds(figures, wanted), *_searches(figures, wanted), *_live(figures, wanted)]
    )
    yield ""
    noise = [f"{TITLES[s]} {spread:.0%}" for s, spread in _noise(figures)]
    if noise:
        yield f"Noise, (longest - shortest) / median of Hugo's wall time: {', '.join(noise)}."


def sizes(outputs: Iterable[Path], wanted: Mapping[str, float]) -> Iterator[str]:
    """Return a table of how many files and bytes each built site has.

    The target is for sitegen's site without any settings.
    """
    rows = []
    for output in outputs:
        files = [path for path in _walk(output) if path.name not in (LOG, ".sitegen-manifest")]
        total = sum(path.lstat().st_size for path in files)
        limit = wanted.get("megabytes") if output.name == f"{OUTPUT}-defaults" else None
        most = f"{limit * MEGABYTE:,.0f}" if limit else ""
        name = f"{output.parent.name}/{output.name}"
        rows.append((name, f"{len(files):,}", f"{total:,}", most))
    yield from _markdown(("output", "files", "bytes", "at most"), 1, rows)


def queries(measured: Sequence[Query], wanted: Mapping[str, float]) -> Iterator[str]:
    """Return a table of the queries of a search, at the middle and at the 90th percentile."""
    heads = (f"{len(measured)} queries in Chromium", "median", "90 of 100", "at most")
    rows = (
        ("first result, ms", [each.first_result for each in measured], "first_result"),
        ("the same, painted, ms", [each.painted for each in measured], ""),
        ("first result of an opened address, ms", [each.opened for each in measured], ""),
        ("loaded to find posts, kB", [each.loaded / 1000 for each in measured], "query"),
        ("loaded for counts, kB", [each.columns / 1000 for each in measured], "columns"),
    )
    yield from _markdown(
        heads,
        1,
        [
            (title, f"{median(values):.1f}", f"{_most_of(values):.1f}", _limit(wanted.get(key)))
            for title, values, key in rows
        ],
    )


def _most_of(values: Sequence[float]) -> float:
    """Return the 90th percentile: nine of ten values are not greater."""
    return sorted(values)[max(0, -(-len(values) * 9 // 10) - 1)]


def _limit(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _builds(figures: Figures, wanted: Mapping[str, float]) -> Iterator[tuple[str, ...]]:
    for key, times in figures.times.items():
        scenario, tool = key
        base = SCENARIOS[scenario]
        compared = tool == OURS
        memory, base_memory = figures.memory.get(key), figures.memory.get(base)
        share = memory / base_memory if compared and memory and base_memory else None
        limit = wanted.get(MEMORY.get(scenario, "")) if compared else None
        yield (
            TITLES[scenario],
            tool,
            f"{median(t.wall for t in times):.3f}",
            f"{median(t.cpu for t in times):.2f}",
            f"{memory / MIB:.0f}" if memory else "",
            _number(_ratio(figures, key, base) if compared else None),
            _number(wanted.get(scenario) if compared else None),
            _number(share),
            _number(limit),
        )


def _searches(figures: Figures, wanted: Mapping[str, float]) -> Iterator[tuple[str, ...]]:
    """Return the rows that compare with Pagefind, where all that they need was measured."""
    ours, without, peer, hugo = (
        [time.wall for time in figures.times.get(key, ())]
        for key in (("defaults", OURS), ("no-search", OURS), ("pagefind", SEARCH), ("cold", THEIRS))
    )
    added = [one - other for one, other in zip(ours, without, strict=False)]
    both = [one + other for one, other in zip(hugo, peer, strict=False)]
    for row, walls, peers in (("index", added, peer), ("both", ours, both)):
        ratios = [one / other for one, other in zip(walls, peers, strict=False)]
        if ratios:
            shown = _number(median(ratios)), _number(wanted.get(row))
            yield (TITLES[row], OURS, f"{median(walls):.3f}", "", "", *shown, "", "")


def _live(figures: Figures, wanted: Mapping[str, float]) -> Iterator[tuple[str, ...]]:
    """Return the rows of the servers; they ran one after the other, not in turn."""
    middles = {tool: median(times) for tool, times in figures.live.items()}
    for tool, seconds in middles.items():
        compared = tool == OURS and THEIRS in middles
        yield (
            TITLES["live"],
            tool,
            f"{seconds:.3f}",
            "",
            "",
            _number(seconds / middles[THEIRS] if compared else None),
            _number(wanted.get("live") if compared else None),
            "",
            "",
        )


def _ratio(figures: Figures, key: Key, base: Key) -> float | None:
    pairs = list(zip(figures.times.get(key, ()), figures.times.get(base, ()), strict=False))
    return median(one.wall / other.wall for one, other in pairs) if pairs else None


def _noise(figures: Figures) -> Iterator[tuple[str, float]]:
    for (scenario, tool), times in figures.times.items():
        if tool == THEIRS:
            walls = [t.wall for t in times]
            yield scenario, (max(walls) - min(walls)) / median(walls)


def _walk(folder: Path) -> Iterator[Path]:
    for root, _, names in os.walk(folder):
        yield from (Path(root, name) for name in names)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _markdown(heads: Sequence[str], words: int, rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Write a table whose first columns hold words, and the others numbers."""
    lines = ["---"] * words + ["--:"] * (len(heads) - words)
    for cells in (heads, lines, *rows):
        yield f"| {' | '.join(cells)} |"
