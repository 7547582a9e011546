"""The benchmark runs: its table has its rows, and both tools are given the same threads."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest
from bench import archive, pagefind

PROJECT = Path(__file__).parent.parent
TITLES = {
    "cold": "cold",
    "edit": "one thread edited",
    "defaults-edit": "one thread edited, sitegen's defaults",
    "handwritten": "cold, all written by hand",
    "import": "import, against sitegen's cold build",
}


def bench(*options: str, programs: str = "/nowhere") -> subprocess.CompletedProcess[str]:
    """Run the benchmark as a developer does, on a machine that has no Hugo among its programs."""
    return subprocess.run(
        [sys.executable, "-m", "tests.bench", *options], cwd=PROJECT,
        env={**os.environ, "PATH": programs}, capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip


def rows(table: str) -> dict[str, float]:
    """Return the scenarios of sitegen's rows and their seconds."""
    found = re.findall(r"(?m)^\| (.+?) \| sitegen \| (\d+\.\d+) \|", table)
    return {scenario: float(seconds) for scenario, seconds in found}


@pytest.mark.slow
def test_it_measures_each_scenario_and_gives_both_tools_the_same_threads(tmp_path: Path) -> None:
    done = bench("--posts=30", "--rounds=1", f"--folder={tmp_path}", "--keep",
                 f"--scenarios={','.join(TITLES)}")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert list(rows(done.stdout)) == list(TITLES.values())
    assert min(rows(done.stdout).values()) > 0
    (scratch,) = tmp_path.iterdir()
    files = list(scratch.glob("hugo/content/thread/*.md"))
    built = {path.stem for path in scratch.glob("sitegen/public/thread/*.html")}
    assert built == {f"example-{path.stem}" for path in files}
    headings = [re.findall(r"(?m)^## ", path.read_text("utf-8")) for path in files]
    assert sum(map(len, headings)) == 30


@pytest.mark.slow
@pytest.mark.browser
def test_it_says_how_soon_queries_have_results_and_what_they_load(tmp_path: Path) -> None:
    done = bench("--posts=60", "--rounds=1", f"--folder={tmp_path}",
                 "--scenarios=defaults", "--queries=5", programs=os.environ["PATH"])  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = re.findall(r"(?m)^\| (.+?, (?:ms|kB)) \| ([\d.]+) \|", done.stdout)
    assert [name for name, _ in found] == [
        "first result, ms", "the same, painted, ms", "first result of an opened address, ms",
        "loaded to find posts, kB", "loaded for counts, kB",
    ]  # fmt: skip
    assert min(float(number) for _, number in found) > 0


@pytest.mark.slow
def test_it_leaves_nothing_behind(tmp_path: Path) -> None:
    done = bench("--posts=1", "--rounds=1", f"--folder={tmp_path}",
                 "--scenarios=unchanged,defaults")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert list(rows(done.stdout)) == ["nothing changed", "cold, sitegen's defaults"]
    assert re.search(r"(?m)^\| sitegen/public \| \d+ \| [\d,]+ \|  \|$", done.stdout)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("option", ["--posts=0", "--scenarios=warm", "--hugo=/nowhere/hugo"])
def test_a_wrong_command_line_is_told_in_a_line(option: str) -> None:
    done = bench(option)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()[-1]) < 120
    assert done.stderr.splitlines()[-1].startswith("python -m tests.bench: error: ")


def test_pagefind_gets_a_page_for_each_post(tmp_path: Path) -> None:
    threads = [*archive.threads(30, 1)]
    pagefind.write_pages(threads, tmp_path)
    pages = {path.stem: path.read_text("utf-8") for path in tmp_path.glob("*/*.html")}
    posts = {post.id: post for thread in threads for post in thread.posts}
    assert pages.keys() == posts.keys()
    for identity, page in pages.items():
        words = [str(piece) for pieces in posts[identity].paragraphs for piece in pieces]
        assert " ".join(words) in " ".join(unescape(re.sub(r"</?p[^>]*>", " ", page)).split())
