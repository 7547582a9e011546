"""Without Node the tests of the real server are skipped, but never where they are needed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # as the tests are that they start
LIVE = "tests/bluesky_live/test_live_pds.py"


def without_node(root: Path, needs: str) -> subprocess.CompletedProcess[str]:
    """Run the first test of the real server as where no program is installed."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--slow",
        LIVE,
        "-k",
        "first_time",
    ]
    env = {**os.environ, "PATH": "", "SITEGEN_NEEDS": needs}
    return subprocess.run(command, cwd=root, env=env, capture_output=True, text=True)


def test_they_are_skipped_and_say_why(root: Path) -> None:
    done = without_node(root, "")
    assert done.returncode == 0
    assert "SITEGEN_NEEDS=live installs it" in done.stdout
    assert "1 skipped" in done.stdout


@pytest.mark.parametrize("needs", ["browser live", "live,browser"])
def test_where_they_are_needed_the_run_fails(root: Path, needs: str) -> None:
    done = without_node(root, needs)
    assert done.returncode == 4
    assert "SITEGEN_NEEDS=live, but there is no Node with npm" in done.stderr
