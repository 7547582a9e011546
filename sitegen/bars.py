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


Stages = Callable[[str, int, int], None]


@contextmanager
def stages(silent: bool) -> Iterator[Stages]:
    """Give what counts work in several stages; each gets a bar, one without a known end moves."""
    if silent or not (sys.stderr and sys.stderr.isatty()):
        yield lambda what, done, total: None
        return
    with ExitStack() as stack:
        shown: dict[str, Progress] = {}

        def count(what: str, done: int, total: int) -> None:
            if what not in shown:
                shown[what] = _bar(stack, what)
            shown[what](done, total)

        yield count


def _bar(stack: ExitStack, what: str) -> Progress:
    from rich.console import Console
    from rich.progress import Progress as Bar

    bar = stack.enter_context(Bar(console=Console(stderr=True), transient=True))
    task = bar.add_task(what, total=None)  # it moves until an end is known
    return lambda done, total: bar.update(task, completed=done, total=total or None)
