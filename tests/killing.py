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
from contextlib import suppress
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


def opened_helpers(pid: int) -> list[int]:
    """Open the children of a process, where the system can; each can be read once it is gone.

    One that ends has closed its end of the pipe before it gives up its locks.
    """
    children = Path(f"/proc/{pid}/task/{pid}/children")
    opened = []
    for child in children.read_text().split() if children.exists() else ():
        with suppress(ProcessLookupError):
            opened.append(os.pidfd_open(int(child)))
    return opened


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
    helpers = opened_helpers(pid)
    if not in_time:
        os.kill(pid, signal.SIGKILL)
    gone = all(bool(select.select([file], [], [], PATIENCE)[0]) for file in (ended, *helpers))
    for file in (ended, *helpers):
        os.close(file)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return {
        "code": None if code == -signal.SIGKILL else code,
        "lasted": lasted,
        "children": len(helpers),
        "gone": gone,
    }


if __name__ == "__main__":
    assert command(sys.argv[1], ["build", "-q"]) == 0
    for line in sys.stdin:
        sys.stdout.write(json.dumps(run(json.loads(line))) + "\n")
        sys.stdout.flush()
