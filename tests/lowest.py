"""The lowest versions of the dependencies that pyproject.toml allows, as constraints for pip.

`python -m tests.lowest > FILE`, then `pip install -c FILE ".[test]"`.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

PROJECT = Path(__file__).parent.parent / "pyproject.toml"
EXTRAS = ("test",)
_REQUIREMENT = re.compile(r"([A-Za-z0-9][\w.-]*)\s*(?:\[[^]]*\])?\s*([^;]*?)\s*(;.*)?")
_BOUND = re.compile(r"(?:>=|==|~=)\s*([\w.!+]+)")


def constraints(project: str, extras: Iterable[str]) -> Iterator[str]:
    """Go through the lowest versions, as `name==version`. Raises ValueError where one has none."""
    table = tomllib.loads(project)["project"]
    optional = table.get("optional-dependencies", {})
    groups = (table["dependencies"], *(optional[extra] for extra in extras))
    for requirement in dict.fromkeys(line for group in groups for line in group):
        yield lowest(requirement)


def lowest(requirement: str) -> str:
    """Return a requirement at its lower bound. Raises ValueError where it has none."""
    parts = _REQUIREMENT.fullmatch(requirement.strip())
    bound = _BOUND.search(parts[2]) if parts else None
    if parts is None or bound is None:
        raise ValueError(f"{requirement!r} has no lower bound")
    return f"{parts[1]}=={bound[1]}{parts[3] or ''}"


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in constraints(PROJECT.read_text("utf-8"), EXTRAS))
