"""Back off before retrying: exponentially, or as long as the server asks for."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from datetime import UTC

from msgspec import Struct

FIRST = 0.5  # seconds
MAX_PAUSE_SECONDS = 30.0
NOT_BEFORE = 1_000_000_000  # above this a reset is a moment, otherwise seconds from now
AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})


class Patience(Struct, frozen=True):
    """How often to retry and how to wait; `sleep` waits some seconds, `chance` returns 0 to 1.

    If a server wants more than `limit` seconds, the request fails. Without `sleep` the caller
    waits in its own way.
    """

    sleep: Callable[[float], object] | None = None
    chance: Callable[[], float] = random.SystemRandom().random
    now: Callable[[], float] = time.time
    attempts: int = 5
    limit: float = 600.0

    def pause(self, attempt: int, headers: Mapping[str, str]) -> float:
        """Return the seconds to wait after an attempt (from 0), by the response's headers.

        A request of the server is honoured: `Retry-After` (RFC 9110, 10.2.3), else the reset of
        its rate limit. Otherwise the pause doubles each time, less a random part of up to half, so
        that many clients do not come back at once.
        """
        longest = min(MAX_PAUSE_SECONDS, FIRST * (1 << attempt))
        own = longest * (1 - self.chance() / 2)
        asked = _asked(headers, self.now())
        return own if asked is None else max(own, asked)


def _asked(headers: Mapping[str, str], now: float) -> float | None:
    if "retry-after" in headers:
        return _after(headers["retry-after"], now)
    if headers.get("ratelimit-remaining", "0").strip() == "0" and "ratelimit-reset" in headers:
        reset = _seconds(headers["ratelimit-reset"])
        if reset is not None:
            return max(0.0, reset - now) if reset > NOT_BEFORE else reset
    return None


def _after(text: str, now: float) -> float | None:
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
