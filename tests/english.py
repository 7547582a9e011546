"""The language of tests that need one."""

from pathlib import Path

from sitegen.config.schema import Config
from sitegen.languages import site_language

ENGLISH = site_language.load(Config(root=Path()))
