"""Scales: where a number is in a chart, and which numbers its axes name."""

from __future__ import annotations

import math
from typing import NamedTuple

from sitegen.languages.language import Language
from sitegen.site.views.insights.values import Tick

YEAR_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000)
MAX_TICKS = 6


class Axis(NamedTuple):
    """An axis across a chart from `start` to `end`, both in percent of its width.

    Where the site is written from right to left, `start` is on the right.
    """

    start: float
    end: float

    def at(self, part: float) -> str:
        """Return the place of a part of the axis, 0 to 1, as an attribute has it: "12.5%"."""
        return f"{round(self.start + (self.end - self.start) * part, 2):g}%"


def axis(direction: str, start: float = 0, end: float = 100) -> Axis:
    """Return an axis in the direction of a language, "ltr" or "rtl"."""
    return Axis(start, end) if direction == "ltr" else Axis(100 - start, 100 - end)


def log_part(value: float, greatest: float) -> float:
    """Return where a value from 1 to `greatest` is on a logarithmic axis, 0 to 1."""
    return math.log(value) / math.log(greatest) if greatest > 1 else 0.0


def powers_of_ten(greatest: int) -> list[int]:
    """Return the powers of ten from 1 to a number, as a logarithmic axis names them."""
    return [10**exponent for exponent in range(len(str(greatest)))]


def share(part: int, whole: int) -> int:
    """Return a part of a whole in percent, rounded; 0 of nothing."""
    return (200 * part + whole) // (2 * whole) if whole else 0


def percent(part: int, whole: int, language: Language) -> str:
    """Return a part of a whole in percent as sentences say it, without the sign.

    A small part is not nothing, and most is not all: these are "<1" and ">99".
    """
    number = share(part, whole)
    if part and not number:
        return f"<{language.number(1)}"
    if part < whole and number == 100:
        return f">{language.number(99)}"
    return language.number(number)


def year_ticks(years: list[tuple[float, int]], across: Axis, y: int) -> tuple[Tick, ...]:
    """Return labels for some of the years that begin at these parts of an axis.

    The years named are multiples of a round number, and not more than an axis has room for.
    """
    numbers = [number for _, number in years]
    step = next(
        (s for s in YEAR_STEPS if sum(n % s == 0 for n in numbers) <= MAX_TICKS), YEAR_STEPS[-1]
    )
    return tuple([Tick(f"{n:04}", across.at(p), f"{y}") for p, n in years if n % step == 0])
