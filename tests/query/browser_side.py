"""The search's scripts in Node, so that tests can compare them with Python."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

NODE = shutil.which("node")
HERE = Path(__file__).parent
SCRIPTS = HERE.parents[1] / "themes/default/static/search"


class Scripts:
    """A running Node with the scripts."""

    def __init__(self, asked: IO[str], answers: IO[str]) -> None:
        self._asked = asked
        self._answers = answers

    def call(self, function: str, *given: object) -> Any:
        """Return the result of a function of the scripts."""
        self._asked.write(f"{json.dumps([function, given])}\n")
        self._asked.flush()
        return json.loads(self._answers.readline())


@contextmanager
def running(*names: str) -> Iterator[Scripts]:
    """Run Node with these scripts, which load in order."""
    paths = [str(SCRIPTS / name) for name in names]
    command = [str(NODE), str(HERE / "browser_side.js"), *paths]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        yield Scripts(cast("IO[str]", process.stdin), cast("IO[str]", process.stdout))
        cast("IO[str]", process.stdin).close()
