"""Print messages for people and machines, and end a command that fails."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sitegen.cli import progress, reports
from sitegen.errors import OutputError, SitegenError, StoppedError


@contextmanager
def report_stop(stop_error: Callable[[], StoppedError]) -> Iterator[None]:
    """Turn Ctrl-C into an error that says what was written until then."""
    try:
        yield
    except KeyboardInterrupt:
        raise stop_error() from None


@contextmanager
def report_errors(machine: bool) -> Iterator[None]:
    """Turn expected errors into messages and exit codes, without a traceback."""
    try:
        yield
    except BrokenPipeError:
        raise
    except SitegenError as error:
        report_error(error, machine)
        raise SystemExit(error.exit_code) from None
    except OSError as error:
        output_error = OutputError(
            f"cannot be read or written: {error.strerror or error}",
            path=error.filename and os.fsdecode(error.filename),
            hint="check the free space and the permissions.",
        )
        report_error(output_error, machine)
        raise SystemExit(output_error.exit_code) from None


def report_error(error: SitegenError, machine: bool) -> None:
    """Print each mistake on a line of its own, or all of them as one JSON object."""
    if machine:
        print_json(reports.error_object(error))
        return
    for line in reports.error_lines(error, progress.terminal_columns(sys.stderr)):
        print_line(line, err=True)


def say(line: str, quiet: bool = False) -> None:
    """Print a line, unless quiet."""
    if not quiet:
        _print_text(line)


def say_lines(text: str, err: bool = False) -> None:
    """Print every line of a text."""
    for line in text.split("\n"):
        _print_text(line, err=err)


def warn(line: str) -> None:
    """Print a warning."""
    _print_text(f"warning: {line}", err=True)


def note(line: str, quiet: bool) -> None:
    """Print a note on stderr, unless quiet."""
    if not quiet:
        _print_text(f"note: {line}", err=True)


def print_json(value: dict[str, Any]) -> None:
    """Print an object as JSON."""
    print_line(json.dumps(value, ensure_ascii=True))


def _print_text(text: str, err: bool = False) -> None:
    """Print a line; on a terminal, wrap it between words."""
    for line in reports.wrap(
        reports.escape_controls(text), progress.terminal_columns(sys.stderr if err else sys.stdout)
    ):
        print_line(line, err=err)


def print_line(line: str, err: bool = False) -> None:
    """Print a line, if the stream exists."""
    stream = sys.stderr if err else sys.stdout
    if stream:
        stream.write(f"{line}\n")
        stream.flush()
