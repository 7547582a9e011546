"""A Jinja tag that caches fragments: `{% shared KEY %}…{% endshared %}` renders once per key.

The fragment may depend on the key and on `site` only: a line of a listing on its entry and the
page's depth, the site's header on the depth.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from jinja2 import Environment, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from markupsafe import Markup

RENDER = "_render"
MAX_FRAGMENTS = 20_000  # cached at once; the cache is cleared when it is full


class Shared(Extension):
    """Caches the fragments of one environment by their position in the templates and key."""

    tags = {"shared"}  # noqa: RUF012 - Jinja's own way to name an extension's tags

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self.fragments: dict[Hashable, str] = {}
        self.get = self.fragments.get

    def parse(self, parser: Parser) -> nodes.CallBlock:
        """Parse a key and a template up to `endshared` into a call of `_render`."""
        line = next(parser.stream).lineno
        position, key = nodes.Const(f"{parser.name}:{line}"), parser.parse_expression()
        body = parser.parse_statements(("name:endshared",), drop_needle=True)
        return nodes.CallBlock(self.call_method(RENDER, [position, key]), [], [], body, lineno=line)

    def _render(self, position: str, key: Any, caller: Callable[[], str]) -> Markup:
        fragment = self.get((position, key))
        if fragment is None:
            fragment = self.store((position, key), str(caller()))
        return Markup(fragment)  # noqa: S704 - a template's output

    def store(self, key: Hashable, text: str) -> str:
        """Cache a rendered fragment."""
        if len(self.fragments) >= MAX_FRAGMENTS:
            self.fragments.clear()
        self.fragments[key] = text
        return text


def cache_key(call: nodes.Call) -> list[nodes.Expr]:
    """Return the parts of a fragment's cache key: its position, then the key or its items."""
    position, key = call.args
    return [position, *(key.items if isinstance(key, nodes.Tuple) else (key,))]
