"""What is run: for each scenario one command of each tool, in a site that is as it needs it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path

from . import archive, hugo, measure, pagefind, topics
from .archive import Thread
from .measure import Command

HERE = Path(__file__).parent
OUTPUT = "public"
POSTS = "posts.jsonl"
OURS, THEIRS, SEARCH = "sitegen", "Hugo", "Pagefind"

# Each scenario of sitegen, and the scenario and tool that it is compared with.
SCENARIOS = {
    "cold": ("cold", THEIRS),
    "unchanged": ("unchanged", THEIRS),
    "edit": ("edit", THEIRS),
    "defaults": ("cold", THEIRS),
    "defaults-edit": ("edit", THEIRS),
    "address": ("cold", THEIRS),
    "address-edit": ("edit", THEIRS),
    "no-search": ("cold", THEIRS),
    "pagefind": ("pagefind", SEARCH),
    "handwritten": ("handwritten", THEIRS),
    "import": ("cold", OURS),
}
TITLES = {
    "cold": "cold",
    "unchanged": "nothing changed",
    "edit": "one thread edited",
    "defaults": "cold, sitegen's defaults",
    "defaults-edit": "one thread edited, sitegen's defaults",
    "address": "cold, defaults with an address",
    "address-edit": "one thread edited, defaults with an address",
    "no-search": "cold, defaults without a search",
    "pagefind": "a search index alone",
    "index": "what the search adds, against Pagefind's time",
    "both": "cold, sitegen's defaults, against Hugo and Pagefind",
    "handwritten": "cold, all written by hand",
    "import": "import, against sitegen's cold build",
    "live": "an edit while serving",
}

# What a new user gets: no settings at all; the address that a public site needs, which adds the
# data of link previews, citations and a site map; and what the search costs. Each has the name of
# its scenario in its output.
SETTINGS = {
    "defaults": "",
    "address": '[site]\ntitle = "Archive"\nbase_url = "https://archive.example/"\n\n',
    "no-search": "[build]\nsearch = false\n\n",
}
PATHS = '[paths]\noutput = "{output}"\ncache = ".sitegen-{name}"\n'

# More Markdown than an importer writes, at the start of every post.
BY_HAND = """\
Written *by hand*, with **emphasis**:

- a list
- and in it [a link](https://www.example.org/by/hand)

"""
_OUR_POST = re.compile(r"(?m)^<!-- post .*\n\n")


@dataclass(frozen=True)
class Task:
    """A command to measure; `prepare` brings its site into the state that it starts from."""

    scenario: str
    tool: str
    command: Command
    folder: Path
    prepare: Callable[[], None]


@dataclass(frozen=True)
class Edit:
    """A thread's file that a person saves again and again, each time a little different."""

    file: Path
    text: str
    revisions: Iterator[int] = field(default_factory=lambda: count(1))

    def save(self) -> None:
        """Change the file in place."""
        self.file.write_text(f"{self.text}\nRevision {next(self.revisions)}.\n", "utf-8")


@dataclass(frozen=True)
class Sites:
    """The same archive as a site of each tool, in a scratch folder."""

    folder: Path
    sitegen: Path
    hugo: Path | None
    pagefind: Path | None = None

    @property
    def ours(self) -> Path:
        """The folder of sitegen's site."""
        return self.folder / "sitegen"

    @property
    def theirs(self) -> Path:
        """The folder of Hugo's site."""
        return self.folder / "hugo"

    @property
    def pages(self) -> Path:
        """The folder of the pages for Pagefind."""
        return self.folder / "pagefind"

    @property
    def build(self) -> Command:
        """Sitegen's command."""
        return (self.sitegen, "build", "--quiet")

    def build_with(self, name: str) -> Command:
        """Return sitegen's command for other settings, by their name."""
        return (*self.build, "--config", f"{name}.toml")

    @property
    def their_build(self) -> Command:
        """Hugo's command."""
        return (str(self.hugo), "--quiet")

    def make(self, posts: int, seed: int) -> None:
        """Write the archive, and import it. Raises CommandError."""
        archive.write_lines(archive.threads(posts, seed), self.folder / POSTS)
        hugo.write_site(archive.threads(posts, seed), self.theirs)
        if self.pagefind:
            pagefind.write_pages(archive.threads(posts, seed), self.pages)
        _start(self.ours)
        for name, settings in SETTINGS.items():
            text = settings + PATHS.format(output=f"{OUTPUT}-{name}", name=name)
            (self.ours / f"{name}.toml").write_text(text, "utf-8")
        measure.run((self.sitegen, "import", "--quiet", self.folder / POSTS), self.ours)
        topics.write(archive.threads(posts, seed), posts, self.ours / "content")

    def edits(self, thread: Thread) -> tuple[Edit, Edit]:
        """Return the file of a thread in each site."""
        files = _file(self.ours, thread), hugo.file(self.theirs, thread)
        ours, theirs = (Edit(file, file.read_text("utf-8")) for file in files)
        return ours, theirs

    def outputs(self) -> Iterator[Path]:
        """Go through the built sites that are there."""
        return (path for path in sorted(self.folder.glob(f"*/{OUTPUT}*")) if path.is_dir())


def tasks(sites: Sites, edits: tuple[Edit, Edit], wanted: list[str]) -> list[Task]:
    """List the commands of the scenarios in their order, the tools in turn."""
    if "handwritten" in wanted:
        _write_by_hand(sites)
    if "import" in wanted:
        _start(sites.folder / "import")
    found = [*_ours(sites, edits[0]), *(_theirs(sites, edits[1]) if sites.hugo else ())]
    found += _search(sites) if sites.pagefind else ()
    order = list(SCENARIOS)
    return sorted(
        (task for task in found if task.scenario in wanted),
        key=lambda task: order.index(task.scenario),
    )


def _ours(sites: Sites, edit: Edit) -> Iterator[Task]:
    build = sites.build
    yield from _builds(OURS, build, sites.ours, edit)
    for name in SETTINGS:
        yield from _with_settings(name, sites, edit)
    by_hand, fresh = sites.folder / "sitegen-by-hand", sites.folder / "import"
    yield Task("handwritten", OURS, build, by_hand, _without(by_hand, OUTPUT, ".sitegen"))
    command = (sites.sitegen, "import", "--quiet", sites.folder / POSTS)
    yield Task("import", OURS, command, fresh, _without(fresh, "content", ".sitegen"))


def _with_settings(name: str, sites: Sites, edit: Edit) -> Iterator[Task]:
    """Return the scenarios of a site with other settings."""
    command, output = sites.build_with(name), f"{OUTPUT}-{name}"

    def edited() -> None:
        if not (sites.ours / output).exists():
            measure.run(command, sites.ours)
        edit.save()

    yield Task(name, OURS, command, sites.ours, _without(sites.ours, output, f".sitegen-{name}"))
    yield Task(f"{name}-edit", OURS, command, sites.ours, edited)


def _theirs(sites: Sites, edit: Edit) -> Iterator[Task]:
    yield from _builds(THEIRS, sites.their_build, sites.theirs, edit)
    by_hand = sites.folder / "hugo-by-hand"
    yield Task("handwritten", THEIRS, sites.their_build, by_hand, _without(by_hand, OUTPUT))


def _search(sites: Sites) -> Iterator[Task]:
    command = (str(sites.pagefind), "--site", ".")
    yield Task("pagefind", SEARCH, command, sites.pages, _without(sites.pages, "pagefind"))


def _builds(tool: str, command: Command, folder: Path, edit: Edit) -> Iterator[Task]:
    """Return the scenarios that need no site of their own."""

    def built() -> None:
        if not (folder / OUTPUT).exists():
            measure.run(command, folder)

    def edited() -> None:
        built()
        edit.save()

    yield Task("cold", tool, command, folder, _without(folder, OUTPUT, ".sitegen"))
    yield Task("unchanged", tool, command, folder, built)
    yield Task("edit", tool, command, folder, edited)


def _without(folder: Path, *names: str) -> Callable[[], None]:
    def remove() -> None:
        for name in names:
            shutil.rmtree(folder / name, ignore_errors=True)

    return remove


def _start(folder: Path) -> None:
    """Start a site of ours: its settings and its theme."""
    shutil.copytree(HERE / "themes", folder / "themes")
    shutil.copy(HERE / "sitegen.toml", folder)


def _write_by_hand(sites: Sites) -> None:
    sources = partial(shutil.ignore_patterns, f"{OUTPUT}*", ".sitegen*", measure.LOG)
    for site, marker in ((sites.ours, _OUR_POST), (sites.theirs, hugo.POST_HEADING)):
        copy = site.with_name(f"{site.name}-by-hand")
        shutil.copytree(site, copy, ignore=sources())
        for file in (copy / "content").rglob("*.md"):
            text = file.read_text("utf-8")
            file.write_text(marker.sub(lambda found: found[0] + BY_HAND, text), "utf-8")


def _file(site: Path, thread: Thread) -> Path:
    """Find a thread's file by its date and the id in its front matter."""
    day = thread.posts[0].created_at[:10]
    for file in (site / "content").rglob(f"{day}-*.md"):
        if f'\nid: "{thread.id}"\n' in file.read_text("utf-8"):
            return file
    raise FileNotFoundError(f"no file of thread {thread.id} below {site}")
