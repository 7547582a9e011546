"""The build, top to bottom: content, library, plan, what is stale, render, output.

`build` is the only way a site is made; watch mode calls it again and again. What a build
that changes nothing does not need is imported only after that is known.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sitegen.config.schema import Config
from sitegen.errors import OutputError
from sitegen.site import output_folder, scan
from sitegen.site.cache.build_cache import Cache, Progress, Report, Step

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from sitegen.site.cache.last_build import Memory
    from sitegen.site.scan import Signature

__all__ = ["MIN_SHARE", "Progress", "Report", "Step", "build"]

ONE_SIZE = (
    "pictures are published in one size only, since Pillow is not installed."
    " hint: pip install 'sitegen-archive[images]' for smaller versions on small screens."
)
MIN_SHARE = 0.5  # of the posts of the last build: with fewer, something went wrong


def build(
    config: Config,
    progress: Progress = lambda done, total: None,
    executor: Executor | None = None,
    memory: Memory | None = None,
    step: Step = lambda what: None,
    min_share: float = MIN_SHARE,
) -> Report:
    """Bring the site up to date with content, theme and config.

    `step` is called with the name of each step, and `progress` with how much of it is done, where
    that can be counted. The work is done by forked worker processes, or by those of an executor,
    which see the site at the same path. `memory` holds the state for a process that builds again.
    `min_share` is the part of the last build's posts that must still be there; with 0, any number
    is accepted. Raises SitegenError; the old site is then whole, or has some new files already.
    """
    with output_folder.lock(config), _as_output_errors(config), _without_collector():
        step("looking for changes")
        target = output_folder.opened(config)
        content = scan.scan(config.content)
        resizer = _resizer(config, content.files)
        notes = _notes(config, content.files, resizer)
        cache = Cache(config, resizer, content.links)
        unchanged = cache.still(content.files, target.there) if min_share else None
        if unchanged is not None:
            return unchanged._replace(notes=notes)
        from sitegen.site.incremental.update import updated

        report = updated(
            config, cache, content, target, progress, executor, memory, step, min_share
        )
        return report._replace(notes=notes)


def _notes(config: Config, seen: Mapping[str, Signature], resizer: bytes) -> tuple[str, ...]:
    """Return what a build reports about extras that would make another site of this content."""
    is_wanted = config.build.image_sizes and config.build.image_widths
    if resizer or not is_wanted or not scan.has_pictures(seen):
        return ()
    return (ONE_SIZE,)


def _resizer(config: Config, seen: Mapping[str, Signature]) -> bytes:
    """Return the fingerprint of what resizes pictures; another one may make other pages."""
    if not (config.build.image_sizes and scan.has_media(seen)):
        return b""
    from sitegen.site.pictures import resizer

    return resizer.mark(config.build)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Disable the garbage collector: a build makes millions of values, and no cycles."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def _as_output_errors(config: Config) -> Iterator[None]:
    """Raise OSErrors as OutputErrors."""
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"cannot be written or read: {error.strerror or error}",
            path=error.filename or config.output,
            hint="check the free space and the permissions, then build again.",
        ) from error
