"""Run an incremental build: parse changed files, plan, render stale pages, save the state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    memory = memory or StateCache()
    last = memory.load(cache)
    site = _load_inputs(config, cache, scanned, output, last, min_share)
    worker = Worker(config, output, site.theme, site.language, site.names, site.topics)
    with _pool(worker, executor) as pool:
        step("reading content")
        changed = changed_files.changed_files(site.files, last, site.reading)
        parsed = changed_files.require_valid(pool.parse(changed))
        step("planning pages")
        patch = staleness.plan_patch(site, last, parsed)
        plan = patch or _plan_whole_site(site, last, parsed, progress, pool)
        del parsed  # frees its memory: the plan has what rendering needs
        stale: Iterable[Page] = plan.stale()
        index: Mapping[str, bytes] | None = None
        if not output.is_first:  # change an existing site only once the whole plan is known
            stale = tuple(stale)
            if not stale and last.settings != site.settings:
                worker.check_templates()  # else rendering does; a broken one is always an error
            index = plan.finish_index(pool.index())
            cache.begin([*[page.path for page in stale], *index, DIRECTORY_FILE])
        with output.prepared(plan.paths):
            step(MAKING_PAGES)
            job = Job(plan.view, stale, plan.fingerprints, plan.entries, plan.items)
            rendered = pool.render(job, progress)
            rendered |= worker.write(plan.finish_index(pool.index()) if index is None else index)
            rendered |= worker.write(plan.finish_directory(rendered))
            if output.is_first:
                progress(len(rendered), len(rendered))
                cache.delete_state()
            removed = output.finish(plan.paths)
    if not min_share:
        loss_guard.accept_count(config, plan.stored)
    report = _report(plan, rendered, removed)
    stats = plan.stats_of(rendered)
    state = plan.state(stats)
    memory.save(cache, state, state.subset(changed, rendered) if patch else None)
    output_stats = output.stats_of(stats)
    cache.end(site.files, output_stats, report)
    return report._replace(retained=(plan, rendered, memory, output_stats, output, pool))


def _load_inputs(
    config: Config,
    cache: Cache,
    scanned: Scan,
    output: output_folder.Output,
    last: State,
    min_share: float,
) -> BuildInputs:
    """Load what decides how files are read and pages are made. Raises SitegenError."""
    theme = themes.load(config)
    language = site_language.load(config, themes.message_folders(config))
    rules = hide_rules.load(config, language.local)
    topics = _load_topics(config, scanned, last)
    collections = CollectionQueries(config.collections)
    queries = rules.fingerprint + collections.fingerprint + topics.fingerprint
    has_search = b"search" if theme.has_search(config.build) else b""
    return BuildInputs(
        config=config,
        theme=theme,
        language=language,
        names=rules.names,
        topics=topics,
        reading=language.fingerprint + queries + has_search,
        settings=cache.settings + topics.plan_fingerprint,
        files=scanned.files,
        links=scanned.links,
        other_links=scanned.other_links,
        output=output,
        min_share=min_share,
    )


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


def _report(plan: UpdatePlan, rendered: PageStats, removed: tuple[str, ...]) -> Report:
    return Report(
        files=len(plan.paths),
        threads=plan.threads,
        posts=plan.posts,
        warnings=plan.warnings,
        written=tuple([path for path, on_disk in rendered.items() if on_disk]),
        removed=removed,
    )
