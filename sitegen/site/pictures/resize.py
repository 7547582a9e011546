"""Looks at pictures and makes them smaller, in several processes where there are enough of them."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, cast

from sitegen import locks
from sitegen.config.schema import Config
from sitegen.processes import Helper, can_fork, fork_helpers, ready_helpers
from sitegen.site.views.pictures import Sized

if TYPE_CHECKING:
    from sitegen.media.sizes import VariantFormat

FOLDER = "images"
ENOUGH = 4  # pictures below which other processes cost more than they bring
AHEAD = 2  # pictures that a process has been asked for, so that it need not wait

Look = Callable[[str], Sized]
Made = Iterator[tuple[str, Sized]]


def made(paths: Sequence[str], config: Config, mark: bytes) -> Made:
    """Go through pictures as they are looked at, in no particular order; none without a maker.

    Raises OSError for a picture or a cache that cannot be used, OutputError.
    """
    from sitegen.media import sizes

    form = cast("VariantFormat", config.build.image_format)
    if not (paths and sizes.can_make(form)):
        return iter(())

    def look(path: str) -> Sized:
        resized = sizes.resize(
            config.content / path,
            config.build.image_widths,
            form,
            folder(config),
            partial(_alone, config),
        )
        variants = tuple([(variant.width, variant.path.name) for variant in resized.variants])
        return Sized(mark, *resized.size, variants, resized.warning)

    jobs = min(config.build.jobs or os.cpu_count() or 1, len(paths))
    if jobs < 2 or len(paths) < ENOUGH or not can_fork():
        return ((path, look(path)) for path in paths)
    return _together(paths, look, jobs)


@contextmanager
def _alone(config: Config) -> Iterator[None]:
    """Wait until no other process of this build decodes a large picture."""
    try:
        import fcntl
    except ImportError:  # where there are no other processes either
        yield
        return
    config.cache.mkdir(parents=True, exist_ok=True)
    with os.fdopen(locks.open_lock(config.cache / "large-picture"), "a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # it ends with the file, or with the process
        yield


def folder(config: Config) -> Path:
    """Return where the cache has the smaller versions."""
    return config.cache / FOLDER


def _together(paths: Sequence[str], look: Look, jobs: int) -> Made:
    """Let other processes look; each gets the next when it is done with one."""
    left = iter(paths)
    asked: dict[Helper, deque[str]] = {}

    def ask(helper: Helper) -> None:
        for path in islice(left, 1):
            helper.submit("look", path)
            asked[helper].append(path)

    try:
        for helper in fork_helpers({"look": look}, jobs):
            asked[helper] = deque()
        for helper in [*asked] * AHEAD:
            ask(helper)
        while any(asked.values()):
            for helper in ready_helpers([*asked], wait=True):
                yield asked[helper].popleft(), helper.result()
                ask(helper)
        yield from ((path, look(path)) for path in left)  # if no process could be born
    finally:
        for helper in asked:
            helper.kill()
