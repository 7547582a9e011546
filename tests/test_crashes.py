"""A crash costs nothing: killed, refused by the disk or run twice, all files are old or new."""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import killing
import pytest
from refusing import Disk
from test_build import cold, site, thread
from trees import differences, replace, tree

from sitegen.config import settings as configs
from sitegen.config.schema import Config
from sitegen.errors import BusyError, SitegenError
from sitegen.model import Thread
from sitegen.site import build as builds

HERE = Path(__file__).parent
COMMAND = (sys.executable, "-m", "sitegen")
PATIENCE = 60
MANIFEST = ".sitegen-manifest"
HALF = ".sitegen-partial"

Files = dict[str, bytes]


def sources(folder: Path, *threads: Thread, **more: str) -> Files:
    """Return content/ with these threads and files, made in a folder of its own."""
    config = site(folder, *threads)
    for name, text in more.items():
        path = config.content / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return tree(config.content)


@dataclass
class Versions:
    """A site that goes from one version of its content to another and back, again and again."""

    root: Path
    now: Files
    then: Files
    sites: dict[str, Files] = field(default_factory=dict)

    @property
    def config(self) -> Config:
        """The site's config."""
        return configs.load(self.root / "sitegen.toml")

    @property
    def output(self) -> Path:
        """The folder of the finished site."""
        return self.root / "public"

    def site_of(self, content: Files) -> Files:
        """Return a version's site, as a first build makes it."""
        key = "\0".join(sorted(f"{name}{data!r}" for name, data in content.items()))
        if key not in self.sites:
            replace(self.root / "content", content)
            self.sites[key] = cold(self.config)
        return self.sites[key]

    def turn(self) -> tuple[Files, Files]:
        """Exchange the content for the other version; return the old site and the new one."""
        self.now, self.then = self.then, self.now
        old, new = self.site_of(self.then), self.site_of(self.now)
        replace(self.root / "content", self.now)
        return old, new

    def heal(self, new: Files) -> None:
        """Build again: nothing may be in the way, and the site is that of a first build."""
        builds.build(self.config)
        assert not differences(tree(self.output), new)
        beside = {path.name for path in self.root.iterdir()}
        assert beside == {"content", "public", ".sitegen", "sitegen.toml"}


def is_old_or_new(now: Files, old: Files, new: Files) -> None:
    """Check a site whose build was stopped: what is there is whole, and nothing is missing."""
    whole = {name: data for name, data in now.items() if not name.endswith(HALF)}
    listed = whole.pop(MANIFEST).decode().removesuffix("\n").split("\n")
    for name, data in whole.items():
        assert data in (old.get(name), new.get(name)), name
    assert not old.keys() & new.keys() - now.keys()
    assert listed == sorted(set(listed))
    assert whole.keys() <= set(listed) <= old.keys() | new.keys()


def few(folder: Path) -> Versions:
    """Return a small site: a thread that is edited, one that goes, one that comes, and more."""
    kept = thread("c", "Kept", "as it is", day=90)
    one = sources(
        folder / "one",
        thread("a", "One", "Two", tags=("sky",)), thread("b", "Gone soon", tags=("sea",), day=40), kept,
        about_dot_md="# About", media__a_dot_png="picture",
    )  # fmt: skip
    two = sources(
        folder / "two",
        thread("a", "Another", "Two", tags=("sky", "moor")), thread("d", "Came", day=130), kept,
        about_dot_md="# About me", notes__x_dot_md="x", media__a_dot_png="other", media__b_dot_png="b",
    )  # fmt: skip
    return placed(folder / "site", one, two, "")


def many(folder: Path) -> Versions:
    """Return a site that is worth two processes, whose every page changes."""

    def threads(word: str, start: int) -> list[Thread]:
        numbers = range(start, start + 310)
        return [thread(f"t{n}x", f"{word} {n}", day=n, tags=(word,)) for n in numbers]

    one = sources(folder / "one", *threads("fog", 0))
    two = sources(folder / "two", *threads("dew", 5))
    return placed(folder / "site", one, two, "[build]\njobs = 2\nfeed_size = 5\n")


def placed(root: Path, one: Files, two: Files, toml: str) -> Versions:
    """Write a site's first version and build it."""
    root.mkdir()
    (root / "sitegen.toml").write_text(toml, "utf-8")
    versions = Versions(root, one, two)
    replace(root / "content", one)
    builds.build(versions.config)
    return versions


# Killed at any moment.

Run = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """Return a function that runs a command, for some seconds if told: then it is killed."""
    warm = tmp_path_factory.mktemp("warm")
    site(warm, thread("a", "One"))
    command = [sys.executable, str(HERE / "killing.py"), str(warm)]
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=environment, text=True
    ) as process:

        def ask(folder: Path, *arguments: str, seconds: float | None = None) -> dict[str, Any]:
            assert process.stdin
            assert process.stdout
            task = {"folder": str(folder), "arguments": arguments, "seconds": seconds}
            process.stdin.write(json.dumps(task) + "\n")
            process.stdin.flush()
            outcome: dict[str, Any] = json.loads(process.stdout.readline())
            assert outcome["gone"], "a process of a command that was killed went on"
            return outcome

        yield ask
        assert process.stdin
        process.stdin.close()
        process.wait(killing.PATIENCE)


@dataclass
class Kills:
    """Moments to kill a command at, spread over the time that it takes, until enough were hit."""

    run: Run
    folder: Path
    arguments: tuple[str, ...]
    wanted: int
    before: Callable[[], Any]
    earliest: float = 0.0  # of the time that the command takes
    children: int = 0

    def each(self) -> Iterator[Any]:
        """Give what `before` returned, each time after a kill; or after an end, once too late."""
        lasted = []
        for _ in range(1 if self.wanted < 10 else 3):
            ready = self.before()
            outcome = self.run(self.folder, *self.arguments)
            assert outcome["code"] == 0
            lasted.append(outcome["lasted"])
            yield ready
        chance = random.Random(self.wanted)
        for _ in range(10 * self.wanted):
            ready = self.before()
            moment = chance.uniform(self.earliest, 1.0) * min(lasted)
            outcome = self.run(self.folder, *self.arguments, seconds=moment)
            assert outcome["code"] in (None, 0)
            self.wanted -= outcome["code"] is None
            if outcome["code"] == 0:  # the machine is faster now than it was
                lasted.append(outcome["lasted"])
            self.children += outcome["children"]
            yield ready
            if not self.wanted:
                return
        raise AssertionError(f"{self.wanted} kills came too late")


def some(few: int, many: int) -> pytest.MarkDecorator:
    """Return the numbers of kills: a few each time, many for those who have the patience."""
    return pytest.mark.parametrize("kills", [few, pytest.param(many, marks=pytest.mark.slow)])


@some(1, 45)
def test_a_killed_build_leaves_the_old_site_or_the_new(
    tmp_path: Path, run: Run, kills: int
) -> None:
    versions = few(tmp_path)
    for old, new in Kills(run, versions.root, ("build", "-q"), kills, versions.turn).each():
        is_old_or_new(tree(versions.output), old, new)
        versions.heal(new)


def first(versions: Versions) -> Files:
    """Take the site away, and every other time its cache."""
    shutil.rmtree(versions.output)
    new = versions.turn()[1]
    if "notes/x.md" in versions.now:
        shutil.rmtree(versions.root / ".sitegen")
    return new


@some(1, 30)
def test_a_killed_first_build_leaves_no_half_site(tmp_path: Path, run: Run, kills: int) -> None:
    versions = few(tmp_path)
    before = lambda: first(versions)  # noqa: E731
    for new in Kills(run, versions.root, ("build", "-q"), kills, before).each():
        if versions.output.exists():
            assert not differences(tree(versions.output), new)
        versions.heal(new)


@pytest.mark.slow
@some(3, 25)
def test_a_killed_build_takes_its_processes_along(tmp_path: Path, run: Run, kills: int) -> None:
    versions = many(tmp_path)
    killed = Kills(run, versions.root, ("build", "-q"), kills, versions.turn, earliest=0.25)
    for old, new in killed.each():
        is_old_or_new(tree(versions.output), old, new)
        versions.heal(new)
    assert killed.children or not Path(f"/proc/self/task/{os.getpid()}/children").exists()


def lines(word: str, numbers: range) -> str:
    """Return threads as a source has them."""
    return "".join(
        json.dumps({
            "id": f"t{n}x{at}", "network": "bluesky", "thread": f"t{n}x", "position": at, "text": f"{word} {n} {at}",
            "created_at": f"2024-01-{n % 28 + 1:02}T10:00:00Z", "author": {"handle": "ada.example"},
            "media": [{"kind": "image", "path": f"media/{n}.png", "alt": word}],
        }) + "\n"
        for n in numbers
        for at in (1, 2)
    )  # fmt: skip


@some(1, 30)
def test_a_killed_import_leaves_every_file_old_or_new(tmp_path: Path, run: Run, kills: int) -> None:
    root, content = tmp_path / "site", tmp_path / "site/content"
    for number in range(30):
        path = tmp_path / f"media/{number}.png"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"picture" * number)
    for name, text in {"1": lines("fog", range(20)), "2": lines("dew", range(5, 30))}.items():
        (tmp_path / f"{name}.jsonl").write_text(text, "utf-8")
    root.mkdir()
    assert run(root, "import", "-q", "../1.jsonl")["code"] == 0
    edited = next(path for path in content.rglob("*.md") if "fog-3-" in path.name)
    edited.write_text(edited.read_text("utf-8").replace("\nfog 3 1", "\nmine"), "utf-8")
    old = tree(content)
    assert run(root, "import", "-q", "../2.jsonl")["code"] == 0
    new = tree(content)

    for _ in Kills(run, root, ("import", "-q", "../2.jsonl"), kills, lambda: replace(content, old)).each():  # fmt: skip
        now = {name: data for name, data in tree(content).items() if HALF not in name}
        now.pop(".imported/journal.jsonl", None)  # there while an import runs
        assert not old.keys() - now.keys()
        for name, data in now.items():
            assert data in (old.get(name), new.get(name)), name
        assert run(root, "import", "-q", "../2.jsonl")["code"] == 0
        assert not differences(tree(content), new)


# Refused by the disk.


@pytest.fixture(scope="module")
def disk() -> Disk:
    """Return a disk; its hook stays for good, but hears nothing unless it refuses."""
    return Disk()


# Each thing that a build asks for, for those who have the patience; or only a few of them.
steps = pytest.mark.parametrize("step", [31, pytest.param(1, marks=pytest.mark.slow)])


def refusals(disk: Disk, step: int, versions: Versions, before: Callable[[], Any]) -> Iterator[Any]:
    """Build with the first thing refused, then with a later one, and so on, in each direction.

    Gives what `before` returned after each build that was refused something.
    """
    seen: set[str] = set()
    for number in count(1, step):
        reached = False
        for _ in range(2):
            ready = before()
            with disk.refusing(number, versions.root) as asked:
                try:
                    builds.build(versions.config)
                except SitegenError as error:
                    assert os.strerror(errno.ENOSPC) in error.message, asked[-1]
            seen |= {what for what, _ in asked}
            reached |= len(asked) >= number
            yield ready
        if not reached:
            break
    assert {"open", "write", "os.rename", "os.mkdir", "os.remove"} <= seen
    assert number > 50


@steps
def test_a_rebuild_whose_nth_step_fails_costs_nothing(
    tmp_path: Path, disk: Disk, step: int
) -> None:
    versions = few(tmp_path)
    for old, new in refusals(disk, step, versions, versions.turn):
        is_old_or_new(tree(versions.output), old, new)
        versions.heal(new)


@steps
def test_a_first_build_whose_nth_step_fails_leaves_no_half_site(
    tmp_path: Path, disk: Disk, step: int
) -> None:
    versions = few(tmp_path)
    for new in refusals(disk, step, versions, lambda: first(versions)):
        if versions.output.exists():
            assert not differences(tree(versions.output), new)
        versions.heal(new)


def can_mount() -> bool:
    """Tell whether a disk can be had that only we see."""
    if not sys.platform.startswith("linux") or not shutil.which("unshare"):
        return False
    command = ["unshare", "-Urm", "mount", "-t", "tmpfs", "-o", "size=100k", "none", "/mnt"]
    return subprocess.run(command, capture_output=True).returncode == 0


ROOMY = "size=50m,nr_inodes=50000"


def fill(root: Path) -> None:
    """Build on a disk of a few blocks, or of a few files, more than are taken; then of enough.

    Run in a process of its own, which alone sees the disk. Says how often there was not enough.
    """
    subprocess.run(["mount", "-t", "tmpfs", "-o", ROOMY, "none", str(root)], check=True)
    versions = few(root)
    for kind in ("blocks", "files"):
        for step, is_first in ((2, False), (5, True)):
            left = count(0, step)
            failures = 0
            while fails(versions, kind, next(left), is_first):
                failures += 1
            sys.stdout.write(f"{kind} {'first' if is_first else 'again'} {failures}\n")


def fails(versions: Versions, kind: str, left: int, is_first: bool) -> bool:
    """Build on a disk that has so many blocks, or files, and mend it; tell whether that failed."""
    old, new = ({}, first(versions)) if is_first else versions.turn()
    shrink(versions.root.parent, kind, left)
    failed = False
    try:
        builds.build(versions.config)
    except SitegenError as error:
        failed = True
        assert os.strerror(errno.ENOSPC) in error.message, error
    if not is_first:
        is_old_or_new(tree(versions.output), old, new)
    elif versions.output.exists():
        assert not differences(tree(versions.output), new)
    subprocess.run(["mount", "-o", f"remount,{ROOMY}", str(versions.root.parent)], check=True)
    versions.heal(new)
    return failed


def shrink(root: Path, kind: str, number: int) -> None:
    """Leave so many blocks, or files, on a disk."""
    disk = os.statvfs(root)
    size = f"size={(disk.f_blocks - disk.f_bfree + number) * disk.f_frsize}"
    if kind == "files":
        size = f"nr_inodes={disk.f_files - disk.f_ffree + number}"
    subprocess.run(["mount", "-o", f"remount,{size}", str(root)], check=True)


@pytest.mark.slow
@pytest.mark.skipif(
    not can_mount(), reason="needs a Linux that lets users mount a disk of their own"
)
def test_a_full_disk_costs_nothing(tmp_path: Path) -> None:
    script = "import sys, pathlib, test_crashes; test_crashes.fill(pathlib.Path(sys.argv[1]))"
    environment = {**os.environ, "PYTHONPATH": f"{HERE.parent}{os.pathsep}{HERE}"}
    command = ["unshare", "-Urm", sys.executable, "-c", script, str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=3 * PATIENCE)  # fmt: skip
    assert done.returncode == 0, done.stderr
    failures = {line.rpartition(" ")[0]: int(line.split()[-1]) for line in done.stdout.splitlines()}
    assert failures.keys() == {"blocks again", "blocks first", "files again", "files first"}
    assert all(number > 1 for number in failures.values()), failures


# Two at once.

HOLDER = """
import sys
from pathlib import Path
from sitegen.site import build
from sitegen.config import settings

def wait(done, total):
    print("building", flush=True)
    sys.stdin.read()

build.build(settings.load(Path("sitegen.toml")), wait)
"""


def test_a_second_build_leaves_and_a_killed_one_holds_nothing(tmp_path: Path) -> None:
    versions = few(tmp_path)
    old, new = versions.turn()
    pipe = subprocess.PIPE
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER],
        stdin=pipe, stdout=pipe, cwd=versions.root, env=environment, text=True,
    ) as holder:  # fmt: skip
        assert holder.stdout
        assert holder.stdout.readline() == "building\n"
        for arguments in (["build"], ["build", "-o", "elsewhere"]):
            second = subprocess.run(
                [*COMMAND, *arguments], cwd=versions.root, env=environment, capture_output=True, text=True, timeout=PATIENCE
            )  # fmt: skip
            assert (second.returncode, second.stdout) == (BusyError.exit_code, "")
            assert "error: another sitegen is running on this site. hint: wait" in second.stderr
        with pytest.raises(BusyError):
            builds.build(versions.config)
        is_old_or_new(tree(versions.output), old, new)
        holder.kill()
    versions.heal(new)


@pytest.mark.slow
def test_builds_that_start_together_do_not_meet(tmp_path: Path) -> None:
    versions = few(tmp_path)
    new = versions.turn()[1]
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    started = [
        subprocess.Popen([*COMMAND, "build", "-q"], cwd=versions.root, env=environment, stderr=subprocess.DEVNULL)
        for _ in range(2)
    ]  # fmt: skip
    codes = {process.wait(PATIENCE) for process in started}
    assert 0 in codes
    assert codes <= {0, BusyError.exit_code}
    versions.heal(new)
