"""Folders as values, so that tests can compare whole outputs."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder by its relative name."""
    base = os.path.join(folder, "")  # not by pathlib: hundreds of tests do this several times
    paths = sorted(
        os.path.join(parent, name) for parent, _, names in os.walk(base) for name in names
    )
    return {
        path.removeprefix(base).replace(os.sep, "/"): _read(path)
        for path in paths
        if os.path.isfile(path)
    }


def differences(found: dict[str, bytes], expected: dict[str, bytes]) -> list[str]:
    """Return what differs, a line a file; nothing when both are the same."""
    missing = [f"missing: {name}" for name in expected if name not in found]
    extra = [f"not expected: {name}" for name in found if name not in expected]
    other = [
        f"other bytes: {name}\n  expected {expected[name][at : at + 80]!r}\n  found    {found[name][at : at + 80]!r}"
        for name in expected
        if name in found and found[name] != expected[name]
        for at in [_first_difference(found[name], expected[name])]
    ]
    return missing + extra + other


def replace(folder: Path, files: dict[str, bytes]) -> None:
    """Make a folder hold exactly these files."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def _first_difference(one: bytes, other: bytes) -> int:
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    return max(0, at - 20)
