"""Run a build for a command: refuse a missing content folder, choose the workers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sitegen.config.schema import Config
from sitegen.errors import ContentError, SitegenError
from sitegen.site import build as builds
from sitegen.site.build import Progress, Report, Step
from sitegen.site.cache.build_cache import MAKING_PAGES

__all__ = ["MAKING_PAGES", "built", "objection"]

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from sitegen.site.cache.last_build import Memory


def built(
    config: Config,
    progress: Progress = lambda done, total: None,
    cluster: str = "",
    memory: Memory | None = None,
    step: Step = lambda what: None,
    min_share: float = builds.MIN_SHARE,
    executor: Executor | None = None,
) -> Report:
    """Build the site, locally or on a Dask cluster.

    A missing content folder is an error, not an empty site. `memory` is for those who build again,
    `min_share` the part of the last build's posts that must be there.
    Raises SitegenError.
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

    with clusters.opened(cluster) as workers:
        return builds.build(config, progress, workers, memory, step, min_share)


def objection(report: Report) -> SitegenError | None:
    """Return the error of a strict build whose report has warnings, else None."""
    if not report.warnings:
        return None
    count = len(report.warnings)
    what, named = ("1 warning", "it names") if count == 1 else (f"{count:,} warnings", "they name")
    return SitegenError(f"{what} in a strict build", hint=f"correct what {named}.")
