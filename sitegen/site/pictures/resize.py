"""Resize pictures for small screens, in several processes if the pictures are large enough."""

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
from sitegen.processes import Helper, can_fork, count_wanted, fork_helpers, ready_results
from sitegen.site.views.pictures import PictureSizes

if TYPE_CHECKING:
    from sitegen.media.sizes import VariantFormat

FOLDER = "images"
MIN_PARALLEL_BYTES = 100_000  # of pictures; with fewer, forking costs more than it saves
MAX_OPEN_REQUESTS = 2  # pictures queued for a process, so that it is never idle

Resize = Callable[[str], PictureSizes]
ResizedPictures = Iterator[tuple[str, PictureSizes]]


def resize_pictures(paths: Sequence[str], config: Config, fingerprint: bytes) -> ResizedPictures:
    """Yield path and sizes of each picture as it is resized, in no particular order.

    `paths` are relative to content/. Yields nothing if Pillow cannot write the format. Raises
    OSError for a picture or cache folder that cannot be used, OutputError for a killed process.
    """
    from sitegen.media import sizes

    form = cast("VariantFormat", config.build.image_format)
    if not (paths and sizes.can_make(form)):
        return iter(())

    def resize(path: str) -> PictureSizes:
        resized = sizes.resize(
            config.content / path,
            config.build.image_widths,
            form,
            folder(config),
            partial(_large_picture_lock, config),
        )
        variants = tuple([(variant.width, variant.path.name) for variant in resized.variants])
        return PictureSizes(fingerprint, *resized.size, variants, resized.warning)

    jobs = min(count_wanted(config.build.jobs), len(paths))
    size = sum((config.content / path).stat().st_size for path in paths)
    if jobs < 2 or size < MIN_PARALLEL_BYTES or not can_fork():
        return ((path, resize(path)) for path in paths)
    return _resize_in_parallel(paths, resize, jobs)


@contextmanager
def _large_picture_lock(config: Config) -> Iterator[None]:
    """Hold the lock that lets one process at a time decode a large picture, to bound memory."""
    try:
        import fcntl
    except ImportError:  # Windows, where this module never forks
        yield
        return
    config.cache.mkdir(parents=True, exist_ok=True)
    with os.fdopen(locks.open_lock(config.cache / "large-picture"), "a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # released when the file is closed, or the process ends
        yield


def folder(config: Config) -> Path:
    """Return the cache folder of the resized pictures."""
    return config.cache / FOLDER


def _resize_in_parallel(paths: Sequence[str], resize: Resize, jobs: int) -> ResizedPictures:
    """Resize in forked processes, each of which gets the next picture when it finishes one."""
    remaining = iter(paths)
    requests: dict[Helper, deque[str]] = {}

    def submit_next(helper: Helper) -> None:
        for path in islice(remaining, 1):
            helper.submit("resize", path)
            requests[helper].append(path)

    try:
        for helper in fork_helpers({"resize": resize}, jobs):
            requests[helper] = deque()
        for helper in [*requests] * MAX_OPEN_REQUESTS:
            submit_next(helper)
        while any(requests.values()):
            for helper, picture in ready_results([*requests], wait=True):
                yield requests[helper].popleft(), picture
                submit_next(helper)
        yield from ((path, resize(path)) for path in remaining)  # if no process could be forked
    finally:
        for helper in requests:
            helper.kill()
