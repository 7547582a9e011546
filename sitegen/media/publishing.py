"""Publish files that people put beside their pages: under a safe name, without metadata."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

from sitegen.media.active_content import storage_kind
from sitegen.media.metadata import EditPlan, plan_edits
from sitegen.media.metadata.edits import apply_edits
from sitegen.media.sniffing import HEAD_BYTES


def reason_to_withhold(path: Path) -> str | None:
    """Return why a file must not be published, None if it may be.

    Raises OSError, SourceError for a file that changes meanwhile.
    """
    plan = _plan(path)
    return f"{plan.note}, and it may reveal where it was made" if plan.is_private else None


def published_pieces(path: Path) -> Iterator[bytes] | None:
    """Return the bytes of a file without its metadata; None if there is nothing to remove.

    Raises OSError, SourceError for a file that changes meanwhile.
    """
    plan = _plan(path)
    return _edited(path, plan) if plan.edits else None


def _plan(path: Path) -> EditPlan:
    open_file = partial(_open, path)
    with open_file() as stream:
        head = stream.read(HEAD_BYTES)
    return plan_edits(open_file, storage_kind(open_file, head).extension)


def _edited(path: Path, plan: EditPlan) -> Iterator[bytes]:
    with _open(path) as stream:
        yield from apply_edits(stream, plan.edits, plan.size)


def _open(path: Path) -> BinaryIO:
    return path.open("rb")
