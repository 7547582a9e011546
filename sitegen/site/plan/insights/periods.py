"""Periods: the months, years, decades or centuries in which posts are counted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sitegen.languages.language import Language
from sitegen.site.plan.insights.material import Places
from sitegen.site.plan.insights.scales import Axis, year_ticks
from sitegen.site.views.insights.values import Tick

MONTH, YEAR, DECADE, CENTURY = 1, 12, 120, 1200  # in months
MAX_PERIODS = 60  # of years and more
MIN_YEARS = 3  # whose labels say enough; else the first and the last month have labels


class Periods(NamedTuple):
    """The periods from the first post to the last: their `number`, each of `step` months.

    `first` is the number of the first one, counted from year 0.
    """

    first: int
    number: int
    step: int

    def at(self, month: str) -> int:
        """Return the position of the period that a month, "2025-09", is in, from 0."""
        return _month(month) // self.step - self.first

    def key(self, at: int) -> str:
        """Return the name of a period: "2025-09", "2025", or "2020/2029" (ISO 8601)."""
        month = (self.first + at) * self.step
        year = month // 12
        if self.step == MONTH:
            return f"{year:04}-{month % 12 + 1:02}"
        return f"{year:04}" if self.step == YEAR else f"{year:04}/{year + self.step // 12 - 1:04}"

    def label(self, at: int, language: Language) -> str:
        """Return what a period is called: "September 2025", "2025", "2020–2029"."""
        first, _, last = self.key(at).partition("/")
        if self.step == MONTH:
            return language.month(first)
        return f"{first}–{language.year(last)}" if last else language.year(first)

    def path(self, at: int, places: Places) -> str:
        """Return the site path of the page of a period; "" if there is none."""
        key = self.key(at)
        if self.step == MONTH:
            return places.month(key)
        return places.year(key) if self.step == YEAR else ""

    @property
    def years(self) -> Periods:
        """The years of these months."""
        first, last = self.first // YEAR, (self.first + self.number - 1) // YEAR
        return Periods(first, last - first + 1, YEAR)

    def place(self, at: int, longer: Periods) -> int:
        """Return the position of the longer period, such as a year, that one of these is in."""
        return (self.first + at) * self.step // longer.step - longer.first

    def ticks(self, across: Axis, y: int, language: Language) -> tuple[Tick, ...]:
        """Return labels for some of the periods along an axis."""
        years = self._years
        if self.step == MONTH and len(years) < MIN_YEARS:
            first, last = self.label(0, language), self.label(self.number - 1, language)
            return (
                Tick(first, across.at(0), f"{y}", "start"),
                Tick(last, across.at(1), f"{y}", "end"),
            )
        return year_ticks(years, across, y)

    @property
    def _years(self) -> list[tuple[float, int]]:
        """The years that begin here, each with the middle of its first period on the axis."""
        months = range(self.first * self.step, (self.first + self.number) * self.step, self.step)
        return [
            ((at + 0.5) / self.number, month // 12)
            for at, month in enumerate(months)
            if month % 12 == 0
        ]


def periods(months: Iterable[str], max_months: int) -> Periods | None:
    """Return the periods of some months, "2025-09": longer ones if these are too many.

    None without a month.
    """
    numbers = [_month(name) for name in months]
    if not numbers:
        return None
    first, last = min(numbers), max(numbers)
    if last - first < max_months:
        return Periods(first, last - first + 1, MONTH)
    step = next((s for s in (YEAR, DECADE) if last // s - first // s < MAX_PERIODS), CENTURY)
    return Periods(first // step, last // step - first // step + 1, step)


def _month(name: str) -> int:
    """Return the number of a month, counted from year 0."""
    return int(name[:4]) * 12 + int(name[5:7]) - 1
