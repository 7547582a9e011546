"""Fetch live accounts into the cache, to read them as sources."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sitegen.sources import Imported, Options

FOLDER = "bluesky"
Progress = Callable[[str, int, int], None]


class AccountFetcher:
    """Fetches accounts by name. `plc` and `resolver` are the base URLs of the services."""

    def __init__(
        self,
        cache: Path,
        resolver: str,
        plc: str,
        progress: Progress = lambda what, done, total: None,
        say: Callable[[str], None] = lambda line: None,
    ) -> None:
        self.cache = cache / FOLDER
        self.resolver = resolver
        self.plc = plc
        self.progress = progress
        self.say = say

    def __call__(self, name: str, options: Options) -> tuple[str, Imported] | None:
        """Fetch an account; return its permanent name and its data, or None for any other name.

        Raises SourceError, ConfigError, BusyError, OutputError.
        """
        from sitegen.sources.bluesky.live import fetch

        account = fetch.account_of(name)
        if account is None:
            return None
        endpoints = fetch.Endpoints(self.resolver, self.plc)
        fetched = fetch.fetch(account, endpoints, self.cache, self.progress, self.say)
        return f"bluesky:{fetched.did}", fetch.imported(fetched, options)
