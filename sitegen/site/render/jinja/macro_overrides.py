"""Let the macros of a template override those of the template that it extends."""

from __future__ import annotations

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule

from sitegen.site.render.jinja.template_errors import MissingNameError


def require_macros(module: TemplateModule, names: tuple[str, ...]) -> None:
    """Look up the macros that a template imports by name. Raises MissingNameError."""
    for name in names:
        if not hasattr(module, name):
            raise MissingNameError("not exported", module, name)


class MacroCodeGenerator(CodeGenerator):
    """Jinja's code generator, with macros that can be overridden and imports that are checked.

    A template's macros take the place of those of the template that it extends, also where the
    extended template calls them. Jinja would let the extended template define its own again.
    """

    has_macros = False

    def visit_Template(  # noqa: N802 - a visitor's methods are named after the nodes
        self, node: nodes.Template, frame: Frame | None = None
    ) -> None:
        """Import `require_macros` into the template's module, then write it."""
        self.has_macros = node.find(nodes.Macro) is not None
        self.writeline(f"from {__name__} import require_macros")
        super().visit_Template(node, frame)

    def enter_frame(self, frame: Frame) -> None:
        """Begin a function; that of the whole template with the macros that override its own."""
        super().enter_frame(frame)
        if frame.parent is None and frame.toplevel and self.has_macros:
            self.writeline("overriding = context.own_macros()")

    def visit_Macro(self, node: nodes.Macro, frame: Frame) -> None:  # noqa: N802 - as above
        """Define a macro, unless a template that extends this one has overridden it."""
        if not frame.toplevel:
            super().visit_Macro(node, frame)
            return
        macro_frame, macro = self.macro_body(node, frame)
        reference = frame.symbols.ref(node.name)
        if not node.name.startswith("_"):
            self.writeline(f"context.exported_vars.add({node.name!r})")
        self.writeline(f"{reference} = overriding.get({node.name!r}) or ")
        self.macro_def(macro, macro_frame)
        self.writeline(f"context.vars[{node.name!r}] = {reference}")

    def visit_FromImport(  # noqa: N802 - as above
        self, node: nodes.FromImport, frame: Frame
    ) -> None:
        """Import macros by name, all of which must exist."""
        super().visit_FromImport(node, frame)
        names = tuple([name if isinstance(name, str) else name[0] for name in node.names])
        self.writeline(f"require_macros(included_template, {names!r})", node)
