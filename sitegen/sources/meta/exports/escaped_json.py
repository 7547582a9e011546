r"""Decode Meta's JSON, whose strings have every byte escaped separately.

The UTF-8 bytes of a character are written as if each were a character of Latin-1, keys
included: `"\u00c3\u00a9"` means "é".
"""

from __future__ import annotations

import json
from pathlib import Path

from msgspec import Struct

from sitegen.errors import SourceError
from sitegen.formats.json_text import parse_finite, reject_constant
from sitegen.model import Json
from sitegen.sources import Oddity, Repair

_HINT = "download the export again, as JSON, and see that it is whole."


class RepairCounts(Struct):
    """How many texts were decoded, and how many were left unchanged."""

    texts: int = 0
    unexplained: int = 0

    def repairs(self) -> tuple[Repair, ...]:
        """Return the report on decoded texts."""
        kind = "byte escapes put together to characters"
        return (Repair(kind, self.texts),) if self.texts else ()

    def oddities(self) -> tuple[Oddity, ...]:
        """Return the report on texts that no byte escapes explain."""
        what = "texts with Latin-1 characters that are no bytes of UTF-8, kept as they are"
        return (Oddity(what, self.unexplained),) if self.unexplained else ()


def decode(data: bytes, path: Path | str, counts: RepairCounts) -> Json:
    """Decode a file of an export, with all its texts and keys. Raises SourceError."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SourceError("is not UTF-8", path=path, line=line, hint=_HINT) from error
    try:
        return _whole(
            json.loads(text, parse_constant=reject_constant, parse_float=parse_finite), counts
        )
    except json.JSONDecodeError as error:
        what = f"is not JSON: {error.msg}"
        raise SourceError(what, path=path, line=error.lineno, hint=_HINT) from error
    except (ValueError, RecursionError) as error:
        what = (
            "is nested too deep" if isinstance(error, RecursionError) else f"is not JSON: {error}"
        )
        raise SourceError(what, path=path, hint=_HINT) from error


def join_bytes(text: str, counts: RepairCounts) -> str:
    """Decode the bytes of a text; return a text that is not Meta's unchanged."""
    if text.isascii():
        return text
    try:
        whole = text.encode("latin-1").decode()
    except UnicodeEncodeError:
        return text
    except UnicodeDecodeError:
        counts.unexplained += 1
        return text
    counts.texts += 1
    return whole


def _whole(value: Json, counts: RepairCounts) -> Json:
    if isinstance(value, str):
        return join_bytes(value, counts)
    if isinstance(value, list):
        return [_whole(inner, counts) for inner in value]
    if isinstance(value, dict):
        return {join_bytes(key, counts): _whole(inner, counts) for key, inner in value.items()}
    return value
