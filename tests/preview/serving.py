"""`sitegen serve` over a real site, as a process of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import connect

PATIENCE = 60.0
REPOSITORY = Path(__file__).parents[2]


class Serving:
    """`sitegen serve` in a process of its own, and one page that it has told to reload."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sitegen", "serve", "--port", "0"],
            cwd=root,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.process.stdout
        said = iter(self.process.stdout.readline, "")
        found = (re.search(r"serving http://(\S+)/", line) for line in said)
        self.netloc = next(match[1] for match in found if match)

    @contextmanager
    def page(self) -> Iterator[Callable[[], dict[str, Any]]]:
        """Open a page; give a function that waits for its next message."""
        with connect(f"ws://{self.netloc}/.sitegen/live", open_timeout=PATIENCE) as tab:
            yield lambda: json.loads(tab.recv(timeout=PATIENCE))

    def end(self) -> None:
        """Pull the plug."""
        self.process.kill()
        self.process.wait()
