"""Run a build that has something to do: parse, plan, render what is stale, save the state."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sitegen.config.schema import Config
from sitegen.site import output_folder
from sitegen.site.cache.build_cache import MAKING_PAGES, Cache, Progress, Report, Step
from sitegen.site.cache.last_build import Memory
from sitegen.site.incremental import loss_guard, staleness
from sitegen.site.incremental.staleness import Outline
from sitegen.site.plan import library
from sitegen.site.render import theme
from sitegen.site.scan import OnDisk, Scan
from sitegen.site.views.contexts import Page
from sitegen.site.workers.workers import Crew, Job, Workshop

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from sitegen.site.workers.executor import Executed


def updated(
    config: Config,
    cache: Cache,
    scanned: Scan,
    target: output_folder.Output,
    progress: Progress,
    executor: Executor | None = None,
    memory: Memory | None = None,
    step: Step = lambda what: None,
    min_share: float = 0.0,
) -> Report:
    """Bring a stale site up to date. Raises SitegenError."""
    memory, seen = memory or Memory(), scanned.files
    last = memory.load(cache)
    design = theme.load(config)
    with _crew(Workshop(config, target, design), executor) as crew:
        step("reading content")
        changed = library.changed(seen, last)
        read = library.sound(crew.read(changed))
        site = staleness.Site(
            config, design, cache.settings, seen, target, scanned.links, min_share
        )
        step("planning pages")
        patch = staleness.patched(site, last, read)
        outline = patch or staleness.planned(site, last, read, progress)
        del read  # what is needed of it is found
        stale: Iterable[Page] = outline.stale()
        if not target.first:  # a site that exists is changed when all of the new one is known
            stale = tuple(stale)
            cache.begin(page.path for page in stale)
        with target.changing(outline.paths):
            job = Job(outline.view, stale, outline.prints, outline.entries, outline.items)
            step(MAKING_PAGES)
            made = crew.make(job, progress)
            if target.first:
                cache.forget()
            paths = outline.paths
            removed = target.finish(paths)
    if not min_share:
        loss_guard.accept(config, outline.stored)
    report = _report(outline, len(paths), made, removed)
    stats = outline.stats_of(made)
    now = outline.state(stats)
    memory.keep(cache, now, now.only(changed, made) if patch else None)
    stats_of = target.stats_of(stats)
    cache.end(seen, stats_of, report)
    return report._replace(left=(outline, made, memory, stats_of, target, crew))


def _crew(workshop: Workshop, executor: Executor | None) -> Crew | Executed:
    if executor is None:
        return Crew(workshop)
    from sitegen.site.workers.executor import Executed

    return Executed(workshop, executor)


def _report(
    outline: Outline, files: int, made: dict[str, OnDisk | None], removed: tuple[str, ...]
) -> Report:
    return Report(
        files=files,
        threads=outline.threads,
        posts=outline.posts,
        warnings=outline.warnings,
        written=tuple([path for path, on_disk in made.items() if on_disk]),
        removed=removed,
    )
