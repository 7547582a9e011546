"""Live accounts as sources: they are fetched into the cache before they are read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sitegen.sources import Imported, Options

FOLDER = "bluesky"
Progress = Callable[[str, int, int], None]


class Live:
    """Fetches the accounts that a person names. `plc` and `resolver` are base URLs."""

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
        """Return an account's permanent name and its data; None if the name is not an account's.

        Raises SourceError, ConfigError, BusyError, OutputError.
        """
        from sitegen.sources.bluesky.live import fetch

        account = fetch.account_of(name)
        if account is None:
            return None
        endpoints = fetch.Endpoints(self.resolver, self.plc)
        fetched = fetch.fetch(account, endpoints, self.cache, self.progress, self.say)
        return f"bluesky:{fetched.did}", fetch.imported(fetched, options)
