"""Build a site: scan content, compare with the cache, plan, render stale pages, write output.

Every command and watch mode build through `build`. It imports most modules only after the
scan found a change, so that an unchanged build starts fast.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sitegen import processes
from sitegen.config.schema import Config
from sitegen.errors import OutputError
from sitegen.site import output_folder, scan
from sitegen.site.cache.build_cache import Cache, Progress, Report, Step

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from sitegen.site.cache.last_build import StateCache
    from sitegen.site.scan import Signature

__all__ = ["MIN_SHARE", "Progress", "Report", "Step", "build"]

SINGLE_SIZE_NOTE = (
    "pictures are published in one size only, since Pillow is not installed."
    " hint: pip install 'sitegen-archive[images]' for smaller versions on small screens."
)
MIN_SHARE = 0.5  # of the last build's posts: with fewer left, something probably went wrong


def build(
    config: Config,
    progress: Progress = lambda done, total: None,
    executor: Executor | None = None,
    memory: StateCache | None = None,
    step: Step = lambda what: None,
    min_share: float = MIN_SHARE,
) -> Report:
    """Bring the site up to date with content, theme and config.

    `step` is called with the name of each step, and `progress` with the items done and in total.
    The work runs in forked processes, or on `executor`, whose workers need the site's folder at the
    same path. `memory` keeps the state for a process that builds repeatedly. `min_share` (0 to 1)
    is the part of the last build's posts that must still exist; 0 accepts any number.
    Raises SitegenError; each file of an existing site is then either the old or the new one.
    """
    with output_folder.lock(config), _as_output_errors(config), _garbage_collection_disabled():
        step("looking for changes")
        output = output_folder.open_output(config)
        with output.scanned_in_background(processes.count_wanted(config.build.jobs)):
            content = scan.scan(config.content)
            resizer = _resizer(config, content.files)
            notes = _notes(config, content.files, resizer)
            cache = Cache(config, resizer, (*content.links, *content.other_links))
            if min_share:
                unchanged = cache.report_if_unchanged(content.files, lambda: output.existing)
                if unchanged is not None:
                    return unchanged._replace(notes=notes)
            from sitegen.site.incremental.update import update_site

            report = update_site(
                config, cache, content, output, progress, executor, memory, step, min_share
            )
        return report._replace(notes=notes)


def _notes(config: Config, files: Mapping[str, Signature], resizer: bytes) -> tuple[str, ...]:
    """Return the notes of a build, such as a missing optional dependency."""
    wants_sizes = config.build.image_sizes and config.build.image_widths
    if resizer or not wants_sizes or not scan.has_pictures(files):
        return ()
    return (SINGLE_SIZE_NOTE,)


def _resizer(config: Config, files: Mapping[str, Signature]) -> bytes:
    """Return the fingerprint of the picture resizer; b"" if the site needs none."""
    if not (config.build.image_sizes and scan.has_media(files)):
        return b""
    from sitegen.site.pictures import resizer

    return resizer.fingerprint(config.build)


@contextmanager
def _garbage_collection_disabled() -> Iterator[None]:
    """Disable the garbage collector: a build creates millions of values and no cycles."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
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
