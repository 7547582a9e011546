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
        self.pieces: dict[Hashable, Markup] = {}

    def parse(self, parser: Parser) -> list[nodes.Node]:
        """Read the key, then the template up to `endshared`; write the piece, or make it."""
        line = next(parser.stream).lineno
        place, key = nodes.Const(f"{parser.name}:{line}"), parser.parse_expression()
        body = parser.parse_statements(("name:endshared",), drop_needle=True)
        piece = parser.free_identifier()
        made = nodes.CallBlock(self.call_method(MAKE, [place, key]), [], [], body)
        known = nodes.Assign(piece, self.call_method("_known", [place, key]))
        found = nodes.Test(piece, "none", [], [], None, None)
        return [
            known.set_lineno(line),
            nodes.If(found, [made], [], [nodes.Output([piece])]).set_lineno(line),
        ]

    def _known(self, place: str, key: Any) -> Markup | None:
        return self.pieces.get((place, key))

    def _make(self, place: str, key: Any, caller: Callable[[], str]) -> str:
        return self.keep(place, key, caller())

    def keep(self, place: str, key: Any, text: str) -> Markup:
        """Keep a piece that was rendered."""
        if len(self.pieces) >= MOST:
            self.pieces.clear()
        piece = self.pieces[place, key] = str.__new__(Markup, text)  # a template's output
        return piece
