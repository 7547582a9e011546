"""The command `sitegen import`."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

from sitegen.cli import messages, progress, reports
from sitegen.cli.progress import Meter
from sitegen.config import settings as configs
from sitegen.config.settings import Config
from sitegen.content import content_folder
from sitegen.content.changeset import changeset
from sitegen.errors import StoppedError, UsageError
from sitegen.ingest import pipeline, source_states
from sitegen.ingest.live_accounts import Live
from sitegen.ingest.pipeline import MERGING, STORING_MEDIA
from sitegen.sources import Include, Options

READING = "reading"


def run_import(
    *,
    sources: Sequence[str],
    account: str = "",
    include: Sequence[str] = (),
    dry_run: bool = False,
    config: Path | None = None,
    quiet: bool = False,
    verbose: bool = False,
    machine: bool = False,
) -> object:
    """Import sources, or only say what that would do; return values to keep alive until the end."""
    is_silent = quiet or machine
    with (
        messages.friendly(machine),
        progress.show_progress(silent=is_silent) as meter,
        messages.stoppable(partial(_stop_error, meter, dry_run)),
    ):
        settings = configs.load(config)
        _check_not_inside_site(settings)
        rules = pipeline.Rules(settings.imports.vanished, settings.imports.crossposts)  # type: ignore[arg-type]
        options = _options(account, include, settings)
        with _cache(settings, dry_run) as cache:
            live = _live_fetcher(settings, cache, meter, is_silent)
            read = pipeline.read(sources, options, partial(_show_reading, meter), live)
            if dry_run:
                plan = pipeline.dry_run(settings.content, read, rules, meter.step)
        is_new = not content_folder.is_begun(settings.content)
        if not dry_run:
            plan = pipeline.import_into(settings.content, settings.cache, read, rules, meter.step)
    with messages.friendly(machine):
        if is_new and not dry_run:
            messages.note(f"a new archive begins in {settings.content.absolute()}", is_silent)
        for link in content_folder.find_links(settings.content):
            messages.warn(f"{link}: is a link, and is left out; put the file or the folder there")
        if machine:
            messages.print_json(reports.import_object(plan))
            return read, plan
        for line in reports.import_lines(plan, None if verbose else reports.MAX_SHOWN):
            messages.say(line, quiet)
        if dry_run:
            messages.say("dry run: nothing was written", quiet)
        return read, plan


def _check_not_inside_site(settings: Config) -> None:
    """Check that the import does not start a new archive inside a site. Raises UsageError."""
    found = configs.find_above(Path.cwd()) if settings.file is None else None
    if found is None:
        return
    near = os.path.relpath(found)
    raise UsageError(
        "this folder is part of a site, and no site of its own",
        path=found,
        hint=f"import there, or with -c {near}; `sitegen new` makes this folder a site.",
    )


def _show_reading(meter: Meter, done: int, total: int) -> None:
    """Show the progress of reading several sources; within the first one it is unknown."""
    meter.step(READING, done, total if done else 0)


def _live_fetcher(settings: Config, cache: Path, meter: Meter, is_silent: bool) -> Live:
    """Return the fetcher of live accounts, which reports its progress."""

    def say(line: str) -> None:
        meter.clear()
        messages.say(line, is_silent)

    def show_fetching(what: str, done: int, total: int) -> None:
        meter.step(f"fetching {what}", done, total)

    hosts = settings.bluesky
    return Live(cache, hosts.resolver, hosts.plc, show_fetching, say)


def _stop_error(meter: Meter, dry_run: bool) -> StoppedError:
    """Return the error that says what an import had written when it was stopped."""
    if meter.what == changeset.WRITING:
        return StoppedError(
            f"stopped: {meter.done:,} of {meter.total:,} files were written",
            hint="each is whole; the next import does the rest.",
        )
    if dry_run or meter.what not in (STORING_MEDIA, MERGING, changeset.PREPARING):
        what = "stopped: nothing was written to content/"
        return StoppedError(what, hint="run the import again.")
    what = "stopped: no post was written to content/, only media files may have been"
    return StoppedError(what, hint="run the import again; it uses them.")


@contextmanager
def _cache(settings: Config, dry_run: bool) -> Iterator[Path]:
    """Provide the cache folder for live accounts; a dry run gets a temporary one."""
    if not dry_run:
        yield settings.cache
        return
    with TemporaryDirectory(prefix="sitegen-") as folder:
        yield Path(folder)


def _options(account: str, include: Sequence[str], settings: Config) -> Options:
    who = account or settings.imports.account or settings.site.account
    known = get_args(Include)
    wanted = [word for given in include for word in given.split(",") if word]
    for word in wanted:
        if word not in known:
            what = f"--include cannot be {word!r}"
            raise UsageError(what, hint=f"it may be {', '.join(known)}.")
    return Options(
        who.removeprefix("@") or None,
        frozenset(wanted),  # type: ignore[arg-type]
        source_states.known_privacy(settings.content),
    )
