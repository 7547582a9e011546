"""The language of a site as its pages use it: messages, numbers, and times in its time zone."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, tzinfo
from functools import cached_property, lru_cache

from msgspec import Struct

from sitegen import timestamps
from sitegen.digests import hash_bytes
from sitegen.languages import catalog, locales
from sitegen.languages.catalog import COUNT, ENGLISH, OTHER, Messages
from sitegen.languages.direction import is_left_to_right
from sitegen.languages.locales import Locale

MAX_CACHED_TEXTS = 10_000
MAX_CACHED_TIMES = 1_000
PLACEHOLDER = re.compile(r"\\\{(\w+)\\\}")  # in an escaped message
LEAP_YEAR = 2000  # which has every day of the year
FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"
DATE_LENGTH = len("2025-09-15")


class Language(Struct, frozen=True, dict=True):
    """The language of a site: its tag (BCP 47), its messages by key, and the site's time zone.

    Without a time zone, times are shown on the clock that their source used. `warnings` are about
    messages that the language lacks, which are in English. `versions` are those of the packages
    that dates and plurals come from.
    """

    tag: str
    messages: Messages
    timezone: str = ""
    warnings: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()

    @cached_property
    def locale(self) -> Locale:
        """The conventions of the language."""
        return locales.of_language(self.tag) or locales.English()

    @cached_property
    def zone(self) -> tzinfo | None:
        """The time zone, if the site has one."""
        if not self.timezone:
            return None
        from sitegen.languages import zones

        return zones.load(self.timezone)

    @cached_property
    def fingerprint(self) -> bytes:
        """A digest of all that pages and titles depend on."""
        return hash_bytes(repr((self.tag, self.messages, self.timezone, self.versions)).encode())

    @property
    def direction(self) -> str:
        """The direction of writing, "ltr" or "rtl"."""
        return self.locale.direction

    def text(self, key: str, count: int | None = None, **values: object) -> str:
        """Return a message with its placeholders filled in.

        `count` chooses the plural form. Raises LookupError for an unknown key.
        """
        numbers = [(name, value) for name, value in values.items() if isinstance(value, int)]
        if len(numbers) == len(values):
            return self.text_of_numbers(key, count, tuple(numbers))
        return self.fill(key, self.pattern(key, count), self.format_values(values, count))

    def fill(self, key: str, pattern: str, values: Mapping[str, object]) -> str:
        """Return a message's text with the values of its placeholders. Raises LookupError."""
        try:
            return pattern.format(**values)
        except KeyError as error:
            what = f"the message {key!r} has the placeholder {{{error.args[0]}}}"
            raise LookupError(f"{what}, for which nothing is given here") from error

    def pattern(self, key: str, count: int | None = None) -> str:
        """Return a message with its placeholders. Raises LookupError for an unknown key."""
        message = self.messages.get(key)
        if message is None:
            hint = catalog.similar_key(key, self.messages)
            raise LookupError(f"there is no message {key!r}{hint}")
        if isinstance(message, str):
            return message
        if count is None:
            raise LookupError(f"the message {key!r} needs a count")
        return message.get(self.locale.category(count)) or message[OTHER]

    def format_values(self, values: Mapping[str, object], count: int | None) -> dict[str, object]:
        """Return the values of placeholders, with numbers as the language writes them."""
        numbers = values if count is None else {**values, COUNT: count}
        return {k: self.number(v) if type(v) is int else v for k, v in numbers.items()}

    def doubt(self, reason: str) -> str:
        """Return the reason for a doubt about a post, which content/ has in English."""
        for pattern, key in self._doubts:
            if match := pattern.fullmatch(reason):
                return self.text(key, None, **match.groupdict())
        return reason

    @cached_property
    def _doubts(self) -> list[tuple[re.Pattern[str], str]]:
        """The reasons in English as patterns, and the keys of their messages."""
        english = catalog.read_bundled(ENGLISH).messages
        texts = {key: str(text) for key, text in english.items() if key.startswith("doubt.")}
        return [
            (re.compile(PLACEHOLDER.sub(r"(?P<\1>.+)", re.escape(text)), re.S), key)
            for key, text in texts.items()
        ]

    @cached_property
    def text_of_numbers(self) -> Callable[..., str]:
        """A cached `text` for a message whose values are numbers, given as pairs with their names.

        Other values, such as titles and links, rarely repeat.
        """

        def text(key: str, count: int | None, values: tuple[tuple[str, int], ...] = ()) -> str:
            shown = self.format_values(dict(values), count)
            return self.fill(key, self.pattern(key, count), shown)

        return lru_cache(maxsize=MAX_CACHED_TEXTS)(text)

    def isolated(self, name: str) -> str:
        """Return a name that keeps its own direction within a text without markup.

        Without the marks, the "@" of a handle would be at its end on a page from right to left, and
        a number that follows an Arabic name would be in front of it on any other.
        """
        if not name or (self.direction == "ltr" and is_left_to_right(name)):
            return name
        return f"{FIRST_STRONG_ISOLATE}{name}{POP_ISOLATE}"

    def number(self, count: int) -> str:
        """Return a whole number with its grouping of digits."""
        return self.locale.number(count)

    @cached_property
    def local(self) -> Callable[[str | None], datetime | None]:
        """A function from a time to that on the clock of the site; None if it is not readable.

        Without a time zone it is on the clock of its source. A page shows the same time several
        times: with and without its date.
        """

        def local(iso: str | None) -> datetime | None:
            when = timestamps.parse(iso)
            return self.at(when) if when and self.timezone else when

        return lru_cache(maxsize=MAX_CACHED_TIMES)(local)

    def at(self, when: datetime) -> datetime:
        """Return a time on the clock of the site; without a zone it stays as it is."""
        if when.tzinfo is None or self.zone is None:
            return when
        try:
            return when.astimezone(self.zone)
        except OverflowError:  # the first or last day of Python's calendar
            return when

    def day(self, iso: str | None) -> str:
        """Return a date with the month's name; "" if the time cannot be read."""
        when = self.local(iso)
        return self.locale.day(when) if when else ""

    def short_day(self, iso: str | None) -> str:
        """Return a date with the abbreviated month; "" if the time cannot be read."""
        when = self.local(iso)
        return self.locale.short_day(when) if when else ""

    def moment(self, iso: str | None) -> str:
        """Return a date and a time to the minute; the date alone where the source has no more."""
        when = self.local(iso)
        if when is None:
            return ""
        if len(iso or "") <= DATE_LENGTH:
            return self.locale.day(when)
        return self.locale.moment(when)

    def time(self, iso: str | None) -> str:
        """Return the time to the minute; "" where the source has only a date or none."""
        when = self.local(iso)
        return self.locale.time(when) if when and len(iso or "") > DATE_LENGTH else ""

    def date(self, iso: str | None) -> date | None:
        """Return the day of a time; None if it cannot be read."""
        when = self.local(iso)
        return when.date() if when else None

    def month(self, name: str) -> str:
        """Return a month and its year for "2025-09"."""
        return self.locale.month(date(int(name[:4]), int(name[5:7]), 1))

    def year(self, name: str) -> str:
        """Return a year as texts have it, such as "2025年" for "2025"."""
        return self.locale.year(int(name))

    def month_name(self, name: str) -> str:
        """Return the name of a month alone for "2025-09", or for the number of the month."""
        return self.locale.month_name(int(name[-2:]))

    def weekday(self, name: str) -> str:
        """Return the day of the week and of the month for "2025-09-15"."""
        return self.locale.weekday(date.fromisoformat(name))

    def day_of_year(self, name: str) -> str:
        """Return the day and its month for "09-15"."""
        return self.locale.day_of_year(date(LEAP_YEAR, int(name[:2]), int(name[3:])))
