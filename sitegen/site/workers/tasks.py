"""The tasks that executor workers run, one batch at a time.

Workers share only the site's folder with the main process. They read the build's spec from a
file in the cache. A batch may run in any process, even twice, with the same result.
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
from sitegen.languages.language import Language
from sitegen.query.accounts import AccountNames
from sitegen.selection.hide_rules import NO_NAMES
from sitegen.site.output_folder import STAGING_SUFFIX, Output, has_bytes, stat_file
from sitegen.site.render.theme import Theme
from sitegen.site.scan import FileStat
from sitegen.site.search import segment
from sitegen.site.search.segment import IndexAnswer, Part, SegmentPosts
from sitegen.site.views.contexts import Page
from sitegen.site.views.summary import Entry
from sitegen.site.views.template_values import SiteView
from sitegen.site.workers.worker import PageStats, SerialisedFiles, Worker, serialise
from sitegen.topics.site_topics import NO_TOPICS, Topics

RENDERING_PACKAGES = (
    "babel", "jinja2", "markdown", "markupsafe", "msgspec", "nh3", "pygments", "pyyaml", "regex",
    "tzdata",
)  # fmt: skip


class BuildSpec(NamedTuple):
    """What a worker must know about a build."""

    config: Config
    theme: Theme
    language: Language
    names: AccountNames = NO_NAMES
    topics: Topics = NO_TOPICS

    def worker(self, output: Output) -> Worker:
        """Return a worker of this build that writes to `output`."""
        return Worker(self.config, output, self.theme, self.language, self.names, self.topics)


def write_spec(file: Path, spec: BuildSpec) -> None:
    """Write a build's spec and the required versions to a file that all workers can read."""
    data = pickle.dumps((versions(), pickle.dumps(spec)))
    files.write(file, data, file.parent.parent)


def run_batch(spec: str, batch: bytes) -> Any:
    """Run a pickled batch in a worker process. Raises SitegenError."""
    try:
        loaded = _load_spec(spec)
        task, *arguments = pickle.loads(batch)  # noqa: S301 - our own bytes
        return task(loaded, *arguments)
    except OSError as error:
        raise OutputError(
            f"cannot be written or read on {socket.gethostname()}: {error.strerror or error}",
            path=error.filename,
            hint="check the free space and the permissions there, then build again.",
        ) from error


def parse_files(spec: BuildSpec, sources: Sequence[str]) -> SerialisedFiles:
    """Parse content files; the errors of broken ones are part of the result."""
    return serialise(spec.worker(Output(spec.config.output)).parse(sources))


def index_segment(spec: BuildSpec, posts: SegmentPosts, part: Part) -> IndexAnswer:
    """Make a part of a segment of the search index."""
    return posts.number, part, segment.make(posts, part)


def render_pages(
    spec: BuildSpec, token: str, site: SiteView, pages: Sequence[Page], entries: Mapping[str, Entry]
) -> PageStats:
    """Render pages and return the `stat` of each. Raises OutputError if the build has ended."""
    output = SharedOutput(spec.config.output, token)
    return spec.worker(output).render(site, pages, entries)


class SharedOutput(Output):
    """The output folder as one of several workers sees it.

    Two workers may render the same page, if one was wrongly thought lost. So each writes to a
    unique name in a staging folder and then renames the file; without that folder, the build has
    ended.
    """

    def __init__(self, folder: Path, token: str) -> None:
        super().__init__(folder)
        self.staging_folder = staging_folder(self, token)
        if not self.staging_folder.is_dir():
            raise _not_shared(self.staging_folder)

    def write(self, path: str, data: bytes) -> FileStat:
        """Write a file atomically unless it has these bytes already; return its `stat`."""
        place = self.target / path
        if not has_bytes(place, data):
            unfinished = f"{self.staging_folder}/{os.urandom(16).hex()}{files.PARTIAL}"
            files.create(unfinished, data)
            os.replace(unfinished, self._create_parents(path))
        return stat_file(place)


def staging_folder(output: Output, token: str) -> Path:
    """Return the folder for the unfinished files of a build's workers."""
    return output.target / f".{token}{STAGING_SUFFIX}"


@lru_cache(maxsize=2)
def _load_spec(file: str) -> BuildSpec:
    """Read a build's spec; raise OutputError if this worker has other versions of the code."""
    try:
        expected_versions, spec = pickle.loads(Path(file).read_bytes())  # noqa: S301 - our own bytes
    except FileNotFoundError as error:
        raise _not_shared(Path(file)) from error
    if mismatch := version_mismatch(expected_versions):
        what = f"the worker on {socket.gethostname()} {mismatch}"
        raise OutputError(what, hint="install the same everywhere.")
    build_spec: BuildSpec = pickle.loads(spec)  # noqa: S301 - as above
    return build_spec


def versions() -> dict[str, str]:
    """Return the versions that rendered bytes depend on: sitegen, Python and the libraries."""
    from importlib.metadata import version

    python = ".".join(platform.python_version_tuple()[:2])
    return {"sitegen": __version__, "Python": python} | {n: version(n) for n in RENDERING_PACKAGES}


def version_mismatch(expected_versions: Mapping[str, str]) -> str:
    """Describe the first version in which this process differs; return "" if none does."""
    own_versions = versions()
    differ = (
        name for name, version in expected_versions.items() if own_versions.get(name) != version
    )
    name = next(differ, None)
    return (
        f"has {name} {own_versions.get(name)}, this build has {expected_versions[name]}"
        if name
        else ""
    )


def _not_shared(path: Path) -> OutputError:
    return OutputError(
        f"not found by the worker on {socket.gethostname()}",
        path=path,
        hint="share the site's folder with all workers, at the same path.",
    )
