"""A Jinja tag that caches fragments: `{% shared KEY %}…{% endshared %}` renders once per key.

The fragment may depend on the key and on `site` only. In `{% shared KEY on page %}` it may also
have addresses relative to the page, made with `href`: the same line of a listing then serves pages
at any depth. Without the cache, an archive's cold build takes a tenth longer.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, NamedTuple

from jinja2 import Environment, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from markupsafe import Markup

RENDER = "_render"
MAX_FRAGMENTS = 20_000  # cached at once; the cache is cleared when it is full
ROOT = "\0root\0"  # in place of the root of a page; HTML has no U+0000


class AnyPage(NamedTuple):
    """What a fragment knows of the pages that share it: only a stand-in for their root."""

    root: str = ROOT


class Shared(Extension):
    """Caches the fragments of one environment by their position in the templates and key."""

    tags = {"shared"}  # noqa: RUF012 - Jinja's own way to name an extension's tags

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self.fragments: dict[Hashable, str] = {}
        self.get = self.fragments.get
        self.any_page = AnyPage()

    def parse(self, parser: Parser) -> nodes.CallBlock:
        """Parse a key and a template up to `endshared` into a call of `_render`."""
        line = next(parser.stream).lineno
        arguments = [nodes.Const(f"{parser.name}:{line}"), parser.parse_expression()]
        page = parser.stream.expect("name").value if parser.stream.skip_if("name:on") else ""
        body = parser.parse_statements(("name:endshared",), drop_needle=True)
        if page:
            arguments.append(nodes.Name(page, "load"))
            any_page = [nodes.Name(page, "param")], [self.attr("any_page")]
            body = [nodes.With(*any_page, body, lineno=line)]
        return nodes.CallBlock(self.call_method(RENDER, arguments), [], [], body, lineno=line)

    def _render(
        self, position: str, key: Any, page: Any = None, *, caller: Callable[[], str]
    ) -> Markup:
        fragment = self.get((position, key))
        if fragment is None:
            fragment = self.store((position, key), str(caller()))
        return Markup(fragment.replace(ROOT, page.root) if page else fragment)  # noqa: S704 - a template's output

    def store(self, key: Hashable, text: str) -> str:
        """Cache a rendered fragment."""
        if len(self.fragments) >= MAX_FRAGMENTS:
            self.fragments.clear()
        self.fragments[key] = text
        return text


def cache_key(call: nodes.Call) -> list[nodes.Expr]:
    """Return the parts of a fragment's cache key: its position, then the key or its items."""
    position, key = call.args[:2]
    return [position, *(key.items if isinstance(key, nodes.Tuple) else (key,))]
