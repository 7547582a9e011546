"""One import as a test sees it: what was fetched, what was said, how long it would have waited."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from sitegen.sources.bluesky.live.fetch import Endpoints, Fetched, RetryPolicy, account_of, fetch


@dataclass
class Importing:
    """Imports into one cache; nobody waits, and chance has no part in it."""

    endpoints: Endpoints
    cache: Path
    now: float = 1_800_000_000.0
    waited: list[float] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    progress: list[tuple[str, int, int]] = field(default_factory=list)

    @property
    def patience(self) -> RetryPolicy:
        """Wait in no time at all."""
        return RetryPolicy(self.waited.append, chance=lambda: 0.0, now=lambda: self.now)

    def fetch(self, name: str) -> Fetched:
        """Fetch an account."""
        account = account_of(name)
        assert account is not None
        return fetch(
            account,
            self.endpoints,
            self.cache,
            lambda *step: self.progress.append(step),
            self.said.append,
            self.patience,
        )
