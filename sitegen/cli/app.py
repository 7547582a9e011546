"""The commands and their options.

They import what they need when they run, so that `--help` is fast.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

import sitegen
from sitegen.cli import build as build_command
from sitegen.cli import messages
from sitegen.errors import UsageError

app = typer.Typer(
    name="sitegen",
    help="Turn social posts into a static site that you own.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

MAX_LISTED_NAMES = 5
ConfigFile = Annotated[
    Path | None,
    typer.Option(
        "-c",
        "--config",
        metavar="FILE",
        readable=False,  # we report that ourselves
        help="Config file (default: sitegen.toml).",
    ),
]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Say only what is wrong.")]
Verbose = Annotated[bool, typer.Option("-v", "--verbose", help="Say all.")]
Machine = Annotated[bool, typer.Option("--json", help="Print one JSON object for machines.")]


def run() -> tuple[int, object]:
    """Parse the command line and run the command.

    Return the exit code, and values to keep alive until the end.
    """
    try:
        left: object = app(standalone_mode=False, prog_name="sitegen")
    except typer.TyperException as error:
        return _report_usage_error(error), None
    return (left, None) if isinstance(left, int) else (0, left)


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
    from sitegen.config import scaffold

    with messages.friendly(False):
        for path, written in scaffold.start(folder):
            messages.say(
                f"{path}: {'written' if written else 'there already, left as it is'}", quiet
            )
        at = "" if folder == Path(".") else f"cd {folder} && "
        messages.say(f"next: {at}sitegen import FILE --account HANDLE && sitegen serve", quiet)


@app.command("import")
def import_(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE...",
            help="Files, folders, archives, or a live account: bluesky:HANDLE.",
        ),
    ],
    account: Annotated[
        str,
        typer.Option(
            metavar="HANDLE", help="Whose posts these are, where the source does not say."
        ),
    ] = "",
    include: Annotated[
        list[str] | None,
        typer.Option(metavar="WHAT", help="Take in too: followers, direct, logged-out, unknown."),
    ] = None,
    restore: Annotated[
        bool, typer.Option("--restore", help="Import again what was deleted from content/.")
    ] = False,
    accept_deletions: Annotated[
        bool, typer.Option("--accept-deletions", help="Go on though most posts were deleted.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be done.")
    ] = False,
    config: ConfigFile = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    machine: Machine = False,
) -> object:
    """Bring posts into content/, and say what became of every record."""
    from sitegen.cli import import_sources

    return import_sources.run_import(
        sources=sources,
        account=account,
        include=include or [],
        deletions="restore" if restore else "accept" if accept_deletions else "ask",
        dry_run=dry_run,
        config=config,
        quiet=quiet,
        verbose=verbose,
        machine=machine,
    )


@app.command()
def convert(config: ConfigFile = None, quiet: Quiet = False) -> None:
    """Convert content/ to the newest version of its format, as the next import does."""
    import sitegen

    with messages.friendly(False):
        converted = sitegen.convert_content(sitegen.load_config(config))
        messages.say(f"{converted:,} files of content/ converted", quiet)


@app.command()
def media(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be done.")
    ] = False,
    config: ConfigFile = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    machine: Machine = False,
) -> None:
    """Give files from inbox/ to the posts that miss them, and list what is missing."""
    from sitegen.cli import media as media_command

    media_command.attach_files(
        dry_run=dry_run, config=config, quiet=quiet, verbose=verbose, machine=machine
    )


@app.command()
def build(
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="DIR", help="Where the site goes.")
    ] = None,
    base_url: Annotated[
        str, typer.Option("--base-url", metavar="URL", help="Where the site will be.")
    ] = "",
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings fail the build.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Build though most of the posts are gone.")
    ] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Build again on every change.")] = False,
    cluster: Annotated[str, typer.Option(metavar="URL", help="Dask scheduler to use.")] = "",
    config: ConfigFile = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    machine: Machine = False,
) -> object:
    """Build the site from content/, making only what changed."""
    return build_command.build(
        output=output,
        base_url=base_url,
        strict=strict,
        force=force,
        watch=watch,
        cluster=cluster,
        config=config,
        quiet=quiet,
        verbose=verbose,
        machine=machine,
    )


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
    from sitegen.cli import watch
    from sitegen.config import settings as configs

    with messages.friendly(False):
        load = partial(configs.load, config)
        watch.serve(load, host, port, open_browser, build_command.make_reporter(quiet))


@app.command()
def export(
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="File (default: to standard output)."),
    ] = None,
    config: ConfigFile = None,
) -> None:
    """Write every post as one JSON object a line."""
    import sitegen
    from sitegen import files

    with messages.friendly(False):
        if output is not None and output.is_dir():
            raise UsageError("is a folder", path=output, hint="name a file: -o posts.jsonl.")
        text = sitegen.export_posts(sitegen.load_config(config))
        if output is None:
            typer.echo(text.encode(), nl=False)
        else:
            files.write(output, text.encode())  # the user chose the folder


@app.command()
def clean(config: ConfigFile = None, quiet: Quiet = False) -> None:
    """Delete the cache and the built site; content/ stays."""
    from sitegen.config import settings as configs
    from sitegen.site import clean

    with messages.friendly(False):
        for folder, kept in clean.clean(configs.load(config)):
            what = f"what sitegen made in {folder}; kept {_list_names(kept)}" if kept else folder
            messages.say(f"deleted {what}", quiet)


def _list_names(names: Sequence[str]) -> str:
    more = f" and {len(names) - MAX_LISTED_NAMES:,} more" if len(names) > MAX_LISTED_NAMES else ""
    return f"{', '.join(names[:MAX_LISTED_NAMES])}{more}"


def _report_usage_error(error: typer.TyperException) -> int:
    """Report an error in the command line itself."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "sitegen"
    what = error.format_message().replace("\n", " ").partition(" Did you mean")[0]
    near = _nearest_command(context)
    hint = f"did you mean {near!r}?" if near else f"see {command} --help."
    messages.report_error(
        UsageError(f"{what[:1].lower()}{what[1:]}", hint=hint), "--json" in sys.argv
    )
    return UsageError.exit_code


def _nearest_command(context: typer.Context | None) -> str | None:
    """Return the command that was probably meant, if the given one is unknown."""
    import difflib

    names = getattr(context.command, "commands", {}) if context else {}
    given = next((word for word in sys.argv[1:] if not word.startswith("-")), "")
    return next(iter(difflib.get_close_matches(given, names, 1)), None)
