"""Create a message file for a language that sitegen has no messages of, to be translated."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from sitegen import files
from sitegen.config.validation import is_language
from sitegen.errors import UsageError
from sitegen.languages import BUNDLED, catalog, locales
from sitegen.languages.catalog import OTHER

_PLURAL = re.compile(r"(\w+) = \{")
_HEAD = """\
# The words of the site in {tag}. Translate the texts between the quotes, and keep {{placeholders}}.
# Then write language = "{tag}" under [site] in sitegen.toml.
"""


def create_messages(folder: Path, tag: str) -> Path:
    """Create `TAG.toml` in a site's folder of messages; return its path. Raises UsageError."""
    if not is_language(tag):
        raise UsageError(
            f"not a language tag: {tag!r}", hint='write it like "pl" or "pt-BR" (BCP 47).'
        )
    if tag in catalog.bundled_languages():
        what = f"sitegen has the words in {tag!r} already"
        hint = f"write into {folder.name}/{tag}.toml only those that you change."
        raise UsageError(what, hint=hint)
    locale = locales.of_language(tag)
    if locale is None:
        what = f"the plurals and dates of {tag!r} are not known"
        raise UsageError(what, hint="choose a language of the CLDR.")
    path = folder / f"{tag}{catalog.ENDING}"
    if os.path.lexists(path):
        raise UsageError("exists already", path=path, hint="translate that file, or delete it.")
    files.write(path, render(tag, locale.categories).encode(), folder.parent)
    return path


def render(tag: str, categories: Sequence[str]) -> str:
    """Return the English messages, with a text for each plural category of another language."""
    english = (BUNDLED / f"en{catalog.ENDING}").read_text("utf-8")
    lines = english.split("\n")
    first_table = next(at for at, line in enumerate(lines) if line.startswith("["))
    return _HEAD.format(tag=tag) + "\n" + "\n".join(_lines(lines[first_table:], categories))


def _lines(lines: Sequence[str], categories: Sequence[str]) -> Iterator[str]:
    messages, table = catalog.read_bundled(catalog.ENGLISH).messages, ""
    for line in lines:
        if line.startswith("["):
            table = line.strip("[]")
        plural = _PLURAL.match(line)
        message = messages[f"{table}.{plural[1]}"] if plural else None
        if plural is None or not isinstance(message, dict):
            yield line
            continue
        texts = {name: message.get(name, message[OTHER]) for name in categories}
        forms = ", ".join(
            f"{name} = {json.dumps(text, ensure_ascii=False)}" for name, text in texts.items()
        )
        yield f"{plural[1]} = {{ {forms} }}"
