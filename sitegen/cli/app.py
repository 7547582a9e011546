"""The commands and their options.

They import what they need when they run, so that `--help` is fast.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

import sitegen
from sitegen.cli import build as build_command
from sitegen.cli import messages
from sitegen.cli.command_line import SingleOptionsCommand

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
        readable=False,  # sitegen reports that itself
        help="Config file (default: sitegen.toml).",
    ),
]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Print only errors and warnings.")]
Verbose = Annotated[bool, typer.Option("-v", "--verbose", help="Print every detail.")]
Machine = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@app.callback(invoke_without_command=True)
def version(
    context: typer.Context,
    show: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    """Turn social posts into a static site that you own."""
    if show:
        typer.echo(f"sitegen {sitegen.__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(2)


@app.command(cls=SingleOptionsCommand)
def new(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Folder of the site.")] = Path(
        "."
    ),
    language: Annotated[
        str,
        typer.Option(
            "--messages",
            metavar="LANGUAGE",
            help="Only create messages/LANGUAGE.toml, to translate the site's words.",
        ),
    ] = "",
    quiet: Quiet = False,
) -> None:
    """Create a site: sitegen.toml, a first page, and a workflow for GitHub Pages."""
    from sitegen.config import scaffold

    with messages.report_errors(False):
        if language:
            from sitegen.config import settings
            from sitegen.config.schema import Config
            from sitegen.config.settings import DEFAULT_NAME
            from sitegen.languages import new_file

            file = folder / DEFAULT_NAME
            config = settings.load(file) if file.exists() else Config(root=folder)
            messages.say(f"{new_file.create_messages(config.messages, language)}: written", quiet)
            return
        for path, written in scaffold.create_site(folder):
            messages.say(f"{path}: {'written' if written else 'exists, unchanged'}", quiet)
        change_folder = "" if folder == Path(".") else f"cd {folder} && "
        messages.say(
            f"next: {change_folder}sitegen import FILE --account HANDLE && sitegen serve", quiet
        )


@app.command("import", cls=SingleOptionsCommand)
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
        typer.Option(metavar="HANDLE", help="Account to assume when a source names none."),
    ] = "",
    include: Annotated[
        list[str] | None,
        typer.Option(metavar="WHAT", help="Also import: followers, direct, logged-out, unknown."),
    ] = None,
    restore: Annotated[
        bool, typer.Option("--restore", help="Import again what was deleted from content/.")
    ] = False,
    accept_deletions: Annotated[
        bool, typer.Option("--accept-deletions", help="Go on though most posts were deleted.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Report what would be done, but write nothing.")
    ] = False,
    config: ConfigFile = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    machine: Machine = False,
) -> object:
    """Import posts into content/, and report the outcome of every record."""
    from sitegen.cli import import_sources

    with messages.report_errors(machine):
        deletions = import_sources.deletions_of(restore=restore, accept=accept_deletions)
    return import_sources.run_import(
        sources=sources,
        account=account,
        include=include or [],
        deletions=deletions,
        dry_run=dry_run,
        config=config,
        quiet=quiet,
        verbose=verbose,
        machine=machine,
    )


@app.command(cls=SingleOptionsCommand)
def convert(config: ConfigFile = None, quiet: Quiet = False) -> None:
    """Convert content/ to the newest version of its format, as the next import does."""
    import sitegen
    from sitegen.cli import reports

    with messages.report_errors(False):
        converted = sitegen.convert_content(sitegen.load_config(config))
        messages.say(f"content/: {reports.count_of(converted, 'file')} converted", quiet)


@app.command(cls=SingleOptionsCommand)
def media(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Report what would be done, but write nothing.")
    ] = False,
    config: ConfigFile = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    machine: Machine = False,
) -> None:
    """Attach files from inbox/ to the posts that lack them, and list missing files."""
    from sitegen.cli import media as media_command

    media_command.attach_files(
        dry_run=dry_run, config=config, quiet=quiet, verbose=verbose, machine=machine
    )


@app.command(cls=SingleOptionsCommand)
def topics(
    update: Annotated[
        bool, typer.Option("--update", help="Find the topics anew, as imports do.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="With --update: report, but write nothing.")
    ] = False,
    config: ConfigFile = None,
    quiet: Quiet = False,
    machine: Machine = False,
) -> None:
    """List what the posts are about, and what content/topics.toml changes."""
    from sitegen.cli import topics as topics_command

    topics_command.list_topics(
        update=update, dry_run=dry_run, config=config, quiet=quiet, machine=machine
    )


@app.command(cls=SingleOptionsCommand)
def build(
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="DIR", help="Output folder.")
    ] = None,
    base_url: Annotated[
        str, typer.Option("--base-url", metavar="URL", help="URL of the published site.")
    ] = "",
    strict: Annotated[bool, typer.Option("--strict", help="Fail on warnings.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Build even if most posts are gone.")
    ] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Rebuild after every change.")] = False,
    cluster: Annotated[str, typer.Option(metavar="URL", help="Dask scheduler to use.")] = "",
    config: ConfigFile = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    machine: Machine = False,
) -> object:
    """Build the site from content/; only changed files are written."""
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


@app.command(cls=SingleOptionsCommand)
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="Port (default: 8000 or the next free one)."),
    ] = None,
    open_browser: Annotated[bool, typer.Option("--open", help="Open a browser.")] = False,
    config: ConfigFile = None,
    quiet: Quiet = False,
) -> None:
    """Preview the site: build it, and reload the browser after every change."""
    from sitegen.cli import watch
    from sitegen.config import settings as configs

    with messages.report_errors(False):
        load = partial(configs.load, config)
        watch.serve(load, host, port, open_browser, build_command.make_reporter(quiet))


@app.command(cls=SingleOptionsCommand)
def export(
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="FILE", help="Output file (default: standard output)."
        ),
    ] = None,
    form: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="jsonl, csv or parquet.")
    ] = "jsonl",
    query: Annotated[
        str | None,
        typer.Option(metavar="QUERY", help="Only posts that match, and none that is hidden."),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="The same, for posts written on DATE or later."),
    ] = None,
    public: Annotated[
        bool, typer.Option("--public", help="Only posts that the site shows as public.")
    ] = False,
    anonymous: Annotated[
        bool, typer.Option("--anonymous", help="The same, without names and addresses.")
    ] = False,
    no_text: Annotated[
        bool, typer.Option("--no-text", help="With --anonymous: only numbers of posts.")
    ] = False,
    min_posts: Annotated[
        int | None,
        typer.Option(
            metavar="N", help="With --anonymous: leave out what fewer posts have (default: 5)."
        ),
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="With --anonymous: key of the pseudonyms (default: anonymous.key)."
        ),
    ] = None,
    config: ConfigFile = None,
    quiet: Quiet = False,
) -> None:
    """Export posts as JSON, one object per line, or as a table."""
    from sitegen.cli import export
    from sitegen.opendata.request import Request

    with messages.report_errors(False):
        request = Request(
            audience=export.audience_of(public=public, anonymous=anonymous),
            contents="counts" if no_text else "posts",
            format=form,  # type: ignore[arg-type] # checked with the rest
            query=query,
            since=since,
            min_posts=min_posts,
            key=key,
        )
        export.run_export(request, output=output, config=config, quiet=quiet)


@app.command(cls=SingleOptionsCommand)
def clean(config: ConfigFile = None, quiet: Quiet = False) -> None:
    """Delete the cache and the built site, but not content/."""
    build_command.clean_site(config, quiet)
