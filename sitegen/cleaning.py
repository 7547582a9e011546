"""Away with what can be made again: the cache, and the files of the built site."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from sitegen.build import output
from sitegen.config import Config

CACHED = "[0-9a-f]" * 8  # the state of a built site
IMAGES = "images"  # pictures in smaller sizes
ORDERS = "orders"  # what an executor's workers must know, after a build that was killed


def clean(config: Config) -> Iterator[Path]:
    """Delete the site's own files and the cache; go through the folders that this changed.

    Files that sitegen did not make stay, wherever they are. Raises BusyError, OutputError.
    """
    if not (config.cache.is_dir() or config.output.exists()):
        return
    with output.lock(config):
        yield from _site(config)
        _cache(config.cache)
    for name in (".gitignore", "lock"):
        (config.cache / name).unlink(missing_ok=True)
    _drop(config.cache)
    yield config.cache


def _site(config: Config) -> Iterator[Path]:
    site = output.opened(config)
    if site.first:  # there may be half of one, where a build was killed
        shutil.rmtree(site.target, ignore_errors=True)
        return
    site.finish(())
    (site.folder / output.MANIFEST).unlink(missing_ok=True)
    _drop(site.folder)
    yield site.folder


def _cache(folder: Path) -> None:
    for path in (*folder.glob(CACHED), folder / ORDERS, folder / IMAGES):
        shutil.rmtree(path, ignore_errors=True)


def _drop(folder: Path) -> None:
    if not any(folder.iterdir()):
        folder.rmdir()
