"""Find and read the files of themes, which people may edit while a site is built."""

from __future__ import annotations

import re
from pathlib import Path

from sitegen.errors import ThemeError
from sitegen.site.scan import LINK, stat_files

EDITOR_FILES = re.compile(r"4913|.*~|#.*#|.*\.sw[n-px]|.*___jb_(?:tmp|old)___", re.S)


def find(folders: tuple[Path, ...], prefix: str) -> dict[str, Path]:
    """Return the files of several folders by relative name; the first folder takes precedence.

    Hidden names, links and temporary files of editors are skipped. Raises ThemeError.
    """
    from sitegen.site import urls  # not for unchanged builds, which find no files of themes

    found: dict[str, Path] = {}
    for folder in folders:
        for name, on_disk in sorted(stat_files(folder).items()):
            path = folder / name
            is_skipped = on_disk == LINK or any(
                p.startswith(".") or EDITOR_FILES.fullmatch(p) for p in name.split("/")
            )
            if not is_skipped and path.is_file():
                if not urls.is_name(name):
                    raise ThemeError(
                        f"{name!r} is not a name for a file of a site",
                        path=folder,
                        hint="give it another name, without control characters and in UTF-8.",
                    )
                found.setdefault(f"{prefix}{name}", path)
    return dict(sorted(found.items()))


def read(path: Path) -> str:
    """Return the text of a file. Raises ThemeError."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise ThemeError(f"cannot be read: {error}", path=path, hint="save it as UTF-8.") from error
    except FileNotFoundError as error:
        what = "was deleted while the site was built"
        raise ThemeError(what, path=path, hint="build again.") from error
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        raise ThemeError(what, path=path, hint="check its permissions.") from error
