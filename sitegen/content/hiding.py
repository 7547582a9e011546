"""`hide: true`, the one word that keeps something out of the site: never misread."""

from __future__ import annotations

from collections.abc import Mapping

from sitegen.errors import ContentError
from sitegen.model import Json

HIDE = "hide"


def is_hidden(fields: Mapping[str, Json], path: str, line: int | None = None) -> bool:
    """Tell whether front matter, or a post's line, hides what it describes.

    Raises ContentError for what looks like `hide: true` and is not: what somebody wants
    hidden must not be shown because of how they wrote it.
    """
    for key, value in fields.items():
        if len(key) != len(HIDE) or key.lower() != HIDE:
            continue
        if key == HIDE and isinstance(value, bool):
            return value
        raise ContentError(
            f"{key}: {value!r} is neither shown nor hidden",
            path=path,
            line=line,
            hint="write hide: true or hide: false.",
        )
    return False
