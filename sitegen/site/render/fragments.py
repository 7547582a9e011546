"""`{% shared KEY %}…{% endshared %}`: what is the same on many pages, rendered once.

The text between may depend on the key and on `site`, and on nothing else: a listing's line on
its entry and the depth of the page, the site's header on the depth alone.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from jinja2 import Environment, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from markupsafe import Markup

MAKE = "_make"
MOST = 20_000  # pieces kept at once; beyond that they are forgotten and made again


class Shared(Extension):
    """Keeps the pieces of one environment, by their place in the templates and their key."""

    tags = {"shared"}  # noqa: RUF012 - Jinja's own way to name an extension's tags

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self.pieces: dict[Hashable, str] = {}
        self.known = self.pieces.get

    def parse(self, parser: Parser) -> nodes.CallBlock:
        """Read the key, then the template up to `endshared`; write a call that has both."""
        line = next(parser.stream).lineno
        place, key = nodes.Const(f"{parser.name}:{line}"), parser.parse_expression()
        body = parser.parse_statements(("name:endshared",), drop_needle=True)
        return nodes.CallBlock(self.call_method(MAKE, [place, key]), [], [], body, lineno=line)

    def _make(self, place: str, key: Any, caller: Callable[[], str]) -> Markup:
        piece = self.known((place, key))
        if piece is None:
            piece = self.keep((place, key), str(caller()))
        return Markup(piece)  # noqa: S704 - a template's output

    def keep(self, key: Hashable, text: str) -> str:
        """Keep a piece that was rendered."""
        if len(self.pieces) >= MOST:
            self.pieces.clear()
        self.pieces[key] = text
        return text


def parts(call: nodes.Call) -> list[nodes.Expr]:
    """Return what a piece is known by, in one row: its place, and its key or that one's parts."""
    place, key = call.args
    return [place, *(key.items if isinstance(key, nodes.Tuple) else (key,))]
