"""A progress bar on a terminal; elsewhere nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

Progress = Callable[[int, int], None]


@contextmanager
def progress(what: str, enough: int, silent: bool) -> Iterator[Progress]:
    """Give what counts the work; a bar appears where there is enough of it, and goes at the end."""
    if silent or not (sys.stderr and sys.stderr.isatty()):  # a command may have none
        yield lambda done, total: None
        return
    with ExitStack() as stack:
        shown: list[Progress] = []

        def count(done: int, total: int) -> None:
            if not shown and total >= enough:
                shown.append(_bar(stack, what))
            for bar in shown:
                bar(done, total)

        yield count


def _bar(stack: ExitStack, what: str) -> Progress:
    from rich.console import Console
    from rich.progress import Progress as Bar

    bar = stack.enter_context(Bar(console=Console(stderr=True), transient=True))
    task = bar.add_task(what)
    return lambda done, total: bar.update(task, completed=done, total=total)
