"""One build as a command asks for it: never from nothing, and strict where that is wanted."""

from __future__ import annotations

from sitegen import build as builds
from sitegen.build import Progress, Report
from sitegen.config import Config
from sitegen.errors import ContentError, SitegenError


def built(config: Config, progress: Progress = lambda done, total: None) -> Report:
    """Build the site; a wrong folder shall not become an empty site. Raises SitegenError."""
    if not config.content.is_dir():
        raise ContentError(
            "no such folder",
            path=config.content,
            hint="`sitegen import` fills it; is this the folder of the site?",
        )
    return builds.build(config, progress)


def objection(report: Report) -> SitegenError | None:
    """Return what a strict build has against a report, if anything."""
    if not report.warnings:
        return None
    count = "1 warning" if len(report.warnings) == 1 else f"{len(report.warnings):,} warnings"
    return SitegenError(f"{count} in a strict build", hint="mend what they name.")
