"""How a language writes numbers, dates and plurals, by the Unicode CLDR (from Babel).

English needs no Babel, so that a site in English starts without it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Protocol

from sitegen.languages.versions import is_english

if TYPE_CHECKING:
    from babel import Locale as BabelLocale
    from babel.dates import DateTimePattern

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
CATEGORIES = ("zero", "one", "two", "few", "many", "other")  # of plurals, in the CLDR's order
MAX_CACHED_DAYS = 20_000  # of which archives rarely have more


class Locale(Protocol):
    """The conventions of a language."""

    direction: str
    categories: tuple[str, ...]

    def category(self, count: int) -> str:
        """Return the plural category of a number."""

    def number(self, count: int) -> str:
        """Return a whole number with its grouping of digits."""

    def day(self, when: date) -> str:
        """Return a date with the month's name."""

    def short_day(self, when: date) -> str:
        """Return a date with the abbreviated month."""

    def month(self, when: date) -> str:
        """Return a month and its year."""

    def year(self, number: int) -> str:
        """Return a year as texts have it."""

    def time(self, when: datetime) -> str:
        """Return a time to the minute."""

    def month_name(self, number: int) -> str:
        """Return the name of a month, from 1, alone."""

    def weekday(self, when: date) -> str:
        """Return a day of the week and of the month."""

    def weekday_name(self, number: int) -> str:
        """Return the name of a day of the week, from 0 for Monday, alone."""

    def short_weekday_name(self, number: int) -> str:
        """Return the abbreviated name of a day of the week, from 0 for Monday, alone."""

    def decimal(self, value: float) -> str:
        """Return a number with two decimals."""

    def day_of_year(self, when: date) -> str:
        """Return a day and its month."""

    def moment(self, when: datetime) -> str:
        """Return a date and a time to the minute."""


class English:
    """English: "15 September 2025, 13:24"."""

    direction: str = "ltr"
    categories: tuple[str, ...] = ("one", "other")

    def category(self, count: int) -> str:
        """Return the plural category of a number."""
        return "one" if count == 1 else "other"

    def number(self, count: int) -> str:
        """Return "1,234"."""
        return f"{count:,}"

    def day(self, when: date) -> str:
        """Return "15 September 2025"."""
        return f"{when.day} {MONTHS[when.month - 1]} {when.year}"

    def short_day(self, when: date) -> str:
        """Return "15 Sep 2025"."""
        return f"{when.day} {MONTHS[when.month - 1][:3]} {when.year}"

    def month(self, when: date) -> str:
        """Return "September 2025"."""
        return f"{MONTHS[when.month - 1]} {when.year:04}"

    def year(self, number: int) -> str:
        """Return "2025"."""
        return f"{number:04}"

    def time(self, when: datetime) -> str:
        """Return "13:24"."""
        return f"{when.hour:02}:{when.minute:02}"

    def month_name(self, number: int) -> str:
        """Return "September"."""
        return MONTHS[number - 1]

    def weekday(self, when: date) -> str:
        """Return "Monday 15"."""
        return f"{WEEKDAYS[when.weekday()]} {when.day}"

    def weekday_name(self, number: int) -> str:
        """Return "Monday"."""
        return WEEKDAYS[number]

    def short_weekday_name(self, number: int) -> str:
        """Return "Mon"."""
        return WEEKDAYS[number][:3]

    def decimal(self, value: float) -> str:
        """Return "2.31"."""
        return f"{value:,.2f}"

    def day_of_year(self, when: date) -> str:
        """Return "15 September"."""
        return f"{when.day} {MONTHS[when.month - 1]}"

    def moment(self, when: datetime) -> str:
        """Return "15 September 2025, 13:24"."""
        day = f"{when.day} {MONTHS[when.month - 1]} {when.year}"
        return f"{day}, {when.hour:02}:{when.minute:02}"


class CldrLocale:
    """A language of the CLDR, by the name that Babel gives it."""

    def __init__(self, locale: BabelLocale) -> None:
        self.locale = locale
        self.direction = locale.text_direction
        self.categories = tuple([n for n in CATEGORIES if n in (*locale.plural_form.tags, "other")])
        self._cached_number = lru_cache(maxsize=10_000)(self._number)
        self._cached_day = lru_cache(maxsize=MAX_CACHED_DAYS)(self._day)
        self._cached_short_day = lru_cache(maxsize=MAX_CACHED_DAYS)(self._short_day)

    def category(self, count: int) -> str:
        """Return the plural category of a number."""
        return self.locale.plural_form(count)

    def number(self, count: int) -> str:
        """Return a whole number with its grouping of digits."""
        return self._cached_number(count)

    def day(self, when: date) -> str:
        """Return a date with the month's name."""
        return self._cached_day(when.year, when.month, when.day)

    def short_day(self, when: date) -> str:
        """Return a date with the abbreviated month."""
        return self._cached_short_day(when.year, when.month, when.day)

    def month(self, when: date) -> str:
        """Return a month and its year."""
        return self._by_skeleton("yMMMM", when)

    def year(self, number: int) -> str:
        """Return a year as texts have it."""
        return self._by_skeleton("y", date(number, 1, 1))

    def time(self, when: datetime) -> str:
        """Return a time to the minute."""
        return self._time(when.hour, when.minute)

    def month_name(self, number: int) -> str:
        """Return the name of a month, from 1, alone."""
        return str(self.locale.months["stand-alone"]["wide"][number])

    def weekday(self, when: date) -> str:
        """Return a day of the week and of the month."""
        return str(self._weekday.apply(when, self.locale))

    def weekday_name(self, number: int) -> str:
        """Return the name of a day of the week, from 0 for Monday, alone."""
        return str(self.locale.days["stand-alone"]["wide"][number])

    def short_weekday_name(self, number: int) -> str:
        """Return the abbreviated name of a day of the week, from 0 for Monday, alone."""
        return str(self.locale.days["stand-alone"]["abbreviated"][number])

    def decimal(self, value: float) -> str:
        """Return a number with two decimals."""
        from babel.numbers import format_decimal

        return format_decimal(value, "#,##0.00", locale=self.locale)

    def day_of_year(self, when: date) -> str:
        """Return a day and its month."""
        return self._by_skeleton("MMMMd", when)

    @cached_property
    def _weekday(self) -> DateTimePattern:
        """The pattern of a day of the week, in full, and of the month."""
        from babel.dates import match_skeleton, parse_pattern

        skeletons = self.locale.datetime_skeletons
        pattern = skeletons[match_skeleton("Ed", skeletons) or "Ed"].pattern
        return parse_pattern(re.sub("E+|c+", "EEEE", pattern))

    def moment(self, when: datetime) -> str:
        """Return a date and a time to the minute."""
        return self._glue.format(self.time(when), self.day(when))

    @cached_property
    def _glue(self) -> str:
        """The pattern that joins a time, {0}, and a date, {1}."""
        return str(self.locale.datetime_formats["medium"]).replace("'", "")

    @cached_property
    def _time(self) -> Callable[[int, int], str]:
        from babel.dates import format_time

        return lru_cache(maxsize=2_000)(
            lambda hour, minute: format_time(time(hour, minute), "short", locale=self.locale)
        )

    def _number(self, count: int) -> str:
        from babel.numbers import format_decimal

        return format_decimal(count, locale=self.locale)

    def _day(self, year: int, month: int, day: int) -> str:
        pattern = self.locale.date_formats["long"]  # `format_date` takes four times as long
        return str(pattern.apply(date(year, month, day), self.locale))

    def _short_day(self, year: int, month: int, day: int) -> str:
        return self._by_skeleton("yMMMd", date(year, month, day))

    def _by_skeleton(self, skeleton: str, when: date) -> str:
        if pattern := self.locale.datetime_skeletons.get(skeleton):
            return str(pattern.apply(when, self.locale))
        from babel.dates import format_skeleton

        return format_skeleton(skeleton, when, locale=self.locale)


class NumericLocale(CldrLocale):
    """A language of the CLDR without names of months: "2025-09-15", as ISO 8601 has it."""

    def month(self, when: date) -> str:
        """Return "2025-09"."""
        return f"{when.year:04}-{when.month:02}"

    def month_name(self, number: int) -> str:
        """Return "09"."""
        return f"{number:02}"

    def weekday(self, when: date) -> str:
        """Return "2025-09-15"."""
        return when.isoformat()

    def day_of_year(self, when: date) -> str:
        """Return "09-15"."""
        return f"{when.month:02}-{when.day:02}"

    def moment(self, when: datetime) -> str:
        """Return "2025-09-15 13:24"."""
        return f"{self.day(when)} {when.hour:02}:{when.minute:02}"

    def _day(self, year: int, month: int, day: int) -> str:
        return date(year, month, day).isoformat()

    def _short_day(self, year: int, month: int, day: int) -> str:
        return self._day(year, month, day)


def of_language(tag: str) -> Locale | None:
    """Return the conventions of a language (BCP 47); None if the CLDR does not have it."""
    if is_english(tag):
        return English()
    from babel import Locale as BabelLocale
    from babel import UnknownLocaleError

    for name in reversed(names(tag)):
        try:
            locale = BabelLocale.parse(name, sep="-")
            return CldrLocale(locale) if _has_month_names(locale) else NumericLocale(locale)
        except (UnknownLocaleError, ValueError):
            continue
    return None


def _has_month_names(locale: BabelLocale) -> bool:
    """Tell whether the CLDR has all months of a language; it calls others "M09" and the like."""
    months = [locale.months["format"][width] for width in ("wide", "abbreviated")]
    return not any(name == f"M{number:02}" for names in months for number, name in names.items())


def names(tag: str) -> tuple[str, ...]:
    """Return the first part of a language tag, the first two parts, and so on up to all of it."""
    parts = tag.split("-")
    return tuple(["-".join(parts[:length]) for length in range(1, len(parts) + 1)])
