"""Folders below a root, none of which may be a link: nothing is read or written through links.

A root is a folder that the user names, in sitegen.toml or on the command line. It may be a link,
since the user chose it. What is below it may come from another person's repository, and git can
store links.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from sitegen.errors import ContentError, OutputError


def create(folder: Path | str, root: Path | str) -> None:
    """Create a folder and its parents up to the root. Raises OutputError for a link, OSError."""
    parts = Path(folder).relative_to(root).parts
    if ".." in parts:
        raise OutputError("leads out of its folder", path=folder, hint="choose another name.")
    os.makedirs(root, exist_ok=True)
    path = os.fspath(root)
    for part in parts:
        path = os.path.join(path, part)
        try:
            os.mkdir(path)
        except FileExistsError:
            _require_real_folder(path)


def is_real_folder(path: Path | str) -> bool:
    """Return whether a path is a folder, not a link to one."""
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except OSError:
        return False


def require_folder(path: Path | str) -> None:
    """Check that a path in content/ is free or a real folder. Raises ContentError."""
    if not os.path.lexists(path) or is_real_folder(path):
        return
    if os.path.islink(path):
        message = "is a link, and links in content/ are not followed"
        raise ContentError(message, path=path, hint="put the folder itself in its place.")
    raise ContentError("is not a folder", path=path, hint="move it away, and put the folder there.")


def remove(path: Path | str) -> None:
    """Delete a folder and its contents as far as possible; of a link, only the link."""
    if is_real_folder(path):
        import shutil  # slow to import: it loads every compression module

        shutil.rmtree(path, ignore_errors=True)
    elif os.path.lexists(path):
        os.unlink(path)


def _require_real_folder(path: str) -> None:
    if os.path.islink(path):
        raise OutputError(
            "is a link, and nothing is written through links",
            path=path,
            hint="put a folder in its place.",
        )
    if not os.path.isdir(path):
        raise OutputError(
            "is not a folder, but one is needed here", path=path, hint="move it away."
        )
