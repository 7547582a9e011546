"""Fit untrusted JSON to a type, or say in plain words which part of it does not fit."""

from __future__ import annotations

from typing import Any

from msgspec import inspect


class MismatchError(ValueError):
    """A part of a value that does not fit: its path, what it must be, and what it is."""

    def __init__(self, path: str, expected: str, value: object) -> None:
        super().__init__(f"{path} must be {expected}")
        self.path = path
        self.expected = expected
        self.value = value


def conform(value: Any, kind: Any) -> Any:
    """Return the parts of a value that a type has, as `msgspec.convert` takes them.

    Other fields of objects are dropped, and so is null, which is as good as a missing field.
    The type consists of structs, lists, texts, whole numbers, booleans and literals. Raises
    MismatchError with a path such as `media[1].kind`.
    """
    return _conform(value, inspect.type_info(kind), "")


def _conform(value: Any, kind: inspect.Type, path: str) -> Any:
    if isinstance(kind, inspect.UnionType):
        (kind,) = (option for option in kind.types if not isinstance(option, inspect.NoneType))
    expected = _misfit(value, kind)
    if expected:
        raise MismatchError(path, expected, value)
    if isinstance(kind, inspect.VarTupleType):
        return [_conform(each, kind.item_type, f"{path}[{at}]") for at, each in enumerate(value)]
    if isinstance(kind, inspect.StructType):
        prefix = f"{path}." if path else ""
        return {
            field.name: _conform(value.get(field.name), field.type, prefix + field.name)
            for field in kind.fields
            if field.required or value.get(field.name) is not None
        }
    return value


def _misfit(value: Any, kind: inspect.Type) -> str | None:
    """Return what a value should be, if it is something else; never mind what is within it."""
    match kind:
        case inspect.StructType():
            return None if isinstance(value, dict) else "an object"
        case inspect.VarTupleType():
            what = "objects" if isinstance(kind.item_type, inspect.StructType) else "texts"
            return None if isinstance(value, list) else f"a list of {what}"
        case inspect.IntType():
            is_count = type(value) is int and value >= (kind.ge or 0)
            return None if is_count else "a whole number"
        case inspect.BoolType():
            return None if isinstance(value, bool) else "true or false"
        case inspect.LiteralType():
            return None if value in kind.values else f"one of {', '.join(map(str, kind.values))}"
        case _:
            return None if isinstance(value, str) else "a text"
