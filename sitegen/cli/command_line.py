"""Parse the command line and run its command; report mistakes, and what was probably meant."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from copy import copy
from functools import cache
from typing import Any

import typer
from typer.core import TyperCommand, TyperOption
from typer.models import CommandInfo

from sitegen.cli import messages
from sitegen.errors import UsageError


def run(app: typer.Typer) -> tuple[int, object]:
    """Parse the command line and run the command.

    Return the exit code, and values to keep alive until the end.
    """
    try:
        command = _command(app, _command_name())
        result: object = command(standalone_mode=False, prog_name="sitegen")
    except typer.TyperException as error:
        return _report_usage_error(error), None
    return (result, None) if isinstance(result, int) else (0, result)


@cache
def _command(app: typer.Typer, name: str) -> Callable[..., object]:
    """Return the command line with the command of this name, with all commands if there is none.

    To make the options of all takes longer than most commands.
    """
    named = [each for each in app.registered_commands if name == (each.name or _own_name(each))]
    line = copy(app)
    line.registered_commands = named or app.registered_commands
    return typer.main.get_command(line)


def _own_name(command: CommandInfo) -> str:
    return str(getattr(command.callback, "__name__", ""))


def _command_name() -> str:
    """Return the first word of the command line that is no option; "" without one."""
    return next((word for word in sys.argv[1:] if not word.startswith("-")), "")


def _report_usage_error(error: typer.TyperException) -> int:
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
    return next(iter(difflib.get_close_matches(_command_name(), names, 1)), None)


class SingleOptionsCommand(TyperCommand):
    """Refuse an option that has two values, of which the first would have no effect."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # typer names the type nowhere
        """Parse the arguments. Raises a usage error of typer."""
        *_, given = self.make_parser(ctx).parse_args(args=[*args])
        for option, times in Counter(given).items():
            if times > 1 and isinstance(option, TyperOption) and _has_one_value(option):
                ctx.fail(f"Option '{option.opts[-1]}' can be given once")
        return super().parse_args(ctx, args)


def _has_one_value(option: TyperOption) -> bool:
    return not (option.is_flag or option.multiple)
