"""The command that checks a site, as a person types it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-m", "tests.checkers"]


def run(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], cwd=root, capture_output=True, text=True)


def test_a_folder_without_a_site_is_refused(root: Path, tmp_path: Path) -> None:
    done = run(root, str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"error: {tmp_path} has no page. hint: build the site first.\n"


@pytest.mark.slow
def test_each_checker_says_what_it_found_and_the_exit_code_sums_up(
    root: Path, tmp_path: Path
) -> None:
    page = tmp_path / "index.html"
    page.write_text('<title>A</title><p class="h-card">Mara</p>', "utf-8")
    done = run(root, str(tmp_path), "--only", "mf2py", "--only", "feeds")
    lines = [re.sub(r", \d+ s$", "", line) for line in done.stdout.splitlines()]
    assert lines == ["mf2py: 1 checked, 0 findings", "feeds: 0 checked, 0 findings"]
    assert done.returncode == 0
    page.write_text('<title>A</title><p class="h-entry">Mara</p>', "utf-8")
    done = run(root, str(tmp_path), "--only", "mf2py")
    lines = [re.sub(r", \d+ s$", "", line) for line in done.stdout.splitlines()]
    assert lines == ["mf2py: 1 checked, 1 finding", "  index.html: an h-entry has no url"]
    assert done.returncode == 1


@pytest.mark.slow
def test_checkers_that_are_needed_and_missing_fail_the_run(root: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "--collect-only", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, "tests/checkers/test_sites.py"], cwd=root,
        env={**os.environ, "PATH": "", "SITEGEN_NEEDS": "checkers"}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 4
    assert "SITEGEN_NEEDS=checkers, but there is no chromium, java" in done.stderr
