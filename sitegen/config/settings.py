"""Load sitegen.toml, once, into a frozen Config that is passed on from there."""

from __future__ import annotations

import os
from pathlib import Path

from sitegen.config import toml_tables, validation
from sitegen.config.schema import TABLES, Config
from sitegen.errors import ConfigError, SeveralErrors, UsageError

DEFAULT_NAME = "sitegen.toml"


def load(path: Path | None, output: Path | None = None, base_url: str = "") -> Config:
    """Read a config file; with None, `sitegen.toml` here, or the defaults.

    `output` and `base_url`, where given, override what the file says. Raises ConfigError for
    a missing named file, broken TOML, an unknown key, a wrong type or value; UsageError for
    an address or a folder that cannot be one.
    """
    config = _read(path)
    if base_url:
        if not validation.is_address(base_url):
            raise UsageError(f"not an address: {base_url!r}", hint=validation.ADDRESS_HINT)
        config = config._replace(site=config.site._replace(base_url=base_url))
    if output is not None:
        config = config._replace(paths=config.paths._replace(output=os.path.abspath(output)))
    for what, hint in validation.mixed_up(config):
        raise UsageError(what, path=config.file, hint=hint)
    return config


def find_above(folder: Path) -> Path | None:
    """Return the nearest sitegen.toml in the parent folders."""
    found = (parent / DEFAULT_NAME for parent in folder.absolute().parents)
    return next((path for path in found if path.is_file()), None)


def _read(path: Path | None) -> Config:
    chosen = path or Path(DEFAULT_NAME)
    try:
        text = chosen.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        if path is None:
            return Config(root=Path())
        raise ConfigError("no such file", path=path, hint="check --config.") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ConfigError("not UTF-8", path=chosen, line=line, hint="save it as UTF-8.") from error
    except OSError as error:
        what = f"cannot be read: {error.strerror or error}"
        raise ConfigError(what, path=chosen, hint="check the file.") from error
    return parse(text, chosen)


def parse(text: str, path: Path) -> Config:
    """Parse the text of a config file. Raises ConfigError."""
    found = toml_tables.read(text, path)
    toml_tables.refuse_unknown(found, TABLES, "", text, path)
    parts = {
        attribute: toml_tables.table(kind, found.get(name, {}), name, text, path)
        for name, (attribute, kind) in TABLES.items()
    }
    config = Config(root=path.parent, file=path, **parts)
    problems = [
        ConfigError(what, path=path, line=toml_tables.line_of(text, key), hint=hint)
        for key, what, hint in validation.mistakes(config)
    ]
    if problems:
        raise SeveralErrors.combine(problems)
    return config
