"""Tables as Parquet, with types: times in UTC, whole numbers, lists.

It needs pyarrow, which is an extra. The same rows give the same bytes with the same pyarrow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from importlib import import_module
from itertools import islice
from typing import Any

from sitegen import timestamps
from sitegen.errors import UsageError
from sitegen.opendata.columns import Column, Row, Type, Value
from sitegen.text.printing import without_surrogates

ROWS_PER_GROUP = 10_000


class _Sink:
    """A file that gives away what was written to it."""

    closed = False

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._position = 0

    def write(self, data: bytes) -> int:
        """Keep data; pyarrow may reuse its buffer."""
        self._pieces.append(bytes(data))
        self._position += len(self._pieces[-1])
        return len(self._pieces[-1])

    def tell(self) -> int:
        """Return how many bytes were written."""
        return self._position

    def flush(self) -> None:
        """Do nothing: all is kept until it is taken."""

    def close(self) -> None:
        """Do nothing: the rest is still to be taken."""

    def take(self) -> bytes:
        """Return what was written since the last time."""
        data = b"".join(self._pieces)
        self._pieces.clear()
        return data


def require() -> Any:
    """Load pyarrow. Raises UsageError if it is missing."""
    try:
        import_module("pyarrow.parquet")
        return import_module("pyarrow")
    except ImportError as error:
        raise UsageError(
            f"Parquet needs pyarrow: {error}", hint='pip install "sitegen-archive[parquet]".'
        ) from error


def encode(columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[bytes]:
    """Yield a table in pieces, one for each group of rows. Raises UsageError without pyarrow."""
    arrow = require()
    schema = arrow.schema([(each.name, _arrow_type(arrow, each.type)) for each in columns])
    sink, rows = _Sink(), iter(rows)
    with arrow.parquet.ParquetWriter(arrow.PythonFile(sink, "w"), schema, **_OPTIONS) as writer:
        while group := [*islice(rows, ROWS_PER_GROUP)]:
            arrays = [
                arrow.array([_value(column.type, row[at]) for row in group], schema.field(at).type)
                for at, column in enumerate(columns)
            ]
            writer.write_table(arrow.Table.from_arrays(arrays, schema=schema))
            yield sink.take()
    yield sink.take()


_OPTIONS = {"compression": "zstd", "store_schema": False}


def _arrow_type(arrow: Any, kind: Type) -> Any:
    return {
        "text": arrow.string(),
        "number": arrow.int64(),
        "flag": arrow.bool_(),
        "time": arrow.timestamp("us", tz="UTC"),
        "day": arrow.date32(),
        "texts": arrow.list_(arrow.string()),
        "numbers": arrow.list_(arrow.int64()),
    }[kind]


def _value(kind: Type, value: Value) -> object:
    """Return a value as pyarrow takes it; an unreadable time is unknown."""
    if isinstance(value, str):
        if kind == "text":
            return without_surrogates(value)
        time = timestamps.parse(value)
        return _to_utc(time) if kind == "time" or time is None else time.date()
    if kind == "texts" and isinstance(value, tuple):
        return [without_surrogates(each) if isinstance(each, str) else each for each in value]
    return value


def _to_utc(time: datetime | None) -> datetime | None:
    """Return a time in UTC; one without a zone is taken as UTC, as `timestamps` does."""
    if time is None or time.tzinfo is None:
        return time and time.replace(tzinfo=UTC)
    try:
        return time.astimezone(UTC)
    except OverflowError:  # in the first or last hours of the calendar
        return None
