"""What a worker's process does for a build that runs elsewhere, a batch at a time.

They share folders and nothing else. What every worker must know is in a file of the cache, the
order. A batch may be done by anybody, or twice, and comes out the same.
"""

from __future__ import annotations

import os
import pickle
import platform
import socket
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from sitegen import __version__, files
from sitegen.config.schema import Config
from sitegen.errors import OutputError
from sitegen.site.output_folder import STAGE, Output, on_disk, same
from sitegen.site.render.theme import Theme
from sitegen.site.scan import OnDisk
from sitegen.site.views.contexts import Page
from sitegen.site.views.summary import Entry
from sitegen.site.views.template_values import SiteView
from sitegen.site.workers.workers import Made, SerialisedRead, Workshop, serialise

NEEDED = ("jinja2", "markdown", "markupsafe", "msgspec", "nh3", "pyyaml", "regex")


class Order(NamedTuple):
    """What a process must know to work for a build."""

    config: Config
    theme: Theme


def give(file: Path, order: Order) -> None:
    """Write an order, and who can read it, where all workers find it."""
    data = pickle.dumps((versions(), pickle.dumps(order)))
    files.write(file, data, file.parent.parent)


def work(order: str, batch: bytes) -> Any:
    """Do a batch for a build, in whatever process. Raises SitegenError."""
    try:
        known = _order(order)
        task, *arguments = pickle.loads(batch)  # noqa: S301 - our own bytes
        return task(known, *arguments)
    except OSError as error:
        raise OutputError(
            f"cannot be written or read on {socket.gethostname()}: {error.strerror or error}",
            path=error.filename,
            hint="check the free space and the permissions there, then build again.",
        ) from error


def read(order: Order, sources: Sequence[str]) -> SerialisedRead:
    """Read files, and return what is in them; one that is broken gives its error."""
    return serialise(Workshop(order.config, Output(order.config.output), order.theme).read(sources))


def make(
    order: Order, token: str, site: SiteView, pages: Sequence[Page], entries: Mapping[str, Entry]
) -> Made:
    """Make pages, and return the `stat` of each. Raises OutputError when nobody waits."""
    output = SharedOutput(order.config.output, token)
    return Workshop(order.config, output, order.theme).make(site, pages, entries)


class SharedOutput(Output):
    """The output folder for one of many workers, two of which may be given the same page.

    That is so when one was thought lost and was not. So each writes a file on a bench, under a
    name of its own, and then puts it in place; when the bench is gone, the build is over.
    """

    def __init__(self, folder: Path, token: str) -> None:
        super().__init__(folder)
        self.bench = bench(self, token)
        if not self.bench.is_dir():
            raise _not_shared(self.bench)

    def write(self, path: str, data: bytes) -> OnDisk:
        """Put a file in place, unless it has these bytes already; return its `stat`."""
        place = self.target / path
        if not same(place, data):
            unfinished = f"{self.bench}/{os.urandom(16).hex()}{files.PARTIAL}"
            files.create(unfinished, data)
            os.replace(unfinished, self._place(path))
        return on_disk(place)


def bench(output: Output, token: str) -> Path:
    """Return the folder beside the pages where a build's workers have their unfinished files."""
    return output.target / f".{token}{STAGE}"


@lru_cache(maxsize=2)
def _order(file: str) -> Order:
    """Read an order, if its pages would come out here as they do where it was given."""
    try:
        needed, order = pickle.loads(Path(file).read_bytes())  # noqa: S301 - our own bytes
    except FileNotFoundError as error:
        raise _not_shared(Path(file)) from error
    if other := unlike(needed):
        what = f"the worker on {socket.gethostname()} {other}"
        raise OutputError(what, hint="install the same everywhere.")
    found: Order = pickle.loads(order)  # noqa: S301 - as above
    return found


def versions() -> dict[str, str]:
    """Return what the bytes of a page depend on: this code, Python, and whoever renders."""
    from importlib.metadata import version

    python = ".".join(platform.python_version_tuple()[:2])
    return {"sitegen": __version__, "Python": python} | {n: version(n) for n in NEEDED}


def unlike(needed: Mapping[str, str]) -> str:
    """Return in which version this process differs from those; nothing if it does not."""
    here = versions()
    differ = (name for name, version in needed.items() if here.get(name) != version)
    name = next(differ, None)
    return f"has {name} {here.get(name)}, this build has {needed[name]}" if name else ""


def _not_shared(path: Path) -> OutputError:
    return OutputError(
        f"the worker on {socket.gethostname()} does not find it",
        path=path,
        hint="the site must lie in one folder at one path for all workers.",
    )
