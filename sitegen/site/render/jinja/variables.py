"""Hold the variables of a template: what a page passes to it, and what it sets itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping
from typing import Any

from jinja2 import Environment
from jinja2.runtime import Context, Macro
from jinja2.utils import missing

Blocks = dict[str, Callable[[Context], Iterator[str]]]


class VariableContext(Context):
    """A context with one dict for its variables, which compiled templates read directly.

    Jinja looks for each of the forty names of a page in two dicts, by a method.
    """

    def __init__(
        self,
        environment: Environment,
        parent: dict[str, Any],
        name: str | None,
        blocks: Blocks,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - Jinja's name for it
    ) -> None:
        super().__init__(environment, parent, name, blocks, globals)
        self.given = parent
        self.vars = self.parent = _Variables(parent)

    def resolve_or_missing(self, key: str) -> Any:
        """Return a variable, or Jinja's sentinel if there is none."""
        return self.vars[key]

    def own_macros(self) -> dict[str, Macro]:
        """Return the macros of the template, without those of one that includes it."""
        return {
            name: value
            for name, value in self.vars.items()
            if isinstance(value, Macro) and value is not self.given.get(name)
        }


class _Variables(dict[str, Any]):
    """Variables by name; a name without one has Jinja's sentinel."""

    def __missing__(self, name: str) -> Any:
        return missing
