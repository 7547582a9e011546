"""How many examples a law gets whose every example takes long: imports or builds of archives."""

from __future__ import annotations

from hypothesis import settings

LONG_RUN = 1000  # from here on, somebody has the patience for all
EXAMPLES = settings().max_examples

# Half of what other laws get, at one's desk and in `.ci/run`.
long_law = settings() if EXAMPLES >= LONG_RUN else settings(max_examples=EXAMPLES // 2)
# Three times as many, for examples that take next to no time.
short_law = settings(max_examples=3 * EXAMPLES)
