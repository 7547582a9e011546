"""The command `sitegen import`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import sitegen
from sitegen.cli import import_reports, messages, progress
from sitegen.cli.progress import Meter
from sitegen.config import settings as configs
from sitegen.config.schema import Config
from sitegen.content import content_folder
from sitegen.content.changeset import changeset
from sitegen.content.changeset.provenance import Deletions
from sitegen.errors import StoppedError, UsageError
from sitegen.ingest.pipeline import FINDING_TOPICS, MERGING, STORING_MEDIA


def run_import(
    *,
    sources: Sequence[str],
    account: str = "",
    include: Sequence[str] = (),
    deletions: Deletions = "ask",
    dry_run: bool = False,
    config: Path | None = None,
    quiet: bool = False,
    verbose: bool = False,
    machine: bool = False,
) -> object:
    """Import sources, or report what that would do; return values to keep alive until the end."""
    is_silent = quiet or machine
    with (
        messages.report_errors(machine),
        progress.show_progress(silent=is_silent) as meter,
        messages.report_stop(partial(_stop_error, meter, dry_run)),
    ):
        settings = sitegen.load_config(config)
        _check_not_inside_site(settings)
        is_new = not content_folder.is_begun(settings.content)
        plan = sitegen.import_sources(
            settings,
            sources,
            account=account,
            include=[word for option in include for word in option.split(",") if word],
            deletions=deletions,
            dry_run=dry_run,
            progress=meter.set_step,
            say=partial(_say, meter, is_silent),
        )
    with messages.report_errors(machine):
        if is_new and not dry_run:
            messages.note(f"a new archive is created in {settings.content.absolute()}", is_silent)
        for link in content_folder.find_links(settings.content):
            messages.warn(f"{link}: is a link, and is left out; put the file or the folder there")
        if machine:
            messages.print_json(import_reports.import_object(plan))
            return plan
        for line in import_reports.import_lines(
            plan, None if verbose else import_reports.MAX_SHOWN
        ):
            messages.say(line, quiet)
        if dry_run:
            messages.say("dry run: nothing was written", quiet)
        return plan


def deletions_of(*, restore: bool, accept: bool) -> Deletions:
    """Return what the options say of posts that a person deleted. Raises UsageError for both."""
    if restore and accept:
        what = "--restore takes deleted posts back, and --accept-deletions leaves them out"
        raise UsageError(what, hint="leave one of them out.")
    return "restore" if restore else "accept" if accept else "ask"


def _check_not_inside_site(settings: Config) -> None:
    """Check that the import does not start a new archive inside a site. Raises UsageError."""
    config_file = configs.find_in_parents(Path.cwd()) if settings.file is None else None
    if config_file is None:
        return
    relative_path = os.path.relpath(config_file)
    raise UsageError(
        "this folder is inside a site, and is not a site itself",
        path=config_file,
        hint=f"import there, or with -c {relative_path}; `sitegen new` makes it a site.",
    )


def _say(meter: Meter, is_silent: bool, line: str) -> None:
    meter.clear()
    messages.say(line, is_silent)


def _stop_error(meter: Meter, dry_run: bool) -> StoppedError:
    """Return the error that says what an import had written when it was stopped."""
    if meter.step_name == changeset.WRITING:
        return StoppedError(
            f"stopped: {meter.done:,} of {meter.total:,} files were written",
            hint="each file is complete; the next import writes the rest.",
        )
    if meter.step_name == FINDING_TOPICS:
        message = "stopped: all posts were written, but topics were not found"
        return StoppedError(message, hint="the next import finds them, or sitegen topics --update.")
    if dry_run or meter.step_name not in (STORING_MEDIA, MERGING, changeset.PREPARING):
        message = "stopped: nothing was written to content/"
        return StoppedError(message, hint="run the import again.")
    message = "stopped: no post was written to content/, only media files may have been"
    return StoppedError(message, hint="run the import again; it uses them.")
