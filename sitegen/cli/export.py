"""The command `sitegen export`: to a file, or to standard output."""

from __future__ import annotations

from pathlib import Path

import typer

import sitegen
from sitegen.cli import messages
from sitegen.config.schema import Config
from sitegen.errors import UsageError
from sitegen.opendata import export, output_files
from sitegen.opendata.request import KEY_NAME, Audience, Request

ELSEWHERE = "give another file: -o posts.jsonl."


def run_export(request: Request, *, output: Path | None, config: Path | None, quiet: bool) -> None:
    """Export posts; notes about them go to standard error. Raises SitegenError, OSError."""
    _check_output(request, output)
    settings = sitegen.load_config(config)
    if output is not None:
        _keep_sources(settings, request, output)
    prepared = export.prepare(settings, request)
    for line in prepared.first_notes:
        messages.note(line, quiet)
    if output is None:
        for piece in prepared.pieces:
            typer.echo(piece, nl=False)
    else:
        output_files.write_export(prepared, output, request.format)
    for line in prepared.notes():
        messages.note(line, quiet)


def audience_of(*, public: bool, anonymous: bool) -> Audience:
    """Return whom the options of the command line name. Raises UsageError if it is two."""
    if public and anonymous:
        what = "--public has no effect with --anonymous, which has the same posts without names"
        raise UsageError(what, hint="leave one of them out.")
    return "anonymous" if anonymous else "public" if public else "owner"


def _check_output(request: Request, output: Path | None) -> None:
    name = f"posts.{request.format}"
    if output is not None and output.is_dir():
        raise UsageError("is a folder", path=output, hint=f"give a file: -o {name}.")
    if output is None and request.format == "parquet":
        raise UsageError("Parquet is no text to print", hint=f"give a file: -o {name}.")


def _keep_sources(settings: Config, request: Request, output: Path) -> None:
    """Check that an export replaces nothing that a site is made from. Raises UsageError."""
    key = request.key or settings.root / KEY_NAME
    file, folder = output.resolve(), settings.content.resolve()
    if file.is_relative_to(folder):
        raise UsageError(
            "is in the content folder, which is imported to", path=output, hint=ELSEWHERE
        )
    if file == key.resolve():
        raise UsageError("is the key of the pseudonyms", path=output, hint=ELSEWHERE)
    if settings.file is not None and file == settings.file.resolve():
        raise UsageError("has the settings of the site", path=output, hint=ELSEWHERE)
