"""Folders below a root, none of which may be a link: nothing is read or written through one.

A root is a folder that a person names, in sitegen.toml or on the command line. It may be a link,
for that is then the person's own. What is below it may have come with somebody else's
repository, and git carries links.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from sitegen.errors import ContentError, OutputError


def make(folder: Path | str, root: Path | str) -> None:
    """Make a folder and all between it and its root. Raises OutputError for a link, OSError."""
    parts = Path(folder).relative_to(root).parts
    if ".." in parts:
        raise OutputError("leads out of its folder", path=folder, hint="choose another name.")
    os.makedirs(root, exist_ok=True)
    at = os.fspath(root)
    for part in parts:
        at = os.path.join(at, part)
        try:
            os.mkdir(at)
        except FileExistsError:
            _refuse_no_folder(at)


def is_own(path: Path | str) -> bool:
    """Tell whether a folder is there, and is not a link to one."""
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except OSError:
        return False


def refuse_other(path: Path | str) -> None:
    """Make sure that a name of content/ is free or a folder's own. Raises ContentError."""
    if not os.path.lexists(path) or is_own(path):
        return
    if os.path.islink(path):
        what = "is a link, and links in content/ are not followed"
        raise ContentError(what, path=path, hint="put the folder itself in its place.")
    raise ContentError("is no folder", path=path, hint="move it away, and put the folder there.")


def remove(path: Path | str) -> None:
    """Delete a folder with all that is in it as far as possible; of a link, only the link."""
    if is_own(path):
        import shutil  # it loads all that it can pack and unpack

        shutil.rmtree(path, ignore_errors=True)
    elif os.path.lexists(path):
        os.unlink(path)


def _refuse_no_folder(path: str) -> None:
    if os.path.islink(path):
        raise OutputError(
            "is a link, and nothing is written through links",
            path=path,
            hint="put a folder in its place.",
        )
    if not os.path.isdir(path):
        raise OutputError("is no folder, but one is needed here", path=path, hint="move it away.")
