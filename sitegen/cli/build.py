"""The command `sitegen build`."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import sitegen
from sitegen.cli import messages, progress, reports
from sitegen.cli.progress import Meter
from sitegen.errors import StoppedError, UsageError
from sitegen.site import run


def build(
    *,
    output: Path | None = None,
    base_url: str = "",
    strict: bool = False,
    force: bool = False,
    watch: bool = False,
    cluster: str = "",
    config: Path | None = None,
    quiet: bool = False,
    verbose: bool = False,
    machine: bool = False,
) -> object:
    """Build the site, once or after every change; return values to keep alive until the end."""
    with messages.friendly(machine):
        load = partial(sitegen.load_config, config, output=output, base_url=base_url)
        if watch and (machine or cluster):
            one = "--json reports" if machine else "--cluster does"
            raise UsageError(f"{one} one build, --watch makes many", hint="drop one.")
        if watch and force:
            raise UsageError("--force is for one build, --watch makes many", hint="drop one.")
        if watch:
            from sitegen.cli import watch as watch_command

            watch_command.watch(load, strict, make_reporter(quiet))
            return None
        return _build_once(load, cluster, force, strict, quiet, verbose, machine)


def make_reporter(quiet: bool) -> Any:
    """Return the callbacks of a watched site; a failure is reported once, also when quiet."""
    from sitegen.cli import watch

    if quiet:
        silence, failed = (lambda text: None), (lambda error: messages.lines(str(error), err=True))
        return watch.Reporter(silence, messages.warn, failed)
    return watch.Reporter(messages.lines, messages.warn, lambda error: None)


def _early_stop_error() -> StoppedError:
    return StoppedError("stopped: the site is as it was", hint="build again.")


def _stop_error(meter: Meter, output: Path) -> StoppedError:
    """Return the error that says what a build had written when it was stopped."""
    if not output.exists():
        what = "stopped: nothing of the site was written"
        return StoppedError(what, hint="the next build makes all of it.")
    if meter.what == run.MAKING_PAGES:  # pages are written before they are reported
        made = f"at least {meter.done:,} of {meter.total:,}" if meter.total else "some"
        what = f"stopped: {made} pages were made anew, the others are as they were"
        return StoppedError(what, hint="each is whole; the next build makes the rest.")
    return _early_stop_error()


def _build_once(
    load: Callable[[], Any],
    cluster: str,
    force: bool,
    strict: bool,
    quiet: bool,
    verbose: bool,
    machine: bool,
) -> object:
    started = time.perf_counter()
    with messages.stoppable(_early_stop_error):
        settings = load()
    with (
        progress.show_progress(silent=quiet or machine) as meter,
        messages.stoppable(partial(_stop_error, meter, settings.output)),
    ):
        report = sitegen.build_site(
            settings, force=force, cluster=cluster, progress=meter.count, step=meter.step
        )
    problem = run.objection(report) if strict else None
    if machine:
        error = reports.error_object(problem) if problem else {}
        messages.print_json({**reports.build_object(report, settings.output), **error})
        raise SystemExit(problem.exit_code if problem else 0)
    for warning in report.warnings:
        messages.warn(warning)
    for note in report.notes:
        messages.say(f"note: {note}", quiet)
    for path in (*report.written, *report.removed) if verbose else ():
        messages.say(f"  {path}", quiet)
    for line in reports.build_lines(report, settings.output, time.perf_counter() - started):
        messages.say(line, quiet)
    if problem:
        raise problem
    return report
