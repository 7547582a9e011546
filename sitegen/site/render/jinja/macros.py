"""Call a template's macros without the work of Jinja's `Macro` and `Context.call`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2 import Environment, pass_eval_context
from jinja2.nodes import EvalContext
from jinja2.runtime import Macro
from jinja2.utils import missing
from markupsafe import Markup


class DirectMacro(Macro):
    """A macro that calls its function at once if it is called with positional arguments.

    Jinja makes three calls for one, and looks at each argument, name and flag. A page has some
    twenty calls of macros, so that was more than a tenth of the time of making pages.
    """

    def __init__(
        self,
        environment: Environment,
        function: Callable[..., str],
        name: str,
        arguments: list[str],
        catch_kwargs: bool,
        catch_varargs: bool,
        caller: bool,
        _default_autoescape: object,
    ) -> None:
        flags = catch_kwargs, catch_varargs, caller, True
        super().__init__(environment, function, name, arguments, *flags)
        self.function = function
        is_plain = not (self.catch_kwargs or self.catch_varargs or self.caller)
        self.size = len(arguments) if is_plain else -1

    def output(self, *args: Any) -> str:
        """Return the same as a call, as a plain string."""
        absent = self.size - len(args)
        if absent < 0:
            return super().__call__(*args)
        if absent:
            args += (missing,) * absent
        return self.function(*args)

    @pass_eval_context  # only where a call is compiled as Jinja does, such as without escaping
    def __call__(self, *args: Any, **kwargs: Any) -> str:
        """Return the macro's output, escaped; a missing argument has its default."""
        absent = self.size - len(args)
        if kwargs or absent < 0 or (args and isinstance(args[0], EvalContext)):
            return super().__call__(*args, **kwargs)
        if absent:
            args += (missing,) * absent
        return str.__new__(Markup, self.function(*args))  # escaped; Markup() takes twice as long
