"""The language of tests that need one."""

from pathlib import Path

from sitegen.config.schema import Config
from sitegen.languages import language

ENGLISH = language.load(Config(root=Path()))
