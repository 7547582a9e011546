"""Encode JSON exactly as the standard library does, at the speed of its C encoder.

The checks for decoding are here too: no NaN, no infinite numbers, limited depth.
"""

from __future__ import annotations

import json
import json.encoder
import math
from collections.abc import Callable, Iterable
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import NoReturn

import msgspec

from sitegen.model import Json

MAX_DEPTH = 50  # nested lists and objects, in the values of front matter
Chunks = Callable[[Json, int], tuple[str, ...]]


def _make_encoder(ensure_ascii: bool, allow_nan: bool, sort_keys: bool) -> Callable[[Json], str]:
    """Return a function like `json.dumps` with these options, for values without cycles."""
    options = json.JSONEncoder(ensure_ascii=ensure_ascii, allow_nan=allow_nan, sort_keys=sort_keys)
    make = vars(json.encoder).get("c_make_encoder")
    if make is None:  # another implementation of Python
        return options.encode
    quoted = encode_basestring_ascii if ensure_ascii else encode_basestring
    chunks: Chunks = make(
        None, options.default, quoted, None, ": ", ", ", sort_keys, False, allow_nan
    )
    join = "".join
    return lambda value: join(chunks(value, 0))


def reject_constant(name: str) -> NoReturn:
    """Refuse NaN and Infinity when reading JSON. Raises ValueError."""
    raise ValueError(f"{name} is not a number (RFC 8259)")


def parse_finite(digits: str) -> float:
    """Parse a float of JSON. Raises ValueError if it is too large."""
    number = float(digits)
    if math.isinf(number):
        raise ValueError(f"{digits} is too large a number")
    return number


def is_too_deep(value: Json) -> bool:
    """Return whether nested lists and objects reach MAX_DEPTH."""
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [inner for item in level for inner in _inner(item)]
        if not level:
            return False
    return True


def _inner(value: Json) -> Iterable[Json]:
    if isinstance(value, dict):
        return value.values() or (None,)
    return (value or (None,)) if isinstance(value, list) else ()


def without_floats(value: Json) -> str:
    """Encode a value without floats as `readable` does, in half the time.

    That it has no floats is not checked; they might be written differently.
    """
    try:
        return msgspec.json.format(msgspec.json.encode(value), indent=0).decode()
    except UnicodeEncodeError:  # a lone surrogate
        return readable(value)


canonical = _make_encoder(ensure_ascii=True, allow_nan=True, sort_keys=True)
readable = _make_encoder(ensure_ascii=False, allow_nan=False, sort_keys=False)
