"""A command whose options have one value each."""

from __future__ import annotations

from collections import Counter
from typing import Any

from typer.core import TyperCommand, TyperOption


class SingleOptionsCommand(TyperCommand):
    """Refuse an option that has two values, of which the first would have no effect."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # typer names the type nowhere
        """Parse the arguments. Raises a usage error of typer."""
        *_, given = self.make_parser(ctx).parse_args(args=[*args])
        for option, times in Counter(given).items():
            if times > 1 and isinstance(option, TyperOption) and _has_one_value(option):
                ctx.fail(f"Option '{option.opts[-1]}' can be given once")
        return super().parse_args(ctx, args)


def _has_one_value(option: TyperOption) -> bool:
    return not (option.is_flag or option.multiple)
