"""Write the CSS variables of the settings as a style sheet; refuse unknown ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from sitegen.config import toml_tables
from sitegen.config.schema import Config
from sitegen.errors import ConfigError, SeveralErrors

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
PROPERTY = re.compile(r"(?<![\w-])--([A-Za-z][A-Za-z0-9_-]*)")
MAX_NAMES = 12  # in a hint


def style_sheet(config: Config, sheets: Iterable[Path]) -> str:
    """Return the style sheet of `[theme.variables]`; "" without any. Raises ConfigError.

    A variable must be set or used by one of the theme's style sheets or of the site's own.
    """
    variables = config.theme.variables
    if not variables:
        return ""
    known = tuple(dict.fromkeys([name for path in sheets for name in _properties(path)]))
    problems = [_unknown(name, known, config.file) for name in variables if name not in known]
    if problems:
        raise SeveralErrors.combine(problems)
    lines = [f"  --{name}: {value};\n" for name, value in sorted(variables.items())]
    return f":root {{\n{''.join(lines)}}}\n"


def _properties(sheet: Path) -> Iterator[str]:
    """Yield the custom properties that a style sheet sets or uses, in its order."""
    text = COMMENT.sub(" ", sheet.read_text("utf-8", "replace"))
    yield from (match[1] for match in PROPERTY.finditer(text))


def _unknown(name: str, known: tuple[str, ...], file: Path | None) -> ConfigError:
    """Return the error for a variable that has no effect, with the nearest name."""
    import difflib

    text = file.read_text("utf-8-sig", "replace") if file else ""
    lines = (
        toml_tables.find_line(text, key) for key in (f"theme.variables.{name}", "theme.variables")
    )
    if near := difflib.get_close_matches(name, known, 1, 0.6):
        hint = f"did you mean {near[0]}?"
    elif known:
        more = ", …" if len(known) > MAX_NAMES else ""
        hint = f"there is: {', '.join(known[:MAX_NAMES])}{more}."
    else:
        hint = "the style sheets of the theme have no variables."
    return ConfigError(
        f"[theme.variables] {name} is no variable of the theme",
        path=file,
        line=next(filter(None, lines), None),
        hint=hint,
    )
