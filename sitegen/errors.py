"""Every error that a user may see, with its location, a message and a hint.

SitegenError            anything sitegen expects can go wrong      exit 1
├── UsageError          the command asks for something impossible  exit 2
│   ├── ConfigError     sitegen.toml has a mistake                 exit 2
│   └── QueryError      a query has a mistake                      exit 2
├── SourceError         a file to import cannot be read            exit 2
├── ContentError        a file in content/ cannot be read          exit 1
│   └── OldFormatError  a file is in version 1 of the format       exit 1
├── ThemeError          a theme or a template of it is broken      exit 1
├── AddressError        two parts claim the same address           exit 1
├── OutputError         the site cannot be written                 exit 1
├── BusyError           another build or server holds the site     exit 1
├── StoppedError        the user pressed Ctrl-C                    exit 130
└── SeveralErrors       several of these at once                   that of the first
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


class SitegenError(Exception):
    """An expected error, shown as `path:line: error: message. hint: cure.`."""

    exit_code = 1

    def __init__(
        self,
        message: str,
        *,
        path: Path | str | None = None,
        line: int | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.path = str(path) if path is not None else None
        self.line = line
        self.hint = hint

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.message, self.path, self.line, self.hint)

    @property
    def location(self) -> str:
        """Return `path:line`, `path` or an empty string."""
        if self.path is None:
            return ""
        return self.path if self.line is None else f"{self.path}:{self.line}"

    @property
    def message_with_line(self) -> str:
        """Return the message and the line, for lists that name the file already."""
        return self.message if self.line is None else f"{self.message}, in line {self.line}"

    def __str__(self) -> str:
        head = f"{self.location}: " if self.path is not None else ""
        tail = f" hint: {self.hint}" if self.hint else ""
        return f"{head}error: {self.message.rstrip('.')}.{tail}"


def _rebuild(
    kind: type[SitegenError], message: str, path: str | None, line: int | None, hint: str | None
) -> SitegenError:
    """Recreate an error in another process."""
    return kind(message, path=path, line=line, hint=hint)


class UsageError(SitegenError):
    """The command line asks for something that cannot be done."""

    exit_code = 2


class ConfigError(UsageError):
    """sitegen.toml has a mistake."""


class QueryError(UsageError):
    """A query has a mistake; the message says at which character."""


class SourceError(SitegenError):
    """A file to import is not what an importer can read."""

    exit_code = 2


class ContentError(SitegenError):
    """A file in content/ cannot be read."""


class OldFormatError(ContentError):
    """A file in content/ is in version 1 of its format, among others of version 2."""


class ThemeError(SitegenError):
    """A theme is missing, or a template of it fails."""


class AddressError(SitegenError):
    """Two parts of the site claim the same address."""


class OutputError(SitegenError):
    """The site cannot be written."""


class BusyError(SitegenError):
    """Another process holds a lock or a port that this one needs."""


class StoppedError(SitegenError):
    """The user stopped the command; the message says what was written until then."""

    exit_code = 130


class SeveralErrors(SitegenError):  # noqa: N818 - it is more than one
    """Several mistakes found in one pass, so that the user can correct them all."""

    def __init__(self, errors: Sequence[SitegenError]) -> None:
        super().__init__("; ".join(error.message for error in errors))
        self.errors = tuple(errors)
        self.exit_code = errors[0].exit_code

    def __reduce__(self) -> tuple[object, ...]:
        return SeveralErrors, (self.errors,)

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)

    @staticmethod
    def combine(errors: Sequence[SitegenError]) -> SitegenError:
        """Combine errors into one error; return a single one unchanged.

        Errors with the same words are one: every thread of a year needs the year's counts.
        """
        unique = [*{str(error): error for error in errors}.values()]
        return unique[0] if len(unique) == 1 else SeveralErrors(unique)
