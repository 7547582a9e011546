"""The first content/.gitattributes, which tells git how to check out and merge content/."""

from __future__ import annotations

import os
from pathlib import Path

from sitegen import durable_files

NAME = ".gitattributes"
TEXT = """\
# How git stores and merges this folder. Change what you like: sitegen writes this file only once.

# The same bytes on every system. Media are never changed.
* text=auto eol=lf
*.md text eol=lf
*.csv text eol=lf
*.jsonl text eol=lf
media/** binary

# Sorted lines, each of its own: of two people's changes, all lines are kept.
.imported/* merge=union
counts/*.csv merge=union
"""


def add_missing(folder: Path) -> None:
    """Write the file into a content folder that has none. Raises OutputError, OSError."""
    path = folder / NAME
    if folder.is_dir() and not os.path.lexists(path):
        durable_files.write_durably([(str(path), TEXT.encode())], folder)
