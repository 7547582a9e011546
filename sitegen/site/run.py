"""Run a build for a command: refuse a missing content folder, choose the workers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sitegen.config.schema import Config
from sitegen.errors import ContentError, SitegenError
from sitegen.site import build as builds
from sitegen.site.build import Progress, Report, Step
from sitegen.site.cache.build_cache import MAKING_PAGES

__all__ = ["MAKING_PAGES", "run_build", "strict_error"]

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from sitegen.site.cache.last_build import StateCache


def run_build(
    config: Config,
    progress: Progress = lambda done, total: None,
    cluster: str = "",
    memory: StateCache | None = None,
    step: Step = lambda what: None,
    min_share: float = builds.MIN_SHARE,
    executor: Executor | None = None,
) -> Report:
    """Build the site on this machine, or on the Dask cluster at the address `cluster`.

    `memory` keeps the state for a process that builds repeatedly. `min_share` (0 to 1) is the part
    of the last build's posts that must still exist. Raises ContentError for a missing content
    folder, and any other SitegenError of a build.
    """
    if not config.content.is_dir():
        raise ContentError(
            "no such folder",
            path=config.content,
            hint="`sitegen import` fills it; is this the folder of the site?",
        )
    if not cluster:
        return builds.build(config, progress, executor, memory, step, min_share)
    from sitegen.site.workers import dask_cluster as clusters

    with clusters.connect(cluster) as workers:
        return builds.build(config, progress, workers, memory, step, min_share)


def strict_error(report: Report) -> SitegenError | None:
    """Return the error with which a strict build ends: None without warnings."""
    if not report.warnings:
        return None
    count = len(report.warnings)
    what, named = ("1 warning", "it names") if count == 1 else (f"{count:,} warnings", "they name")
    return SitegenError(f"{what} in a strict build", hint=f"correct what {named}.")
