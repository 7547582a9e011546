"""The command line: the only module that prints and exits.

`app` has the commands, and `command_line` runs one.
"""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress


def process() -> None:
    """Run the command line as a process, which exits without freeing its memory.

    Freeing every value of a large archive would take longer than many builds.
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
    gc.disable()  # most commands end before garbage matters; long-running ones enable it again
    for stream in filter(None, (sys.stdout, sys.stderr)):
        # Every terminal can print every file name: unencodable characters are escaped.
        getattr(stream, "reconfigure", lambda **_: None)(errors="backslashreplace")
    try:
        from sitegen.cli import app, command_line  # here: Ctrl-C may arrive while they load

        # Kept alive, since freeing the values of a command would take time.
        code, _kept_alive = command_line.run(app.app)
        if sys.stdout:
            sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)
