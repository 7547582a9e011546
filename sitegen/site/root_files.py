"""Find the site's own files for its top folder, such as CNAME and .well-known/."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import NamedTuple

from sitegen import files as disk
from sitegen.config.schema import Config
from sitegen.errors import AddressError
from sitegen.site import scan, urls
from sitegen.site.output_folder import MANIFEST
from sitegen.site.render.theme_files import EDITOR_FILES

# Files of version control and file managers, and unfinished ones.
NOT_FOR_READERS = re.compile(
    rf"\.git.*|\.hg.*|\.svn|\.jj|\.DS_Store|\._.*|Thumbs\.db|desktop\.ini|\.#.*"
    rf"|\.goutputstream-.*|.*\.kate-swp|.*{re.escape(disk.PARTIAL)}",
    re.DOTALL,
)


class RootFiles(NamedTuple):
    """The files to copy to the top of the site by site path, and symbolic links left out."""

    files: dict[str, Path]
    links: tuple[Path, ...]


def find(config: Config) -> RootFiles:
    """Return the files of the folder `[paths] root`, hidden ones too. Raises AddressError."""
    folder = config.root_files
    found: dict[str, Path] = {}
    links: list[Path] = []
    for name, stat in sorted(scan.stat_files(folder).items()):
        if any(_is_skipped(part) for part in name.split("/")):
            continue
        if stat == scan.LINK:
            links.append(folder / name)
            continue
        if not (folder / name).is_file():
            continue
        _require_name(folder, name)
        found[name] = folder / name
    return RootFiles(found, tuple(links))


def _is_skipped(name: str) -> bool:
    return bool(EDITOR_FILES.fullmatch(name) or NOT_FOR_READERS.fullmatch(name))


def _require_name(folder: Path, name: str) -> None:
    """Raise AddressError for a name that is no address, or that sitegen needs itself."""
    if not urls.is_name(name):
        what = f"{name!r} is not a name for a file of a site"
        hint = "give it another name, without control characters and in UTF-8."
        raise AddressError(what, path=folder, hint=hint)
    if urls.fold(name).split("/")[0] == MANIFEST:
        what, hint = "has the name of sitegen's list of its own files", "delete it."
        raise AddressError(what, path=os.path.join(folder, name), hint=hint)
