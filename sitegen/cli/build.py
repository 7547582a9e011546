"""The commands `sitegen build` and `sitegen clean`."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import sitegen
from sitegen.cli import messages, progress, reports
from sitegen.cli.progress import Meter
from sitegen.errors import StoppedError, UsageError
from sitegen.site import run

MAX_LISTED_NAMES = 5


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
    with messages.report_errors(machine):
        load = partial(sitegen.load_config, config, output=output, base_url=base_url)
        if watch and (machine or cluster):
            option = "--json reports" if machine else "--cluster runs"
            raise UsageError(f"{option} one build, but --watch runs many", hint="omit one of them.")
        if watch and force:
            raise UsageError(
                "--force is for one build, but --watch runs many", hint="omit one of them."
            )
        if watch:
            from sitegen.cli import watch as watch_command

            watch_command.watch(load, strict, make_reporter(quiet))
            return None
        return _build_once(load, cluster, force, strict, quiet, verbose, machine)


def make_reporter(quiet: bool) -> Any:
    """Return the callbacks of a watched site; failures are reported even when quiet."""
    from sitegen.cli import watch

    if quiet:
        ignore, report_failure = (
            (lambda text: None),
            (lambda error: messages.say_lines(str(error), err=True)),
        )
        return watch.Reporter(ignore, messages.warn, report_failure)
    return watch.Reporter(messages.say_lines, messages.warn, lambda error: None)


def _early_stop_error() -> StoppedError:
    return StoppedError("stopped: the site is unchanged", hint="build again.")


def _stop_error(meter: Meter, output: Path) -> StoppedError:
    """Return the error that says what a build had written when it was stopped."""
    if not output.exists():
        message = "stopped: no part of the site was written"
        return StoppedError(message, hint="the next build writes all of it.")
    if meter.step_name == run.MAKING_PAGES:  # pages are written before they are reported
        count = f"at least {meter.done:,} of {meter.total:,}" if meter.total else "some"
        message = f"stopped: {count} pages were written, the others are unchanged"
        return StoppedError(message, hint="each page is complete; the next build writes the rest.")
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
    with messages.report_stop(_early_stop_error):
        settings = load()
    with (
        progress.show_progress(silent=quiet or machine) as meter,
        messages.report_stop(partial(_stop_error, meter, settings.output)),
    ):
        report = sitegen.build_site(
            settings, force=force, cluster=cluster, progress=meter.set_progress, step=meter.set_step
        )
    problem = run.strict_error(report) if strict else None
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


def clean_site(config: Path | None, quiet: bool) -> None:
    """Delete the cache and the built site, and say what was kept."""
    from sitegen.site import clean

    with messages.report_errors(False):
        for folder, kept in clean.clean(sitegen.load_config(config)):
            deleted = f"sitegen's files in {folder}; kept {_list_names(kept)}" if kept else folder
            messages.say(f"deleted {deleted}", quiet)


def _list_names(names: Sequence[str]) -> str:
    suffix = f" and {len(names) - MAX_LISTED_NAMES:,} more" if len(names) > MAX_LISTED_NAMES else ""
    return f"{', '.join(names[:MAX_LISTED_NAMES])}{suffix}"
