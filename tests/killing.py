"""Runs sitegen's commands and kills them at a moment: a program that tests talk to by lines.

Each line in is a task as JSON, `{folder, arguments, seconds}`; each line out tells what became of
it. The program has imported all that a command needs, and forks: the moment then falls into the
command's work, not into the start of Python. Run as `killing.py FOLDER`, which it builds first.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import time
from pathlib import Path
from typing import Any

from sitegen import cli

PATIENCE = 60.0


def command(folder: str, arguments: list[str]) -> int:
    """Run a command in a folder, and return its exit code."""
    os.chdir(folder)
    sys.argv = ["sitegen", *arguments]
    try:
        cli.main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 70 if end.code else 0
    return 71


def run(task: dict[str, Any]) -> dict[str, Any]:
    """Run a task, for some seconds if it says so: then it is killed.

    Returns its exit code (None when killed), how long it lasted, how many processes it had at its
    end, and whether all were gone soon: who is left holds the pipe that the command was born with.
    """
    ended, held = os.pipe()
    started = time.perf_counter()
    pid = os.fork()
    if not pid:
        os.close(ended)
        os._exit(command(task["folder"], task["arguments"]))
    os.close(held)
    in_time = bool(select.select([ended], [], [], task["seconds"] or PATIENCE)[0])
    lasted = time.perf_counter() - started
    children = Path(f"/proc/{pid}/task/{pid}/children")
    count = len(children.read_text().split()) if children.exists() else 0
    if not in_time:
        os.kill(pid, signal.SIGKILL)
    gone = bool(select.select([ended], [], [], PATIENCE)[0])
    os.close(ended)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return {
        "code": None if code == -signal.SIGKILL else code,
        "lasted": lasted,
        "children": count,
        "gone": gone,
    }


if __name__ == "__main__":
    assert command(sys.argv[1], ["build", "-q"]) == 0
    for line in sys.stdin:
        sys.stdout.write(json.dumps(run(json.loads(line))) + "\n")
        sys.stdout.flush()
