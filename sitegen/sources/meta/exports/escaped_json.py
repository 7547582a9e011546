r"""Decode Meta's JSON, whose strings have every byte escaped separately.

The UTF-8 bytes of a character are written as if each were a character of Latin-1, keys
included: `"\u00c3\u00a9"` means "é".
"""

from __future__ import annotations

import json
from pathlib import Path

from sitegen.formats.json_text import parse_finite, reject_constant
from sitegen.formats.lenient_json import not_json
from sitegen.model import Json
from sitegen.sources.accounting import Accounting

_HINT = "download the export again, as JSON, and see that it is whole."


JOINED_BYTES = "byte escapes put together to characters"
NOT_UTF_8 = "texts with Latin-1 characters that are no bytes of UTF-8, kept as they are"


def decode(data: bytes, path: Path | str, accounting: Accounting) -> Json:
    """Decode a file of an export, with all its texts and keys. Raises SourceError."""
    try:
        text = data.decode("utf-8-sig")
        value = json.loads(text, parse_constant=reject_constant, parse_float=parse_finite)
        return _whole(value, accounting)
    except (ValueError, RecursionError) as error:
        raise not_json(error, path, _HINT) from error


def join_bytes(text: str, accounting: Accounting) -> str:
    """Decode the bytes of a text; return a text that is not Meta's unchanged."""
    if text.isascii():
        return text
    try:
        whole = text.encode("latin-1").decode()
    except UnicodeEncodeError:
        return text
    except UnicodeDecodeError:
        accounting.oddities[NOT_UTF_8] += 1
        return text
    accounting.repairs[JOINED_BYTES] += 1
    return whole


def _whole(value: Json, accounting: Accounting) -> Json:
    if isinstance(value, str):
        return join_bytes(value, accounting)
    if isinstance(value, list):
        return [_whole(inner, accounting) for inner in value]
    if isinstance(value, dict):
        return {
            join_bytes(key, accounting): _whole(inner, accounting) for key, inner in value.items()
        }
    return value
