"""Tables as CSV (RFC 4180) that spreadsheets show as it is meant.

UTF-8 with a byte order mark, without which Excel reads another charset. Lists are JSON, an unknown
value is an empty cell. No text is a formula, see `sitegen.text.formulas`.
"""

from __future__ import annotations

import csv
import json
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

from sitegen.opendata.columns import Column, Row, Value
from sitegen.text.formulas import protect
from sitegen.text.printing import without_surrogates

MAX_BUFFER = 1 << 18  # characters


def encode(columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[bytes]:
    """Yield a table in pieces."""
    yield BOM_UTF8
    buffer = StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([column.name for column in columns])
    for row in rows:
        writer.writerow([*map(_cell, row)])
        if buffer.tell() > MAX_BUFFER:
            yield _take(buffer)
    yield _take(buffer)


def _take(buffer: StringIO) -> bytes:
    """Empty a buffer and return its text; what has no UTF-8 becomes U+FFFD."""
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return without_surrogates(text).encode()


def _cell(value: Value) -> str:
    if value is None or value == ():
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return json.dumps(value, ensure_ascii=False)
    return protect(value) if isinstance(value, str) else str(value)
