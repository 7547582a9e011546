"""A value's property that is found once; Python's own, before 3.12, takes a lock each time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class once(Generic[T]):  # noqa: N801 - it reads as a word before a method
    """Keeps what a method returns in its object's `__dict__`, where it is found from then on."""

    def __init__(self, find: Callable[[Any], T]) -> None:
        self.find = find
        self.name = find.__name__
        self.__doc__ = find.__doc__

    def __get__(self, value: Any, kind: type | None = None) -> T:
        """Find it; values are asked, never their classes."""
        found: T = self.find(value)
        value.__dict__[self.name] = found
        return found
