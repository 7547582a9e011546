"""The command: `python -m tests.bench`. The only module here that prints."""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from . import archive, hugo, live, measure, pagefind, table
from .table import Figures
from .tasks import OURS, OUTPUT, SCENARIOS, THEIRS, TITLES, Edit, Sites, Task, tasks


def main() -> int:
    """Measure and print; 1 when a command that is measured fails, 2 for a wrong command line."""
    options = _options()
    options.folder.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix="bench-", dir=options.folder.resolve()))
    try:
        _measure(options, scratch)
    except measure.CommandError as error:
        _note(f"error: {error}")
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        _leave(scratch, options.keep)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description="Build an invented archive with sitegen and with Hugo, in turn, and print"
        " a table. Only ratios within one run hold.",
    )
    add = parser.add_argument
    add("--posts", type=_count, default=10_000, help="how many posts (default: 10000)")
    add("--rounds", type=_count, default=5, help="how often each command runs (default: 5)")
    add("--seed", type=int, default=1, help="another number makes another archive")
    add("--folder", type=Path, default=Path(tempfile.gettempdir()), metavar="DIR",
        help="where to work (default: a temporary folder); a tmpfs leaves the disk out")  # fmt: skip
    add("--hugo", type=Path, metavar="PATH", help="Hugo (default: the one on PATH)")
    add("--scenarios", type=_scenarios, default=list(SCENARIOS), metavar="NAME,...",
        help=f"only these: {', '.join(SCENARIOS)}")  # fmt: skip
    add("--live", action="store_true", help="also time edits while serving")
    add("--queries", type=_count, nargs="?", const=50, metavar="N",
        help="also time so many queries in Chromium (default: 50)")  # fmt: skip
    add("--keep", action="store_true", help="leave the sites for a look at them")
    options = parser.parse_args()
    if options.hugo and not options.hugo.is_file():
        parser.error(f"no such file: {options.hugo}")
    return options


def _measure(options: argparse.Namespace, scratch: Path) -> None:
    theirs = hugo.binary(options.hugo)
    wants_search = "pagefind" in options.scenarios
    sites = Sites(scratch, _sitegen(), theirs, pagefind.binary() if wants_search else None)
    if theirs is None:
        _note(hugo.HOW_TO_GET)
    if wants_search and sites.pagefind is None:
        _note(pagefind.HOW_TO_GET)
    _note(f"making {options.posts:,} posts")
    sites.make(options.posts, options.seed)
    edits = sites.edits(archive.middle(options.posts, options.seed))
    figures = Figures()
    _builds(figures, tasks(sites, edits, options.scenarios), options.rounds)
    if options.live:
        _servers(figures, sites, edits, options.rounds)
    targets = table.targets(options.posts)
    if options.queries:
        _queries(figures, sites, options)
    _print(_heading(options, sites))
    _print(table.report(figures, targets))
    _print(["", *table.sizes(sites.outputs(), targets)])
    if figures.queries:
        _print(["", *table.queries(figures.queries, targets)])


def _builds(figures: Figures, tasks: list[Task], rounds: int) -> None:
    for number in range(1, rounds + 1):
        for task in tasks:
            task.prepare()
            figure = measure.timed(task.command, task.folder)
            figures.times.setdefault((task.scenario, task.tool), []).append(figure)
            _note(f"round {number}: {TITLES[task.scenario]}, {task.tool}: {figure.wall:.3f} s")
    _note("once more, for memory")
    for task in tasks:
        task.prepare()
        figures.memory[task.scenario, task.tool] = measure.peak(task.command, task.folder)


def _servers(figures: Figures, sites: Sites, edits: tuple[Edit, Edit], rounds: int) -> None:
    _note("edits while serving")
    figures.live[OURS] = live.ours(sites.sitegen, sites.ours, edits[0], rounds)
    if sites.hugo:
        figures.live[THEIRS] = live.theirs(sites.hugo, sites.theirs, edits[1], rounds)


def _queries(figures: Figures, sites: Sites, options: argparse.Namespace) -> None:
    sys.path.insert(0, str(Path(__file__).parent.parent))  # where the tests have their browser
    from . import queries

    _note("queries in Chromium")
    output = sites.ours / f"{OUTPUT}-defaults"
    if not output.exists():
        measure.run(sites.build_with("defaults"), sites.ours)
    wanted = queries.words(archive.threads(options.posts, options.seed), options.queries)
    figures.queries = queries.measured(output, wanted, options.rounds)


def _sitegen() -> Path:
    """Return the command that users type, of the environment that this runs in."""
    found = Path(sys.executable).with_name("sitegen")
    if not found.exists():
        raise measure.CommandError("sitegen is not here; `pip install -e .` brings it.")
    return found


def _heading(options: argparse.Namespace, sites: Sites) -> Iterable[str]:
    tools = [_said([str(sites.sitegen), "--version"]).split()]
    if sites.hugo:
        tools.append(re.findall(r"^hugo|v[0-9.]+", _said([str(sites.hugo), "version"]))[:2])
    if sites.pagefind:
        tools.append(_said([str(sites.pagefind), "--version"]).split())
    names = ", ".join(" ".join(words) for words in tools)
    yield f"### {options.posts:,} posts, {options.rounds} rounds, {os.cpu_count()} processors"
    yield f"\n{names}, Python {platform.python_version()}\n"


def _said(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _leave(scratch: Path, keep: bool) -> None:
    if keep:
        _note(f"the sites are in {scratch}")
    else:
        shutil.rmtree(scratch)


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _scenarios(text: str) -> list[str]:
    names = text.split(",")
    for name in names:
        if name not in SCENARIOS:
            raise argparse.ArgumentTypeError(f"no such scenario: {name}")
    return names


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")


def _note(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
