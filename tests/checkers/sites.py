"""The sites that the tests check, built in a theme and a language."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from sitegen.config import settings as configs
from sitegen.config.schema import Theme
from sitegen.site import build as builds

from . import odd_site
from .built_site import BuiltSite

TESTS = Path(__file__).parent.parent
GOLDEN = ("related", "small")  # of tests/sites


def write_sample(folder: Path) -> None:
    """Copy the sample site."""
    shutil.copytree(TESTS.parent / "content", folder / "content")
    shutil.copy(TESTS.parent / "sitegen.toml", folder)


def write_golden(name: str, folder: Path) -> None:
    """Copy the sources of a site whose output is known byte for byte."""
    shutil.copytree(TESTS / "sites" / name / "content", folder / "content")
    shutil.copy(TESTS / "sites" / name / "sitegen.toml", folder)


SOURCES: Mapping[str, Callable[[Path], None]] = {"sample": write_sample, "odd": odd_site.write}


def build(folder: Path, theme: str, language: str) -> BuiltSite:
    """Build the sources in a folder."""
    config = configs.load(folder / "sitegen.toml")
    config = config._replace(
        site=config.site._replace(language=language),
        theme=Theme(theme, config.theme.variables),
        build=config.build._replace(jobs=1),
    )
    builds.build(config)
    return BuiltSite(config.output)
