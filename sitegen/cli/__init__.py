"""The command line: the only room that prints and exits.

`app` has the commands.
"""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress


def process() -> None:
    """Run the command line as a process of its own, which leaves its memory as it lies.

    To take every value of a large archive apart would take longer than many a build.
    """
    try:
        main()
    except SystemExit as end:
        for stream in filter(None, (sys.stdout, sys.stderr)):
            with suppress(OSError):
                stream.flush()
        os._exit(end.code if isinstance(end.code, int) else 1)


def main() -> None:
    """Run the command line and exit: 0, 1 for problems, 2 for usage, 130 on Ctrl-C."""
    gc.disable()  # most commands end before garbage matters; those that stay turn it on again
    for stream in filter(None, (sys.stdout, sys.stderr)):
        # No terminal is too old, and no file's name too odd, to be told of it.
        getattr(stream, "reconfigure", lambda **_: None)(errors="backslashreplace")
    try:
        from sitegen.cli import app  # here, since Ctrl-C may come while it loads

        code, _left = app.run()  # the process ends before anybody takes that apart
        if sys.stdout:
            sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)
