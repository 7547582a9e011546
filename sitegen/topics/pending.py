"""Remember that topics are to be found anew.

An import may be stopped before it finds them, or do without while `[build] topics` is off or the
extra is not installed. The next one that can finds them, also if it brings no posts.
"""

from __future__ import annotations

from pathlib import Path

from sitegen import files

_NAME = "topics-pending"


def is_pending(cache: Path) -> bool:
    """Tell whether an import has written posts, and has not found their topics."""
    return (cache / _NAME).exists()


def begin(cache: Path) -> None:
    """Note that topics are to be found. Raises OSError."""
    files.write(cache / _NAME, b"", cache)


def end(cache: Path) -> None:
    """Note that the topics are those of the posts. Raises OSError."""
    (cache / _NAME).unlink(missing_ok=True)
