"""Checkers that others made, run over a built site: `python -m tests.checkers public`."""
