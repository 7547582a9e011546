"""Report mistakes in the command line itself, with the command that was probably meant."""

from __future__ import annotations

import sys

import typer

from sitegen.cli import messages
from sitegen.errors import UsageError


def command_name() -> str:
    """Return the first word of the command line that is no option; "" without one."""
    return next((word for word in sys.argv[1:] if not word.startswith("-")), "")


def report_usage_error(error: typer.TyperException) -> int:
    """Report an error in the command line; return the exit code."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "sitegen"
    message = error.format_message().replace("\n", " ").partition(" Did you mean")[0]
    suggestion = _nearest_command(context)
    hint = f"did you mean {suggestion!r}?" if suggestion else f"see {command} --help."
    messages.report_error(
        UsageError(f"{message[:1].lower()}{message[1:]}", hint=hint), "--json" in sys.argv
    )
    return UsageError.exit_code


def _nearest_command(context: typer.Context | None) -> str | None:
    """Return the command that was probably meant, if the given one is unknown."""
    import difflib

    names = getattr(context.command, "commands", {}) if context else {}
    return next(iter(difflib.get_close_matches(command_name(), names, 1)), None)
