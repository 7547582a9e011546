"""Watch a site: run a normal build again after every change."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from sitegen import preview
from sitegen.config.schema import Config
from sitegen.config.settings import DEFAULT_NAME
from sitegen.errors import SitegenError
from sitegen.preview import BuildSuccess
from sitegen.site import run, url_encoding
from sitegen.site.cache.build_cache import Cache
from sitegen.site.cache.last_build import StateCache
from sitegen.site.render import theme

Load = Callable[[], Config]


@dataclass(frozen=True, slots=True)
class Reporter:
    """Callbacks: `say` for events, `warn` for warnings, `fail` for the error of a failed build."""

    say: Callable[[str], None]
    warn: Callable[[str], None]
    fail: Callable[[Exception], None]


def watch(load: Load, strict: bool, reporter: Reporter) -> None:
    """Build, and rebuild after every change, until interrupted. Raises ConfigError at the start."""
    gc.enable()
    site = _WatchedSite(load, strict, reporter)
    site.warm_up()
    preview.build_and_watch(site.build, site.watched, site.ignored, say=reporter.say)


def serve(load: Load, host: str, port: int | None, open_browser: bool, reporter: Reporter) -> None:
    """Build, watch and serve until interrupted. Raises BusyError, UsageError."""
    gc.enable()
    site = _WatchedSite(load, False, reporter)
    site.warm_up()
    preview.serve(
        site.build,
        site.watched,
        site.ignored,
        host=host,
        port=port,
        open_browser=open_browser,
        say=reporter.say,
    )


class _WatchedSite:
    """Builds a site; the config is read for each build, so that edits take effect at once."""

    def __init__(self, load: Load, strict: bool, reporter: Reporter) -> None:
        self.load = load
        self.strict = strict
        self.reporter = reporter
        self.config = load()
        self.memory = StateCache()
        self.early_files: tuple[str, ...] = ()
        self.last_warnings: tuple[str, ...] = ()

    @property
    def ignored(self) -> tuple[Path, ...]:
        """The folders that a build writes."""
        return (self.config.output, self.config.cache)

    def warm_up(self) -> None:
        """Build once with a process for each processor, before there are threads.

        Then load what a rebuild needs, so that the first edit does not have to wait.
        """
        from sitegen.site.incremental import update  # noqa: F401 - see above

        try:
            self.early_files = run.run_build(self.config, memory=self.memory).written
            self.memory.load(Cache(self.config))
        except (SitegenError, OSError):
            return  # the next build reports it

    def build(self) -> BuildSuccess:
        """Build, and return what changed."""
        try:
            return self._rebuild()
        except Exception as error:
            self.reporter.fail(error)
            raise

    def _rebuild(self) -> BuildSuccess:
        self.config = self.load()
        report = run.run_build(self.config, memory=self.memory)
        written = tuple(dict.fromkeys((*self.early_files, *report.written)))
        self.early_files = ()
        self._report_warnings(report.warnings)
        if self.strict and (problem := run.strict_error(report)):
            raise problem
        base_path = unquote(url_encoding.base_path(self.config.site.base_url))
        return BuildSuccess(self.config.output, written, report.removed, base_path)

    def _report_warnings(self, warnings: tuple[str, ...]) -> None:
        """Report warnings, unless the last build had the same ones."""
        if warnings != self.last_warnings:
            for warning in warnings:
                self.reporter.warn(warning)
        self.last_warnings = warnings

    def watched(self) -> Sequence[Path]:
        """Return the inputs of the site, whether they exist or not."""
        config = self.config
        file = config.file or config.root / DEFAULT_NAME
        return (
            config.content,
            config.templates,
            config.messages,
            config.static,
            config.root_files,
            file,
            *theme.roots(config),
        )
