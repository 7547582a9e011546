"""Load the language of a site: its messages from sitegen, themes and the site, and its clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from sitegen.config import toml_tables
from sitegen.config.schema import Config
from sitegen.errors import ConfigError, SeveralErrors
from sitegen.languages import BUNDLED, catalog, locales
from sitegen.languages.catalog import ENGLISH, MessageFile, Messages
from sitegen.languages.language import Language
from sitegen.languages.locales import Locale
from sitegen.languages.versions import package_versions


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
