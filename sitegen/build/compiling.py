"""Templates into tighter Python than Jinja's own: the same output where nothing goes wrong.

Attributes are read directly and text is escaped in one step. Whatever that cannot do (a key of
a mapping written as an attribute, a variable that is not there) raises something, and the page is
then rendered by Jinja's own code, which does it or says what is wrong.
"""

from __future__ import annotations

import re
from keyword import iskeyword
from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, escape

from sitegen.build import shared

VERSION = 3  # of the code that is generated: compiled templates are kept
_SPECIAL = re.compile("[&<>\"']").search


def escaped(value: Any) -> str:
    """Return a value as Jinja shows it on a page, which may be a plain string here."""
    kind = type(value)
    if kind is str:
        return escape(value) if _SPECIAL(value) else value
    return value if kind is Markup else escape(value)


class Quick(CodeGenerator):
    """Writes the code of one template (https://jinja.palletsprojects.com/en/stable/extensions/)."""

    def writeline(self, x: str, node: nodes.Node | None = None, extra: int = 0) -> None:
        """Write a line; what a block or a parent makes is joined there, not handed up in pieces."""
        pieces = x.removeprefix("yield from ")
        super().writeline(x if pieces == x else f"yield concat({pieces})", node, extra)

    def visit_Template(  # noqa: N802 - a visitor's methods are named after the nodes
        self, node: nodes.Template, frame: Frame | None = None
    ) -> None:
        """Make `escaped` known to the template's module, then write it."""
        self.writeline(f"from {__name__} import escaped")
        super().visit_Template(node, frame)

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 - as above
        """Read an attribute as Python does; as ever where it is a word of Python's own."""
        if iskeyword(node.attr):
            super().visit_Getattr(node, frame)
            return
        self.write("(")
        self.visit(node.node, frame)
        self.write(f").{node.attr}")

    def visit_Call(  # noqa: N802 - as above
        self, node: nodes.Call, frame: Frame, forward_caller: bool = False
    ) -> None:
        """Call an extension's own method without asking what it wants; others as ever."""
        if not isinstance(node.node, nodes.ExtensionAttribute) or node.kwargs or forward_caller:
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        for argument in node.args:
            self.visit(argument, frame)
            self.write(", ")
        self.write(")")

    def visit_CallBlock(  # noqa: N802 - as above
        self, node: nodes.CallBlock, frame: Frame
    ) -> None:
        """Write a shared piece where it stands, as a filtered block is; others as ever."""
        called = node.call.node
        if not isinstance(called, nodes.ExtensionAttribute) or called.name != shared.MAKE:
            super().visit_CallBlock(node, frame)
            return
        inner = frame.inner()
        inner.symbols.analyze_node(node)
        self.enter_frame(inner)
        self.buffer(inner)
        self.blockvisit(node.body, inner)
        self.start_write(frame, node)
        self.visit(nodes.ExtensionAttribute(called.identifier, "keep"), frame)
        self.write("(")
        for argument in node.call.args:
            self.visit(argument, frame)
            self.write(", ")
        self.write(f"concat({inner.buffer}))")
        self.end_write(frame)
        self.leave_frame(inner)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("escaped(")
