"""Compile templates to faster Python than Jinja's own, with the same output.

Macros alone differ from Jinja's: see `MacroCodeGenerator`.

Attributes are read directly, text is escaped in one step, and a template is a function that
returns a list of strings, where Jinja's are generators. Whatever this code cannot do (a key of a
mapping written as an attribute, an undefined variable) raises an exception. The page is then
rendered by Jinja's own code, which can do it or reports the error.
"""

from __future__ import annotations

from keyword import iskeyword
from typing import Any

from jinja2 import nodes
from jinja2.compiler import Frame, MacroRef
from jinja2.runtime import Undefined
from markupsafe import Markup, escape

from sitegen.site.render.jinja import fragments
from sitegen.site.render.jinja.macro_overrides import MacroCodeGenerator
from sitegen.site.render.jinja.macros import DirectMacro

__all__ = ["DirectMacro", "FastCodeGenerator", "Undefined", "escape_output"]

_PARENT = "yield from parent_template.root_render_func(context)"


def escape_output(value: Any) -> str:
    """Escape a value as Jinja does; the result may be a plain string."""
    kind = type(value)
    text: str = value
    if kind is str:  # searching for single characters is faster than a regex
        if "&" in text or "<" in text or ">" in text or '"' in text or "'" in text:
            return escape(text)
        return text
    return text if kind is Markup else escape(value)


class FastCodeGenerator(MacroCodeGenerator):
    """Generates the code of one template (https://jinja.palletsprojects.com/en/stable/extensions/)."""

    buffer_name = ""  # the list variable that collects output of blocks and parents
    output_node: nodes.Expr | None = None  # the expression that is being written as output
    macros: frozenset[str] = frozenset()  # the names of macros of this template
    modules: frozenset[str] = frozenset()  # the names of the templates that it imports

    def writeline(self, x: str, node: nodes.Node | None = None, extra: int = 0) -> None:
        """Write a line of code, with `yield from` replaced by extending the list of strings."""
        if x == "if 0: yield None":
            return
        if x == _PARENT:
            x = f"return {self.buffer_name} + parent_template.root_render_func(context)"
        elif x.startswith("yield from "):
            x = f"{self.buffer_name}.extend({x.removeprefix('yield from ')})"
        super().writeline(x, node, extra)

    def enter_frame(self, frame: Frame) -> None:
        """Begin a function with a list for the strings of its output."""
        if frame.parent is None:
            self.buffer(frame)
        super().enter_frame(frame)

    def leave_frame(self, frame: Frame, with_python_scope: bool = False) -> None:
        """Return the list of strings, unless the template extends another."""
        super().leave_frame(frame, with_python_scope)
        if frame.parent is not None:
            return
        self.buffer_name = frame.buffer or ""
        if not (frame.toplevel and self.has_known_extends):
            may_extend = frame.toplevel and self.extends_so_far
            self.writeline("if parent_template is None: " if may_extend else "")
            self.write(f"return {frame.buffer}")

    def visit_Template(  # noqa: N802 - a visitor's methods are named after the nodes
        self, node: nodes.Template, frame: Frame | None = None
    ) -> None:
        """Import what the template's code calls into its module, then write it."""
        self.macros = frozenset(macro.name for macro in node.find_all(nodes.Macro))
        self.modules = frozenset(module.target for module in node.find_all(nodes.Import))
        self.writeline(f"from {__name__} import DirectMacro, Undefined, escape_output")
        self.writeline("undefined = environment.undefined")
        self.writeline("concat = environment.concat")
        self.writeline("cond_expr_undefined = Undefined")
        super().visit_Template(node, frame)

    def write_commons(self) -> None:
        """Begin a function, with the one local name that is not the same in the whole module."""
        self.writeline("resolve = context.vars.__getitem__")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 - as above
        """Read an attribute directly, unless its name is a Python keyword."""
        if iskeyword(node.attr):
            super().visit_Getattr(node, frame)
            return
        self.write("(")
        self.visit(node.node, frame)
        self.write(f").{node.attr}")

    def visit_Call(  # noqa: N802 - as above
        self, node: nodes.Call, frame: Frame, forward_caller: bool = False
    ) -> None:
        """Call a macro or a method directly, without `context.call`, which passes on the context.

        No function of these templates asks for it, but macros need it where HTML is not escaped.
        """
        is_plain = not (
            node.dyn_args or node.dyn_kwargs or any(iskeyword(k.key) for k in node.kwargs)
        )
        escapes = frame.eval_ctx.autoescape and not frame.eval_ctx.volatile
        if forward_caller or not is_plain or not escapes:
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        self.write(".output(" if self._is_macro_output(node) else "(")
        for argument in (*node.args, *node.kwargs):
            self.visit(argument, frame)
            self.write(", ")
        self.write(")")

    def visit_Test(  # noqa: N802 - as above
        self, node: nodes.Test, frame: Frame
    ) -> None:
        """Compare with None directly; call other tests as Jinja does."""
        if node.name != "none":
            super().visit_Test(node, frame)
            return
        self.write("(")
        self.visit(node.node, frame)
        self.write(" is None)")

    def macro_def(self, macro_ref: MacroRef, frame: Frame) -> None:
        """Write the object of a macro, of our class."""
        self.write("Direct")  # before the name of Jinja's class, `Macro`
        super().macro_def(macro_ref, frame)

    def visit_Block(  # noqa: N802 - as above
        self, node: nodes.Block, frame: Frame
    ) -> None:
        """Extend the list by the output of a block."""
        outer, frame.buffer = frame.buffer, None  # without one, Jinja writes a single line
        self.buffer_name = outer or ""
        super().visit_Block(node, frame)
        frame.buffer = outer

    def visit_Include(  # noqa: N802 - as above
        self, node: nodes.Include, frame: Frame
    ) -> None:
        """Extend the list by the output of an included template."""
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
        expression = "template._get_default_module()._body_stream"
        if node.with_context:
            local = self.dump_local_context(frame)
            expression = f"template.new_context(context.get_all(), True, {local})"
            expression = f"template.root_render_func({expression})"
        self.writeline(f"{frame.buffer}.extend({expression})")
        if node.ignore_missing:
            self.outdent()

    def _import_common(self, node: nodes.Import | nodes.FromImport, frame: Frame) -> None:
        """Import a template without asking which globals the page has of its own: none has any."""
        if node.with_context:
            super()._import_common(node, frame)
            return
        self.write("environment.get_template(")
        self.visit(node.template, frame)
        self.write(f", {self.name!r})._get_default_module()")

    def visit_CallBlock(  # noqa: N802 - as above
        self, node: nodes.CallBlock, frame: Frame
    ) -> None:
        """Write a shared fragment inline, with a look-up in its cache; others as Jinja does."""
        called = node.call.node
        if not isinstance(called, nodes.ExtensionAttribute) or called.name != fragments.RENDER:
            super().visit_CallBlock(node, frame)
            return
        key, fragment = self.temporary_identifier(), self.temporary_identifier()
        self.writeline(f"{key} = (", node)
        for part in fragments.cache_key(node.call):
            self.visit(part, frame)
            self.write(", ")
        self.write(")")
        self.writeline(f"{fragment} = ")
        self.visit(nodes.ExtensionAttribute(called.identifier, "get"), frame)
        self.write(f"({key})")
        self.writeline(f"if {fragment} is None:")
        self.indent()
        expression = self._write_fragment(node, frame)
        self.writeline(f"{fragment} = ")
        self.visit(nodes.ExtensionAttribute(called.identifier, "store"), frame)
        self.write(f"({key}, concat({expression}))")
        self.outdent()
        for page in node.call.args[2:]:
            self.writeline(f"{fragment} = {fragment}.replace({fragments.ROOT!r}, ")
            self.visit(nodes.Getattr(page, "root", "load"), frame)
            self.write(")")
        self.simple_write(fragment, frame)

    def _write_fragment(self, node: nodes.CallBlock, frame: Frame) -> str:
        """Write the code that renders a shared fragment; return the name of its list variable."""
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
            return
        self.output_node = node
        self.write("(" if self._is_macro_output(node) else "escape_output(")

    def _is_macro_output(self, node: nodes.Expr) -> bool:
        """Tell whether an expression is a call of a macro, and all of an output."""
        return (
            node is self.output_node
            and isinstance(node, nodes.Call)
            and not (node.kwargs or node.dyn_args or node.dyn_kwargs)
            and self._is_macro(node.node)
        )

    def _is_macro(self, called: nodes.Node) -> bool:
        """Tell whether an expression names a macro of this template, or of one that it imports."""
        if isinstance(called, nodes.Getattr):
            return isinstance(called.node, nodes.Name) and called.node.name in self.modules
        return isinstance(called, nodes.Name) and called.name in self.macros
