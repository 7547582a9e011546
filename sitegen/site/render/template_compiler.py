"""Templates into tighter Python than Jinja's own: the same output where nothing goes wrong.

Attributes are read directly, text is escaped in one step, and a template is a function that
returns the pieces of a page, where Jinja's are generators. Whatever that cannot do (a key of
a mapping written as an attribute, a variable that is not there) raises something, and the page is
then rendered by Jinja's own code, which does it or says what is wrong.
"""

from __future__ import annotations

from keyword import iskeyword
from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, escape

from sitegen.site.render import fragments

VERSION = 5  # of the code that is generated: compiled templates are kept
_PARENT = "yield from parent_template.root_render_func(context)"


def escaped(value: Any) -> str:
    """Return a value as Jinja shows it on a page, which may be a plain string here."""
    kind = type(value)
    text: str = value
    if kind is str:  # looking for one character is much quicker than for any of five
        if "&" in text or "<" in text or ">" in text or '"' in text or "'" in text:
            return escape(text)
        return text
    return text if kind is Markup else escape(value)


class Quick(CodeGenerator):
    """Writes the code of one template (https://jinja.palletsprojects.com/en/stable/extensions/)."""

    into = ""  # the list that what is made elsewhere goes into

    def writeline(self, x: str, node: nodes.Node | None = None, extra: int = 0) -> None:
        """Write a line; what a block or a parent makes is taken whole, and nothing generates."""
        if x == "if 0: yield None":
            return
        if x == _PARENT:
            x = f"return {self.into} + parent_template.root_render_func(context)"
        elif x.startswith("yield from "):
            x = f"{self.into}.extend({x.removeprefix('yield from ')})"
        super().writeline(x, node, extra)

    def enter_frame(self, frame: Frame) -> None:
        """Begin a function of a template with a list for the pieces of its page."""
        if frame.parent is None:
            self.buffer(frame)
        super().enter_frame(frame)

    def leave_frame(self, frame: Frame, with_python_scope: bool = False) -> None:
        """Return the pieces, unless this is a template that extends one."""
        super().leave_frame(frame, with_python_scope)
        if frame.parent is not None:
            return
        self.into = frame.buffer or ""
        if not (frame.toplevel and self.has_known_extends):
            may_extend = frame.toplevel and self.extends_so_far
            self.writeline("if parent_template is None: " if may_extend else "")
            self.write(f"return {frame.buffer}")

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

    def visit_Block(  # noqa: N802 - as above
        self, node: nodes.Block, frame: Frame
    ) -> None:
        """Take the pieces of a block where it is."""
        outer, frame.buffer = frame.buffer, None  # without one, Jinja writes a single line
        self.into = outer or ""
        super().visit_Block(node, frame)
        frame.buffer = outer

    def visit_Include(  # noqa: N802 - as above
        self, node: nodes.Include, frame: Frame
    ) -> None:
        """Take the pieces of another template."""
        if node.ignore_missing:
            self.writeline("try:")
            self.indent()
        self.writeline("template = environment.get_or_select_template(", node)
        self.visit(node.template, frame)
        self.write(f", {self.name!r})")
        if node.ignore_missing:
            self.outdent()
            self.writeline("except TemplateNotFound: pass")
            self.writeline("else:")
            self.indent()
        made = "template._get_default_module()._body_stream"
        if node.with_context:
            local = self.dump_local_context(frame)
            made = f"template.new_context(context.get_all(), True, {local})"
            made = f"template.root_render_func({made})"
        self.writeline(f"{frame.buffer}.extend({made})")
        if node.ignore_missing:
            self.outdent()

    def visit_CallBlock(  # noqa: N802 - as above
        self, node: nodes.CallBlock, frame: Frame
    ) -> None:
        """Write a shared piece where it is, unless it is known; others as ever."""
        called = node.call.node
        if not isinstance(called, nodes.ExtensionAttribute) or called.name != fragments.MAKE:
            super().visit_CallBlock(node, frame)
            return
        key, piece = self.temporary_identifier(), self.temporary_identifier()
        self.writeline(f"{key} = (", node)
        for part in fragments.parts(node.call):
            self.visit(part, frame)
            self.write(", ")
        self.write(")")
        self.writeline(f"{piece} = ")
        self.visit(nodes.ExtensionAttribute(called.identifier, "known"), frame)
        self.write(f"({key})")
        self.writeline(f"if {piece} is None:")
        self.indent()
        made = self._made(node, frame)
        self.writeline(f"{piece} = ")
        self.visit(nodes.ExtensionAttribute(called.identifier, "keep"), frame)
        self.write(f"({key}, concat({made}))")
        self.outdent()
        self.simple_write(piece, frame)

    def _made(self, node: nodes.CallBlock, frame: Frame) -> str:
        """Write what makes a shared piece; return the name of the list that then has it."""
        inner = frame.inner()
        inner.symbols.analyze_node(node)
        self.enter_frame(inner)
        self.buffer(inner)
        self.blockvisit(node.body, inner)
        self.leave_frame(inner)
        return inner.buffer or ""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("escaped(")
