"""Delete the cache and the output."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from sitegen import folders
from sitegen.config.schema import Config
from sitegen.site import output_folder

CACHED = "[0-9a-f]" * 8  # the state of a built site
IMAGES = "images"  # pictures in smaller sizes
ORDERS = "orders"  # what an executor's workers must know, after a build that was killed


class Cleaned(NamedTuple):
    """A folder in which files were deleted, and the names of what is left in it."""

    folder: Path
    kept: tuple[str, ...]


def clean(config: Config) -> Iterator[Cleaned]:
    """Delete the site's own files and the cache; go through the folders that this changed.

    Files that sitegen did not make stay, wherever they are, and so does what it could not make
    again: the ledgers of imports, and accounts that were fetched. Raises BusyError, OutputError.
    """
    if not (config.cache.is_dir() or config.output.exists()):
        return
    with output_folder.lock(config):
        yield from _site(config)
        is_changed = _cache(config.cache)
    (config.cache / "lock").unlink(missing_ok=True)
    kept = _kept(config.cache, ".gitignore")
    if not kept:  # else it goes on keeping the rest out of people's repositories
        (config.cache / ".gitignore").unlink(missing_ok=True)
        _drop(config.cache)
    if is_changed or not kept:
        yield Cleaned(config.cache, kept)


def _site(config: Config) -> Iterator[Cleaned]:
    site = output_folder.opened(config)
    if site.first:  # there may be half of one, where a build was killed
        folders.remove(site.target)
        return
    gone = site.finish(())
    kept = _kept(site.folder, output_folder.MANIFEST)
    if not kept:  # else it shows the next build that it may write here
        (site.folder / output_folder.MANIFEST).unlink()
        _drop(site.folder)
    if gone or not kept:
        yield Cleaned(site.folder, kept)


def _cache(folder: Path) -> bool:
    """Delete a cache folder; return whether there was anything in it."""
    found = [*folder.glob(CACHED), folder / ORDERS, folder / IMAGES]
    there = [path for path in found if path.exists()]
    for path in there:
        folders.remove(path)
    return bool(there)


def _drop(folder: Path) -> None:
    """Delete an empty folder, but not a link to one, which is the user's."""
    if not folder.is_symlink():
        folder.rmdir()


def _kept(folder: Path, *ours: str) -> tuple[str, ...]:
    return tuple(sorted(path.name for path in folder.iterdir() if path.name not in ours))
