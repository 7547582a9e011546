"""Delete the cache and the output."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from sitegen import folders
from sitegen.config.schema import Config
from sitegen.site import output_folder

STATE_FOLDERS = "[0-9a-f]" * 8  # one for each output folder
IMAGES = "images"  # resized pictures
SPECS = "orders"  # build specs for executor workers, left by a build that was killed


class Cleaned(NamedTuple):
    """A folder in which files were deleted, and the names that remain in it."""

    folder: Path
    remaining: tuple[str, ...]


def clean(config: Config) -> Iterator[Cleaned]:
    """Delete the built site and the cache; yield the folders that changed.

    Files that sitegen did not make stay, and so do those it cannot make again: import ledgers and
    fetched accounts. Raises BusyError, OutputError.
    """
    if not (config.cache.is_dir() or config.output.exists()):
        return
    with output_folder.lock(config):
        yield from _clean_site(config)
        is_changed = _clean_cache(config.cache)
    (config.cache / "lock").unlink(missing_ok=True)
    remaining = _remaining(config.cache, ".gitignore")
    if not remaining:  # else it still keeps the rest out of git
        (config.cache / ".gitignore").unlink(missing_ok=True)
        _remove_folder(config.cache)
    if is_changed or not remaining:
        yield Cleaned(config.cache, remaining)


def _clean_site(config: Config) -> Iterator[Cleaned]:
    site = output_folder.open_output(config)
    if site.is_first:  # a killed build may have left a staging folder
        folders.remove(site.target)
        return
    deleted = site.finish(())
    remaining = _remaining(site.folder, output_folder.MANIFEST)
    if not remaining:  # else it still allows the next build to write here
        (site.folder / output_folder.MANIFEST).unlink()
        _remove_folder(site.folder)
    if deleted or not remaining:
        yield Cleaned(site.folder, remaining)


def _clean_cache(folder: Path) -> bool:
    """Delete the build's files in the cache folder; return whether there were any."""
    folders_found = [*folder.glob(STATE_FOLDERS), folder / SPECS, folder / IMAGES]
    existing = [path for path in folders_found if path.exists()]
    for path in existing:
        folders.remove(path)
    return bool(existing)


def _remove_folder(folder: Path) -> None:
    """Delete an empty folder, but not a link to one, which the user made."""
    if not folder.is_symlink():
        folder.rmdir()


def _remaining(folder: Path, *own: str) -> tuple[str, ...]:
    return tuple(sorted(path.name for path in folder.iterdir() if path.name not in own))
