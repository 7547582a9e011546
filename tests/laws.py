"""How many examples a law gets whose every example takes long: imports or builds of archives."""

from __future__ import annotations

from hypothesis import settings

MANY = 100  # from here on, somebody has the patience for all
FEW = 6

# At one's desk half of what other laws get; as many as these where nobody waits, as in `.ci/run`.
long_law = settings() if settings().max_examples >= MANY else settings(max_examples=FEW)
