"""Read message files: the words of a site in one language (TOML), and check them.

"count.posts" is the message `posts` in the table `[count]`. A message is a text with
`{placeholders}`, or a table of texts by plural category, of which `other` is required
(https://cldr.unicode.org/index/cldr-spec/plural-rules).
"""

from __future__ import annotations

import difflib
import string
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from sitegen.config import toml_tables
from sitegen.errors import ConfigError, SeveralErrors
from sitegen.languages import BUNDLED
from sitegen.languages.locales import CATEGORIES

Message = str | dict[str, str]
Messages = dict[str, Message]
ENGLISH = "en"
OTHER = "other"
COUNT = "count"
ENDING = ".toml"


class MessageFile(NamedTuple):
    """A message file: its path, its text and its messages by key."""

    path: Path
    text: str
    messages: Messages

    def error(self, key: str, what: str, hint: str) -> ConfigError:
        """Return an error about one message, with its line."""
        line = toml_tables.find_line(self.text, key)
        return ConfigError(f"{key} {what}", path=self.path, line=line, hint=hint)


def read(path: Path) -> MessageFile:
    """Read a message file. Raises ConfigError, which names each message that is not valid."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, ValueError) as error:
        what = f"cannot be read: {error}"
        raise ConfigError(what, path=path, hint="save it as UTF-8.") from error
    return _parse(path, text)


# A tenth of the time of a small build, which a preview repeats with the same few files.
@lru_cache(maxsize=16)
def _parse(path: Path, text: str) -> MessageFile:
    file = MessageFile(path, text, {})
    errors = [
        file.error(key, *mistake)
        for key, value in _flatten(toml_tables.parse_toml(text, path))
        if (mistake := _add(file.messages, key, value))
    ]
    if errors:
        raise SeveralErrors.combine(errors)
    return file


def bundled_languages() -> tuple[str, ...]:
    """Return the tags of the languages that sitegen has messages of."""
    return tuple(sorted(path.stem for path in BUNDLED.glob(f"*{ENDING}")))


def read_bundled(tag: str) -> MessageFile:
    """Read the messages that sitegen has of a language."""
    return read(BUNDLED / f"{tag}{ENDING}")


def find_mistakes(
    file: MessageFile, patterns: Mapping[str, Message], categories: Collection[str]
) -> Iterator[ConfigError]:
    """Yield what is wrong with messages, compared with those of the same keys in English.

    A message may leave out placeholders, but not have others. One with plural categories needs
    those of the language, and may not have others. Keys that English does not have are those of a
    theme or a site.
    """
    for key, message in file.messages.items():
        pattern = patterns.get(key)
        table, _, name = key.rpartition(".")
        if isinstance(patterns.get(table), dict):
            hint = f"this language has {', '.join(_in_order(categories))}."
            yield file.error(table, f"has the unknown plural category {name}", hint)
        if isinstance(message, dict):
            for mistake in _mistakes_in_categories(message, categories):
                yield file.error(key, *mistake)
        if pattern is None or pattern == message:
            continue
        if isinstance(message, dict) and isinstance(pattern, str):
            yield file.error(key, "has no number", "write one text.")
        if unknown := placeholders(message) - placeholders(pattern):
            known = ", ".join(f"{{{name}}}" for name in sorted(placeholders(pattern))) or "none"
            what = f"has the unknown placeholder {{{min(unknown)}}}"
            yield file.error(key, what, f"this message has {known}.")


def _mistakes_in_categories(
    texts: Collection[str], categories: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the plural categories of a message, and a hint."""
    hint = f"this language has {', '.join(_in_order(categories))}"
    if missing := {*categories} - {*texts}:
        yield f"has no text for {', '.join(_in_order(missing))}", f"{hint}."
    for name in texts:
        if name not in categories:
            what = f"has the plural category {name}, which is never used"
            yield what, f"{hint}: rename or delete it."


def placeholders(message: Message) -> set[str]:
    """Return the names of a message's placeholders."""
    texts = message.values() if isinstance(message, dict) else (message,)
    return {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}


def similar_key(key: str, known: Collection[str]) -> str:
    """Return the hint that names a known message with a similar key; "" if there is none."""
    close = difflib.get_close_matches(key, known, 1, 0.6)
    return f"; do you mean {close[0]!r}?" if close else ""


def _flatten(tables: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    """Yield the messages of nested tables with their keys, joined by dots.

    A table with the name of a plural category is a message, whose other names are mistakes.
    """
    for name, value in tables.items():
        key = f"{prefix}{name}"
        if isinstance(value, dict) and value.keys().isdisjoint(CATEGORIES):
            yield from _flatten(value, f"{key}.")
        else:
            yield key, value


def _add(messages: Messages, key: str, value: object) -> tuple[str, str] | None:
    """Add a message; return what is wrong and a hint if it is not valid."""
    texts = {str(k): v for k, v in value.items()} if isinstance(value, dict) else {OTHER: value}
    if unknown := [name for name in texts if name not in CATEGORIES]:
        what = f"has the unknown plural category {unknown[0]}"
        return what, f"there is: {', '.join(CATEGORIES)}."
    if OTHER not in texts:
        return "has no text for other", "the category `other` is required."
    valid: dict[str, str] = {}
    for category, text in texts.items():
        if not isinstance(text, str):
            return f"must be a text, not {toml_tables.quote(text)}", 'write it in "quotes".'
        if mistake := _mistake_in_placeholders(text):
            return mistake
        valid[category] = text
    messages[key] = valid if isinstance(value, dict) else valid[OTHER]
    return None


def _mistake_in_placeholders(text: str) -> tuple[str, str] | None:
    """Return what is wrong with the placeholders of a text, and a hint."""
    hint = "write placeholders like {count}, and {{ for a brace."
    try:
        fields = [*string.Formatter().parse(text)]
    except ValueError:
        return "has braces that do not match", hint
    for _, name, form, conversion in fields:
        if name is None:
            continue
        written = name + (f"!{conversion}" if conversion else "") + (f":{form}" if form else "")
        if not name.isidentifier():
            return f"has a placeholder that is not a name: {{{written}}}", hint
        if form or conversion:
            hint = f"write {{{name}}}; numbers are written as the language does."
            return f"has a placeholder with a format: {{{written}}}", hint
    return None


def _in_order(categories: Collection[str]) -> list[str]:
    return [name for name in CATEGORIES if name in categories]
