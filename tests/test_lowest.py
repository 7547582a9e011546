"""The lowest versions that are tested are those that pyproject.toml allows."""

from __future__ import annotations

import re
import subprocess
import sys

import lowest
import pytest


def test_every_dependency_is_taken_at_its_lower_bound() -> None:
    project = """
[project]
dependencies = [
  "alpha>=1.2", # why
  "beta[extra] >= 2.0.1, <3",
  "gamma<9,>=0.7; python_version < '3.12'",
  "delta~=4.1",
]
[project.optional-dependencies]
test = ["epsilon==5", "alpha>=1.2"]
other = ["zeta>=6"]
"""
    assert [*lowest.constraints(project, ["test"])] == [
        "alpha==1.2",
        "beta==2.0.1",
        "gamma==0.7; python_version < '3.12'",
        "delta==4.1",
        "epsilon==5",
    ]


@pytest.mark.parametrize(
    "requirement", ["alpha", "alpha<2", "alpha!=1", "alpha @ https://a.example"]
)
def test_a_dependency_without_a_lower_bound_is_refused(requirement: str) -> None:
    with pytest.raises(ValueError, match="has no lower bound"):
        lowest.lowest(requirement)


def test_the_project_has_a_lower_bound_for_each() -> None:
    command = [sys.executable, "-m", "tests.lowest"]
    printed = subprocess.run(
        command, cwd=lowest.PROJECT.parent, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    project = lowest.PROJECT.read_text("utf-8")
    assert printed == [*lowest.constraints(project, lowest.EXTRAS)]
    assert all(re.fullmatch(r"[\w.-]+==[\d.]+", line) for line in printed)
    assert {"pyyaml", "msgspec", "hypothesis"} <= {line.partition("==")[0] for line in printed}
