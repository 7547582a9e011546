"""The command line: the only room that prints and exits.

Commands import what they need when they run, so that `--help` answers at once.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

import sitegen
from sitegen import reports
from sitegen.errors import OutputError, SitegenError, UsageError

MANY_BYTES = 5_000_000
MANY_PAGES = 1_000

app = typer.Typer(
    name="sitegen",
    help="Turn social posts into a static site that you own.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

ConfigFile = Annotated[
    Path | None,
    typer.Option(
        "-c",
        "--config",
        metavar="FILE",
        readable=False,  # we tell that ourselves
        help="Config file (default: sitegen.toml).",
    ),
]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Say only what is wrong.")]
Verbose = Annotated[bool, typer.Option("-v", "--verbose", help="Say all.")]
Machine = Annotated[bool, typer.Option("--json", help="Print one JSON object for machines.")]


def main() -> None:
    """Run the command line and exit: 0, 1 for problems, 2 for usage, 130 on Ctrl-C."""
    gc.disable()  # most commands end before garbage matters; those that stay turn it on again
    for stream in filter(None, (sys.stdout, sys.stderr)):
        # No terminal is too old, and no file's name too odd, to be told of it.
        getattr(stream, "reconfigure", lambda **_: None)(errors="backslashreplace")
    try:
        code = app(standalone_mode=False, prog_name="sitegen")
        if sys.stdout:
            sys.stdout.flush()
    except typer.TyperException as error:
        code = _refused(error)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)


@app.callback(invoke_without_command=True)
def version(
    context: typer.Context,
    show: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False,
) -> None:
    """Turn social posts into a static site that you own."""
    if show:
        typer.echo(f"sitegen {sitegen.__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(2)


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where the site starts.")] = Path(
        "."
    ),
    quiet: Quiet = False,
) -> None:
    """Start a site: sitegen.toml, a first page, and a workflow for GitHub Pages."""
    from sitegen import starting

    with _friendly(False):
        for path, written in starting.start(folder):
            _say(f"{path}: {'written' if written else 'there already, left as it is'}", quiet)
        at = "" if folder == Path(".") else f"cd {folder} && "
        _say(f"next: {at}sitegen import FILE --account HANDLE && sitegen serve", quiet)


@app.command("import")
def import_(
    sources: Annotated[
        list[Path],
        typer.Argument(metavar="SOURCE...", readable=False, help="Files to import."),
    ],
    account: Annotated[
        str,
        typer.Option(
            metavar="HANDLE", help="Whose posts these are, where the source does not say."
        ),
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be done.")
    ] = False,
    config: ConfigFile = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    machine: Machine = False,
) -> None:
    """Bring posts into content/, and say what became of every record."""
    from sitegen import bars, importing
    from sitegen import config as configs
    from sitegen.importers import Options

    with _friendly(machine):
        settings = configs.load(config)
        who = account or settings.imports.account or settings.site.account
        options = Options(who.removeprefix("@") or None)
        with bars.progress("reading", MANY_BYTES, quiet or machine) as progress:
            read = importing.read(sources, options, progress)
        if dry_run:
            plan = importing.merged(settings.content, read)
        else:
            plan = importing.brought_in(settings.content, settings.cache, read)
        if machine:
            _print_json(reports.import_object(plan))
        elif not quiet:
            for line in reports.import_lines(plan, None if verbose else reports.SHOWN):
                _say(line)
            if dry_run:
                _say("dry run: nothing was written")


@app.command()
def build(
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="DIR", help="Where the site goes.")
    ] = None,
    base_url: Annotated[
        str, typer.Option("--base-url", metavar="URL", help="Where the site will be.")
    ] = "",
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings fail the build.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Build again on every change.")] = False,
    cluster: Annotated[str, typer.Option(metavar="URL", help="Dask scheduler to use.")] = "",
    config: ConfigFile = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    machine: Machine = False,
) -> None:
    """Build the site from content/, making only what changed."""
    from sitegen import config as configs

    with _friendly(machine):
        load = partial(configs.load, config, output, base_url)
        if watch and (machine or cluster):
            one = "--json tells of" if machine else "--cluster does"
            raise UsageError(f"{one} one build, --watch makes many", hint="drop one.")
        if watch:
            from sitegen import live

            live.watch(load, strict, _voice(quiet))
        else:
            _build(load, cluster, strict, quiet, verbose, machine)


def _build(
    load: Callable[[], Any], cluster: str, strict: bool, quiet: bool, verbose: bool, machine: bool
) -> None:
    import time

    from sitegen import bars, building

    started = time.perf_counter()
    settings = load()
    with bars.progress("building", MANY_PAGES, quiet or machine) as progress:
        report = building.built(settings, progress, cluster)
    problem = building.objection(report) if strict else None
    if machine:
        error = reports.error_object(problem) if problem else {}
        _print_json({**reports.build_object(report, settings.output), **error})
        raise typer.Exit(problem.exit_code if problem else 0)
    for warning in report.warnings:
        _warn(warning)
    for path in (*report.written, *report.removed) if verbose else ():
        _say(f"  {path}", quiet)
    for line in reports.build_lines(report, settings.output, time.perf_counter() - started):
        _say(line, quiet)
    if problem:
        raise problem


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="Port (default: 8000 or the next free one)."),
    ] = None,
    open_browser: Annotated[bool, typer.Option("--open", help="Open a browser.")] = False,
    config: ConfigFile = None,
    quiet: Quiet = False,
) -> None:
    """Preview the site: build, watch, and reload the browser at every change."""
    from sitegen import config as configs
    from sitegen import live

    with _friendly(False):
        load = partial(configs.load, config)
        live.serve(load, host, port, open_browser, _voice(quiet))


@app.command()
def export(
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="File (default: to standard output)."),
    ] = None,
    config: ConfigFile = None,
) -> None:
    """Write every post as one JSON object a line."""
    from sitegen import config as configs
    from sitegen import content, files, records

    with _friendly(False):
        settings = configs.load(config)
        text = records.lines(content.archived(settings.content))
        if output is None:
            typer.echo(text.encode(), nl=False)
        else:
            files.write(output, text.encode())


@app.command()
def clean(config: ConfigFile = None, quiet: Quiet = False) -> None:
    """Delete the cache and the built site; content/ stays."""
    from sitegen import cleaning
    from sitegen import config as configs

    with _friendly(False):
        for path in cleaning.clean(configs.load(config)):
            _say(f"deleted {path}", quiet)


@contextmanager
def _friendly(machine: bool) -> Iterator[None]:
    """Turn expected errors into their lines and exit codes; never a traceback for them."""
    try:
        yield
    except BrokenPipeError:
        raise
    except SitegenError as error:
        _tell(error, machine)
        raise typer.Exit(error.exit_code) from None
    except OSError as error:
        told = OutputError(
            f"cannot be read or written: {error.strerror or error}",
            path=error.filename and os.fsdecode(error.filename),
            hint="check the free space and the permissions.",
        )
        _tell(told, machine)
        raise typer.Exit(told.exit_code) from None


def _refused(error: typer.TyperException) -> int:
    """Tell what is wrong with the command line itself."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "sitegen"
    what, _, near = error.format_message().replace("\n", " ").partition(" Did you mean")
    hint = f"did you mean{near}" if near else f"see {command} --help."
    _tell(UsageError(f"{what[:1].lower()}{what[1:]}", hint=hint), "--json" in sys.argv)
    return UsageError.exit_code


def _tell(error: SitegenError, machine: bool) -> None:
    """Tell each mistake in a line of its own, or all of them in one object."""
    if machine:
        _print_json(reports.error_object(error))
        return
    for line in reports.error_lines(error):
        typer.echo(line, err=True)


def _voice(quiet: bool) -> Any:
    """Return whom a watched site tells; what fails is told once, also to who wants quiet."""
    from sitegen import live

    if quiet:
        return live.Voice(lambda text: None, _warn, lambda error: _lines(str(error), err=True))
    return live.Voice(_lines, _warn, lambda error: None)


def _say(line: str, quiet: bool = False) -> None:
    if not quiet:
        typer.echo(reports.plain(line))


def _lines(text: str, err: bool = False) -> None:
    for line in text.split("\n"):
        typer.echo(reports.plain(line), err=err)


def _warn(line: str) -> None:
    typer.echo(f"warning: {reports.plain(line)}", err=True)


def _print_json(value: dict[str, Any]) -> None:
    typer.echo(json.dumps(value, ensure_ascii=True))
