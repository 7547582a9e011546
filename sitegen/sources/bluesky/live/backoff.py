"""Back off before retrying: exponentially, or as long as the server asks for."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from datetime import UTC

from msgspec import Struct

FIRST_PAUSE_SECONDS = 0.5
MAX_PAUSE_SECONDS = 30.0
MIN_TIMESTAMP = 1_000_000_000  # a larger `ratelimit-reset` is a Unix time, a smaller one seconds
RETRYABLE_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})


class RetryPolicy(Struct, frozen=True):
    """When to retry a request; `sleep` waits some seconds, `chance` returns 0 to 1.

    If a server asks for more than `limit` seconds, the request fails. Without `sleep`, the caller
    waits by other means.
    """

    sleep: Callable[[float], object] | None = None
    chance: Callable[[], float] = random.SystemRandom().random
    now: Callable[[], float] = time.time
    attempts: int = 5
    limit: float = 600.0

    def pause(self, attempt: int, headers: Mapping[str, str]) -> float:
        """Return the seconds to wait after an attempt (from 0), by the response's headers.

        The server's wish is honoured: `Retry-After` (RFC 9110, 10.2.3), else the reset of
        its rate limit. Otherwise the pause doubles each time, less a random part of up to half, so
        that many clients do not come back at once.
        """
        longest = min(MAX_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * (1 << attempt))
        computed = longest * (1 - self.chance() / 2)
        requested = _requested_pause(headers, self.now())
        return computed if requested is None else max(computed, requested)


def _requested_pause(headers: Mapping[str, str], now: float) -> float | None:
    if "retry-after" in headers:
        return _retry_after(headers["retry-after"], now)
    if headers.get("ratelimit-remaining", "0").strip() == "0" and "ratelimit-reset" in headers:
        reset = _seconds(headers["ratelimit-reset"])
        if reset is not None:
            return max(0.0, reset - now) if reset > MIN_TIMESTAMP else reset
    return None


def _retry_after(text: str, now: float) -> float | None:
    if (seconds := _seconds(text)) is not None:
        return seconds
    from email.utils import parsedate_to_datetime

    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return None
    aware = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, aware.timestamp() - now)


def _seconds(text: str) -> float | None:
    digits = text.strip()
    return float(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else None
