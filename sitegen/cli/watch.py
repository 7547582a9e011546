"""A site that follows its sources: the same build as always, again after every change."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sitegen import preview
from sitegen.config.schema import Config
from sitegen.config.settings import DEFAULT_NAME
from sitegen.errors import SitegenError
from sitegen.preview import Built
from sitegen.site import run
from sitegen.site.cache.build_cache import Cache
from sitegen.site.cache.last_build import Memory
from sitegen.site.render import theme

Load = Callable[[], Config]


@dataclass(frozen=True, slots=True)
class Voice:
    """Whom to tell: `say` hears all that happens, `warn` warnings, `fail` why a build failed."""

    say: Callable[[str], None]
    warn: Callable[[str], None]
    fail: Callable[[Exception], None]


def watch(load: Load, strict: bool, voice: Voice) -> None:
    """Build, and again after every change, until interrupted. Raises ConfigError at the start."""
    gc.enable()
    live = _Live(load, strict, voice)
    live.warm_up()
    preview.keep_building(live.build, live.watched, live.ignored, say=voice.say)


def serve(load: Load, host: str, port: int | None, open_browser: bool, voice: Voice) -> None:
    """Build, watch and serve until interrupted. Raises BusyError, UsageError."""
    gc.enable()
    live = _Live(load, False, voice)
    live.warm_up()
    preview.serve(
        live.build,
        live.watched,
        live.ignored,
        host=host,
        port=port,
        open_browser=open_browser,
        say=voice.say,
    )


class _Live:
    """Reads the config anew for each build, so that an edit of it counts at once."""

    def __init__(self, load: Load, strict: bool, voice: Voice) -> None:
        self.load = load
        self.strict = strict
        self.voice = voice
        self.config = load()
        self.memory = Memory()
        self.early: tuple[str, ...] = ()
        self.warned: tuple[str, ...] = ()

    @property
    def ignored(self) -> tuple[Path, ...]:
        """Return the folders that a build writes."""
        return (self.config.output, self.config.cache)

    def warm_up(self) -> None:
        """Build once before there are threads, in as many processes as there are processors.

        Then load what a build needs that has something to do: the first edit shall not wait.
        """
        from sitegen.site.incremental import update  # noqa: F401 - see above

        try:
            self.early = run.built(self.config, memory=self.memory).written
            self.memory.load(Cache(self.config))
        except (SitegenError, OSError):
            return  # it is built again, and told then

    def build(self) -> Built:
        """Build, and name what changed."""
        try:
            return self._built()
        except Exception as error:
            self.voice.fail(error)
            raise

    def _built(self) -> Built:
        self.config = self.load()
        report = run.built(self.config, memory=self.memory)
        written = tuple(dict.fromkeys((*self.early, *report.written)))
        self.early = ()
        self._tell(report.warnings)
        if self.strict and (problem := run.objection(report)):
            raise problem
        return Built(self.config.output, written, report.removed)

    def _tell(self, warnings: tuple[str, ...]) -> None:
        """Tell warnings that are not the ones just told."""
        if warnings != self.warned:
            for warning in warnings:
                self.voice.warn(warning)
        self.warned = warnings

    def watched(self) -> Sequence[Path]:
        """Return all that the site is made of, there or not."""
        config = self.config
        file = config.file or config.root / DEFAULT_NAME
        return (config.content, config.templates, config.static, file, *theme.roots(config))
