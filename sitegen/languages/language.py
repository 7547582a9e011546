"""The language of a site as its pages use it: messages, numbers, and times in its time zone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, tzinfo
from functools import cached_property, lru_cache
from pathlib import Path

from msgspec import Struct

from sitegen import timestamps
from sitegen.config import toml_tables
from sitegen.config.schema import Config
from sitegen.digests import hash_bytes
from sitegen.errors import ConfigError, SeveralErrors
from sitegen.languages import BUNDLED, catalog, locales
from sitegen.languages.catalog import COUNT, OTHER, MessageFile, Messages
from sitegen.languages.locales import Locale
from sitegen.languages.versions import package_versions

ENGLISH = "en"
MAX_CACHED_TEXTS = 10_000
MAX_CACHED_TIMES = 1_000
PLACEHOLDER = re.compile(r"\\\{(\w+)\\\}")  # in an escaped message
LEAP_YEAR = 2000  # which has every day of the year
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

    def month_name(self, name: str) -> str:
        """Return the name of a month alone for "2025-09", or for the number of the month."""
        return self.locale.month_name(int(name[-2:]))

    def weekday(self, name: str) -> str:
        """Return the day of the week and of the month for "2025-09-15"."""
        return self.locale.weekday(date.fromisoformat(name))

    def day_of_year(self, name: str) -> str:
        """Return the day and its month for "09-15"."""
        return self.locale.day_of_year(date(LEAP_YEAR, int(name[:2]), int(name[3:])))


def load(config: Config, folders: Sequence[Path] = ()) -> Language:
    """Load the language of a site. Raises ConfigError.

    A message comes from the last of `folders` that has it, which are those of themes and then the
    site's own, else from sitegen. In the file of a region, "de-AT", it comes before that of the
    whole language.
    """
    tag = config.site.language
    _check_timezone(config)
    names = [*dict.fromkeys((ENGLISH, *locales.names(tag)))]
    places = (BUNDLED, *folders)
    files = {name: [*_read(name, places)] for name in names}
    own = [file for name in locales.names(tag) for file in files[name]]
    locale = locales.of_language(tag)
    if not own and locale:
        raise _no_messages(config, folders)
    if locale is None:
        raise _error(config, "language", "dates and plurals of the language %s are not known",
                     "choose a language of the CLDR.")  # fmt: skip
    english = _merge(files[ENGLISH])
    _check(own, english, locale)
    if ENGLISH not in locales.names(tag):
        of_themes = [file for file in files[ENGLISH] if file.path.parent != BUNDLED]
        _check(of_themes, english, locales.English())
    messages = _merge(own)
    warnings = tuple(_missing(files[ENGLISH], messages, own))
    versions = package_versions(config.site)
    return Language(tag, english | messages, config.site.timezone, warnings, versions)


def _read(name: str, places: Iterable[Path]) -> Iterator[MessageFile]:
    """Read the message files of a language in several folders."""
    wanted = f"{name}{catalog.ENDING}".casefold()
    for place in places:
        if place.is_dir():
            for path in sorted(place.iterdir()):
                if path.name.casefold() == wanted:
                    yield catalog.read(path)


def _merge(files: Iterable[MessageFile]) -> Messages:
    messages: Messages = {}
    for file in files:
        messages |= file.messages
    return messages


def _check(files: Iterable[MessageFile], english: Messages, locale: Locale) -> None:
    """Check message files. Raises ConfigError for all mistakes at once."""
    mistakes = [
        mistake
        for file in files
        for mistake in catalog.find_mistakes(file, english, locale.categories)
    ]
    if mistakes:
        raise SeveralErrors.combine(mistakes)


def _missing(
    english: Iterable[MessageFile], messages: Messages, own: Sequence[MessageFile]
) -> Iterator[str]:
    """Yield a warning for each English file of which the language `own` lacks messages.

    A theme's are missing in the file beside it, sitegen's in the site's own file.
    """
    for file in english:
        if missing := sorted(file.messages.keys() - messages.keys()):
            is_theme = file.path.parent != BUNDLED
            place = file.path.with_name(own[0].path.name) if is_theme else own[-1].path
            some = ", ".join(missing[:3]) + (", ..." if len(missing) > 3 else "")
            what = "1 message is" if len(missing) == 1 else f"{len(missing)} messages are"
            yield f"{place}: {what} missing, and shown in English: {some}"


def clock(config: Config) -> Callable[[str | None], datetime | None]:
    """Return a function from a time to that on the clock of the site. Raises ConfigError."""
    _check_timezone(config)
    return Language(config.site.language, {}, config.site.timezone).local


def _check_timezone(config: Config) -> None:
    """Check that there is the time zone of the site. Raises ConfigError."""
    name = config.site.timezone
    if not name:
        return
    from sitegen.languages import zones

    if name not in zones.names():
        raise _error(config, "timezone", "there is no time zone %s", zones.advice(name))


def _no_messages(config: Config, folders: Sequence[Path]) -> ConfigError:
    known = {*catalog.bundled_languages()}
    known |= {path.stem for place in folders for path in place.glob(f"*{catalog.ENDING}")}
    tag = config.site.language
    hint = (
        f"there is: {', '.join(sorted(known))}; for another, run"
        f" `sitegen new --messages {tag}` and translate the file."
    )
    return _error(config, "language", "there are no messages in the language %s", hint)


def _error(config: Config, key: str, what: str, hint: str) -> ConfigError:
    """Return an error about a setting of `[site]`, with its line."""
    value = toml_tables.quote(getattr(config.site, key))
    line = None
    if config.file is not None:
        line = toml_tables.find_line(config.file.read_text("utf-8-sig"), f"site.{key}")
    return ConfigError(what % value, path=config.file, line=line, hint=hint)
