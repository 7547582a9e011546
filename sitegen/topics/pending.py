"""Remember that topics are to be found anew: an import may be stopped before it does."""

from __future__ import annotations

from pathlib import Path

from sitegen import files

_NAME = "topics-pending"


def is_pending(cache: Path) -> bool:
    """Tell whether an import has written posts, and was stopped before it found their topics."""
    return (cache / _NAME).exists()


def begin(cache: Path) -> None:
    """Note that topics are to be found. Raises OSError."""
    files.write(cache / _NAME, b"", cache)


def end(cache: Path) -> None:
    """Note that the topics are those of the posts. Raises OSError."""
    (cache / _NAME).unlink(missing_ok=True)
