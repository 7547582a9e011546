"""Load sitegen.toml into a frozen Config, once per command."""

from __future__ import annotations

import os
from pathlib import Path

from sitegen.config import collections, people, queries, toml_tables, validation
from sitegen.config.schema import TABLES, Config
from sitegen.errors import ConfigError, SeveralErrors, UsageError

DEFAULT_NAME = "sitegen.toml"


def load(path: Path | None, output: Path | None = None, base_url: str = "") -> Config:
    """Load a config file (default: `sitegen.toml` in the current folder, if it exists).

    `output` and `base_url`, if given, override the settings of these names. Raises ConfigError if
    the given file is missing, for invalid TOML, an unknown key, a wrong type or value; UsageError
    for an invalid URL or folder.
    """
    config = _read(path)
    if base_url:
        if not validation.is_base_url(base_url):
            raise UsageError(f"not an address: {base_url!r}", hint=validation.BASE_URL_HINT)
        config = config._replace(site=config.site._replace(base_url=base_url))
    if output is not None:
        config = config._replace(paths=config.paths._replace(output=os.path.abspath(output)))
    for message, hint in validation.find_overlaps(config):
        raise UsageError(message, path=config.file, hint=hint)
    return config


def find_in_parents(folder: Path) -> Path | None:
    """Return the nearest sitegen.toml in the parent folders."""
    candidates = (parent / DEFAULT_NAME for parent in folder.absolute().parents)
    return next((path for path in candidates if path.is_file()), None)


def _read(path: Path | None) -> Config:
    config_path = path or Path(DEFAULT_NAME)
    try:
        text = config_path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        if path is None:
            return Config(root=Path())
        raise ConfigError("no such file", path=path, hint="check --config.") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ConfigError(
            "not UTF-8", path=config_path, line=line, hint="save it as UTF-8."
        ) from error
    except OSError as error:
        message = f"cannot be read: {error.strerror or error}"
        raise ConfigError(message, path=config_path, hint="check the file.") from error
    return parse(text, config_path)


def parse(text: str, path: Path) -> Config:
    """Parse the text of a config file. Raises ConfigError."""
    tables = toml_tables.parse_toml(text, path)
    owners = people.read_people(tables.pop(people.TABLE, []), text, path)
    listings = collections.read_collections(tables.pop(collections.TABLE, []), text, path)
    known = {**TABLES, people.TABLE: None, collections.TABLE: None}
    toml_tables.check_keys(tables, known, "", text, path)
    parts = {
        attribute: toml_tables.to_named_tuple(kind, tables.get(name, {}), name, text, path)
        for name, (attribute, kind) in TABLES.items()
    }
    config = Config(root=path.parent, file=path, people=owners, collections=listings, **parts)
    problems = [
        ConfigError(what, path=path, line=toml_tables.find_line(text, key), hint=hint)
        for key, what, hint in (*validation.find_mistakes(config), *queries.find_mistakes(config))
    ]
    of_tables = (
        *people.find_mistakes(owners, config.site.account),
        *collections.find_mistakes(listings),
    )
    problems += [
        ConfigError(what, path=path, line=line, hint=hint) for line, what, hint in of_tables
    ]
    if problems:
        raise SeveralErrors.combine(problems)
    return config
