"""`sitegen import`: which sources, whose posts, and what it tells of them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

from sitegen import bars, content, importing, reports
from sitegen import config as configs
from sitegen.cli import telling
from sitegen.config import Config
from sitegen.errors import UsageError
from sitegen.importers import Include, Options
from sitegen.importing.live import Live

MANY_BYTES = 5_000_000


def bring_in(
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
    """Import sources, or only say what that would do; return what is left in memory."""
    with telling.friendly(machine):
        settings = configs.load(config)
        _refuse_below(settings)
        rules = importing.Rules(settings.imports.vanished, settings.imports.crossposts)  # type: ignore[arg-type]
        options = _options(account, include, settings)
        is_silent = quiet or machine
        with (
            bars.progress("reading", MANY_BYTES, is_silent) as progress,
            bars.stages(is_silent) as fetching,
            _cache(settings, dry_run) as cache,
        ):
            hosts = settings.bluesky
            say = partial(telling.say, quiet=is_silent)
            live = Live(cache, hosts.resolver, hosts.plc, fetching, say)
            read = importing.read(sources, options, progress, live)
            if dry_run:
                plan = importing.dry(settings.content, read, rules)
        is_new = not content.is_begun(settings.content)
        if not dry_run:
            plan = importing.brought_in(settings.content, settings.cache, read, rules)
        if is_new and not dry_run:
            telling.note(f"a new archive begins in {settings.content.absolute()}", is_silent)
        for link in content.links(settings.content):
            telling.warn(f"{link}: is a link, and is left out; put the file or the folder there")
        if machine:
            telling.print_json(reports.import_object(plan))
            return read, plan
        for line in reports.import_lines(plan, None if verbose else reports.SHOWN):
            telling.say(line, quiet)
        if dry_run:
            telling.say("dry run: nothing was written", quiet)
        return read, plan


def _refuse_below(settings: Config) -> None:
    """Make sure that no second archive begins within a site. Raises UsageError."""
    found = configs.above(Path.cwd()) if settings.file is None else None
    if found is None:
        return
    near = os.path.relpath(found)
    raise UsageError(
        "this folder is part of a site, and no site of its own",
        path=found,
        hint=f"import there, or with -c {near}; `sitegen new` makes this folder a site.",
    )


@contextmanager
def _cache(settings: Config, dry_run: bool) -> Iterator[Path]:
    """Return where live accounts are fetched to; what nobody is to find again goes again."""
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
    return Options(who.removeprefix("@") or None, frozenset(wanted))  # type: ignore[arg-type]
