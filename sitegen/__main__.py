"""`python -m sitegen` is `sitegen`."""

from sitegen.cli import process

process()
