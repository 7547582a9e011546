"""The build, top to bottom: content, library, plan, what is stale, render, output.

`build` is the only way a site is made; watch mode calls it again and again. What a build
that changes nothing does not need is imported only after that is known.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sitegen.build import library, output, theme
from sitegen.build.cache import Cache, Report, State
from sitegen.build.workers import Crew, Workshop
from sitegen.config import Config
from sitegen.errors import OutputError

__all__ = ["Progress", "Report", "build"]

Progress = Callable[[int, int], None]


def build(config: Config, progress: Progress = lambda done, total: None) -> Report:
    """Bring the site up to date with content, theme and config.

    `progress` hears how many of the stale files are made. Raises SitegenError; the old site
    then stands whole, or with some of its files already new.
    """
    with output.lock(config), _told(config), _without_collector():
        target = output.opened(config)
        cache = Cache(config)
        sources = library.scan(config.content)
        inputs = cache.inputs(sources)
        if (unchanged := cache.still(inputs, target.there)) is not None:
            return unchanged
        last = cache.load()
        design = theme.load(config)
        with Crew(Workshop(config, target), design, config.build.jobs) as crew:
            read = crew.read(library.changed(sources, last.known))
            archive = library.gathered(config.content, sources, last.known, read)
            state, report = _update(config, cache, last, archive, design, target, crew, progress)
        cache.save(state, inputs, target.folder, report)
        return report


def _update(
    config: Config,
    cache: Cache,
    last: State,
    archive: library.Library,
    design: theme.Theme,
    target: output.Output,
    crew: Crew,
    progress: Progress,
) -> tuple[State, Report]:
    from sitegen.build.fingerprints import fingerprinted
    from sitegen.build.plan import plan as planned

    plan = planned(archive, config, design)
    prints = fingerprinted(plan, config, design)
    there = target.there
    stale = [page for page in plan.pages if last.is_stale(page.path, prints[page.path], there)]
    cache.begin(page.path for page in stale)
    with target.changing(prints):
        changed: dict[str, output.OnDisk | None] = {}
        for batch in crew.make(plan.site, stale):
            changed.update(batch)
            progress(len(changed), len(stale))
        removed = target.finish(prints)
    state = State(archive.known, last.remade(prints, changed, there))
    report = Report(
        files=len(plan.pages),
        threads=len(archive.entries),
        posts=sum(entry.count for entry in archive.entries),
        warnings=plan.warnings,
        written=tuple(path for path, on_disk in changed.items() if on_disk),
        removed=removed,
    )
    return state, report


@contextmanager
def _without_collector() -> Iterator[None]:
    """Keep Python from looking for garbage: a build makes values by the million, and no circles."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def _told(config: Config) -> Iterator[None]:
    """Say what the system refused as an error of ours."""
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"cannot be written or read: {error.strerror or error}",
            path=error.filename or config.output,
            hint="check the free space and the permissions, then build again.",
        ) from error
