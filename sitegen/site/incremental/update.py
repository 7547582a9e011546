"""Run an incremental build: parse changed files, plan, render stale pages, save the state."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sitegen.config.schema import Config
from sitegen.languages import site_language
from sitegen.selection import hide_rules
from sitegen.selection.collections import CollectionQueries
from sitegen.site import output_folder
from sitegen.site.cache.build_cache import MAKING_PAGES, Cache, Progress, Report, Step
from sitegen.site.cache.build_state import State
from sitegen.site.cache.last_build import StateCache
from sitegen.site.incremental import changed_files, loss_guard, staleness
from sitegen.site.incremental.staleness import BuildInputs, UpdatePlan
from sitegen.site.parsing.items import ParsedFiles
from sitegen.site.render import theme as themes
from sitegen.site.scan import Scan
from sitegen.site.search.records import DIRECTORY_FILE
from sitegen.site.views.contexts import Page
from sitegen.site.workers.process_pool import Job, ProcessPool
from sitegen.site.workers.worker import PageStats, Worker
from sitegen.topics.site_topics import NO_TOPICS, Topics

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from sitegen.site.workers.executor import ExecutorPool


def update_site(
    config: Config,
    cache: Cache,
    scanned: Scan,
    output: output_folder.Output,
    progress: Progress,
    executor: Executor | None = None,
    memory: StateCache | None = None,
    step: Step = lambda what: None,
    min_share: float = 0.0,
) -> Report:
    """Bring a site up to date whose inputs or output changed. Raises SitegenError."""
    memory, files = memory or StateCache(), scanned.files
    last = memory.load(cache)
    theme = themes.load(config)
    language = site_language.load(config, themes.message_folders(config))
    rules = hide_rules.load(config, language.local)
    topics = _load_topics(config, scanned, last)
    worker = Worker(config, output, theme, language, rules.names, topics)
    collections = CollectionQueries(config.collections)
    has_search = b"search" if theme.has_search(config.build) else b""
    queries = rules.fingerprint + collections.fingerprint + topics.fingerprint
    reading = language.fingerprint + queries + has_search
    settings = cache.settings + topics.plan_fingerprint
    with _pool(worker, executor) as pool:
        step("reading content")
        changed = changed_files.changed_files(files, last, reading)
        parsed = changed_files.require_valid(pool.parse(changed))
        site = BuildInputs(
            config,
            theme,
            language,
            reading,
            settings,
            files,
            output,
            scanned.links,
            scanned.other_links,
            min_share,
            topics,
        )
        step("planning pages")
        patch = staleness.plan_patch(site, last, parsed)
        plan = patch or _plan_whole_site(site, last, parsed, progress, pool)
        del parsed  # frees its memory: the plan has what rendering needs
        stale: Iterable[Page] = plan.stale()
        if not output.is_first:  # change an existing site only once the whole plan is known
            stale = tuple(stale)
            if not stale and last.settings != settings:
                worker.check_templates()  # else rendering does; a broken one is always an error
            index = plan.finish_index(pool.index())
            cache.begin([*[page.path for page in stale], *index, DIRECTORY_FILE])
        with output.prepared(plan.paths):
            job = Job(plan.view, stale, plan.fingerprints, plan.entries, plan.items)
            step(MAKING_PAGES)
            if output.is_first:
                rendered, parts = pool.render_and_index(job, progress)
                rendered |= worker.write(plan.finish_index(parts))
                rendered |= worker.write(plan.finish_directory(rendered))
                progress(len(rendered), len(rendered))
                cache.delete_state()
            else:
                written = len(index)
                rendered = worker.write(index) | pool.render(
                    job, lambda done, total: progress(done + written, total + written)
                )
                rendered |= worker.write(plan.finish_directory(rendered))
            paths = plan.paths
            removed = output.finish(paths)
    if not min_share:
        loss_guard.accept_count(config, plan.stored)
    report = _report(plan, len(paths), rendered, removed)
    stats = plan.stats_of(rendered)
    state = plan.state(stats)
    memory.save(cache, state, state.subset(changed, rendered) if patch else None)
    output_stats = output.stats_of(stats)
    cache.end(files, output_stats, report)
    return report._replace(retained=(plan, rendered, memory, output_stats, output, pool))


def _plan_whole_site(
    site: BuildInputs,
    last: State,
    parsed: ParsedFiles,
    progress: Progress,
    pool: ProcessPool | ExecutorPool,
) -> UpdatePlan:
    """Plan a whole site. Raises SitegenError."""
    from sitegen.site.incremental import whole_site

    return whole_site.plan_site(site, last, parsed, progress, pool.begin_index)


def _load_topics(config: Config, scanned: Scan, last: State) -> Topics:
    """Return the topics of a site, if its pages have them. Raises ContentError."""
    if not config.build.topics:
        return NO_TOPICS
    if last.topics is not None and not changed_files.may_have_other_topics(scanned, last):
        return last.topics
    from sitegen.topics import load

    return load.load(config.content)


def _pool(worker: Worker, executor: Executor | None) -> ProcessPool | ExecutorPool:
    if executor is None:
        return ProcessPool(worker)
    from sitegen.site.workers.executor import ExecutorPool

    return ExecutorPool(worker, executor)


def _report(plan: UpdatePlan, files: int, rendered: PageStats, removed: tuple[str, ...]) -> Report:
    return Report(
        files=files,
        threads=plan.threads,
        posts=plan.posts,
        warnings=plan.warnings,
        written=tuple([path for path, on_disk in rendered.items() if on_disk]),
        removed=removed,
    )
