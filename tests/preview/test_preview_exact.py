"""Watching a real site does exactly the needed work: builds are counted."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from preview.observed import Observed, observing
from trees import differences, tree

from sitegen.cli.watch import Reporter, _WatchedSite
from sitegen.config import settings as configs
from sitegen.preview.rebuild import BuildFailure, BuildSuccess, Outcome, try_build
from sitegen.site import build as builds

PATIENCE = 60.0
REPOSITORY = Path(__file__).parents[2]
THREAD = (
    '---\ntitle: "{title}"\nnetwork: "bluesky"\nid: "{id}"\nposts:\n  - {{"id": "{id}"}}\n---\n\n'
    "<!-- post {id} -->\n\n{title}\n"
)
Pause = Callable[[float], None]
LIMIT = "echo 4 > /proc/sys/user/max_inotify_watches; exec "


def text(identity: str, title: str) -> str:
    """Return the file of a thread of one post."""
    return THREAD.format(id=identity, title=title)


class Watching:
    """A watched site, built as `sitegen build --watch` does, in a time of its own."""

    def __init__(self, root: Path, live: _WatchedSite, observed: Observed) -> None:
        self.root, self.live, self.observed = root, live, observed

    def builds(self) -> list[Outcome]:
        """Build after every burst until there is nothing more to do."""
        found: list[Outcome] = []
        while bursts := self.observed.all():
            found += [try_build(self.live.build) for _ in bursts]
        return found

    def only(self) -> tuple[int, int]:
        """Return how many files were written and removed by the one build there was."""
        (built,) = self.builds()
        assert isinstance(built, BuildSuccess), built
        return len(built.changed), len(built.removed)

    def failure(self) -> str:
        """Return why the one build there was failed."""
        (failure,) = self.builds()
        assert isinstance(failure, BuildFailure), failure
        return failure.text

    def page(self, name: str) -> str:
        """Return a page of the site."""
        return (self.root / "public" / name).read_text("utf-8")


@contextmanager
def watch(root: Path) -> Iterator[Watching]:
    """Watch a new site, and build it once."""
    make_site(root)
    live = _WatchedSite(
        lambda: configs.load(root / "sitegen.toml"), False, Reporter(print, print, print)
    )
    with observing(root, live.watched, live.ignored) as observed:
        assert isinstance(try_build(live.build), BuildSuccess)
        yield Watching(root, live, observed)


def make_site(root: Path) -> Path:
    """Write a site of three threads, a page, a template and a static file."""
    files = {
        "content/threads/a.md": text("1", "Fog"),
        "content/threads/b.md": text("2", "Rain"),
        "content/threads/deep/c.md": text("3", "Snow"),
        "content/about.md": "# About\n",
        "templates/404.html": "lost",
        "static/a.txt": "a",
        "sitegen.toml": "",
    }
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(data, "utf-8")
    return root


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[Watching]:
    """Watch a new site that is built."""
    with watch(tmp_path.resolve() / "site") as watching:
        yield watching


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watching]:
    """Watch one site for all tests that leave it as they found it."""
    with watch(tmp_path_factory.mktemp("lasting").resolve() / "site") as watching:
        yield watching


def cold(root: Path) -> dict[str, bytes]:
    """Return the site as a first build makes it."""
    with tempfile.TemporaryDirectory() as name:
        config = configs.load(root / "sitegen.toml")
        paths = config.paths._replace(output=f"{name}/public", cache=f"{name}/cache")
        elsewhere = config._replace(paths=paths)
        builds.build(elsewhere)
        return tree(elsewhere.output)


def test_nothing_is_built_while_nobody_does_anything(watching: Watching) -> None:
    """Neither its own reading, nor what it writes, nor its cache is a change."""
    assert watching.builds() == []
    (watching.root / "content/threads/a.md").write_text(text("1", "Mist"), "utf-8")
    assert watching.only()[0]
    assert watching.builds() == []


def in_place(path: Path, data: str, _: Pause) -> None:
    """Save as simple editors do."""
    path.write_text(data, "utf-8")


def slowly(path: Path, data: str, pause: Pause) -> None:
    """Save as over a slow network: emptied, then in two parts."""
    with path.open("w", encoding="utf-8") as file:
        for part in (data[:20], data[20:]):
            pause(0.05)
            file.write(part)
            file.flush()


def renamed_over(path: Path, data: str, _: Pause) -> None:
    """Save as careful editors do."""
    partial = path.with_name(f"{path.name}.tmp")
    partial.write_text(data, "utf-8")
    partial.replace(path)


def renamed_from_elsewhere(path: Path, data: str, _: Pause) -> None:
    """Save as what downloads and synchronises: made in another folder, moved over."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parents[3], delete=False) as file:  # fmt: skip
        file.write(data)
    os.replace(file.name, path)


def deleted_first(path: Path, data: str, _: Pause) -> None:
    """Save as old editors and some synchronisers do."""
    path.unlink()
    path.write_text(data, "utf-8")


def vim(path: Path, data: str, _: Pause) -> None:
    """Save as vim does: swap file, probe, backup by rename, a new file, the backup deleted."""
    swap, probe = path.with_name(f".{path.name}.swp"), path.with_name("4913")
    backup = path.with_name(f"{path.name}~")
    swap.write_bytes(b"swap")
    probe.touch()
    probe.unlink()
    path.rename(backup)
    path.write_text(data, "utf-8")
    path.chmod(0o644)
    backup.unlink()
    swap.unlink()


def emacs(path: Path, data: str, _: Pause) -> None:
    """Save as Emacs does: a lock that leads nowhere, an autosave, a backup that stays."""
    lock, autosave = path.with_name(f".#{path.name}"), path.with_name(f"#{path.name}#")
    lock.symlink_to("someone@somewhere.1234:1")
    autosave.write_text(data[:30], "utf-8")
    shutil.copy2(path, path.with_name(f"{path.name}~"))
    path.write_text(data, "utf-8")
    autosave.unlink()
    lock.unlink()


def copied_with_times(path: Path, data: str, _: Pause) -> None:
    """Save as `cp -p`, `rsync -t` and archives do: the file is older than the one it replaces."""
    other = path.with_name(f"{path.name}.tmp")
    other.write_text(data, "utf-8")
    os.utime(other, ns=(10**18, 10**18))
    other.replace(path)


SAVES = [in_place, slowly, renamed_over, renamed_from_elsewhere, deleted_first, vim, emacs,
         copied_with_times]  # fmt: skip


@pytest.mark.parametrize("save", SAVES, ids=lambda save: save.__name__)
def test_every_save_is_one_build_of_what_shows_it(
    lasting: Watching, save: Callable[[Path, str, Pause], None]
) -> None:
    path = lasting.root / "content/threads/a.md"
    save(path, text("1", f"Saved {save.__name__.replace('_', ' ')}"), lasting.observed.pause)
    assert lasting.only()[1] == 0
    assert f"Saved {save.__name__.replace('_', ' ')}" in lasting.page("thread/bluesky-1.html")
    assert not differences(tree(lasting.root / "public"), cold(lasting.root))


def test_a_save_that_changes_nothing_writes_nothing(lasting: Watching) -> None:
    path = lasting.root / "content/threads/b.md"
    path.write_bytes(path.read_bytes())
    assert lasting.only() == (0, 0)


def test_what_editors_leave_beside_a_file_builds_nothing(lasting: Watching) -> None:
    folder = lasting.root / "content/threads"
    for name in (".b.md.swp", "4913", "b.md~", "#b.md#", ".#b.md", ".b.md.swx", "b.md.tmp"):
        (folder / name).write_text("half of it", "utf-8")
        (folder / name).unlink()
    assert lasting.builds() == []


def test_a_burst_is_one_build(lasting: Watching) -> None:
    """Three files within a blink, of content, templates and static files."""
    (lasting.root / "content/about.md").write_text("# About us\n", "utf-8")
    (lasting.root / "templates/404.html").write_text("quite lost", "utf-8")
    (lasting.root / "static/a.txt").write_text("another", "utf-8")
    assert lasting.only()[1] == 0
    assert "About us" in lasting.page("about.html")
    assert lasting.page("404.html") == "quite lost"
    assert lasting.page("static/a.txt") == "another"


def test_what_comes_goes_and_moves_is_one_build_each(lasting: Watching) -> None:
    root, folder = lasting.root, lasting.root / "content/threads"
    outside = root / "outside"
    outside.mkdir()
    for number in range(5, 9):
        (outside / f"{number}.md").write_text(text(str(number), f"Moved in {number}"), "utf-8")
    outside.rename(folder / "inside")
    assert lasting.only()[1] == 0
    assert "Moved in 8" in lasting.page("thread/bluesky-8.html")

    (folder / "inside").rename(folder / "renamed")  # no page shows the name of a folder
    assert lasting.only() == (0, 0)
    (folder / "renamed/8.md").unlink()
    assert lasting.only()[1] == 1
    assert not (root / "public/thread/bluesky-8.html").exists()
    shutil.move(folder / "renamed", outside)
    assert lasting.only()[1] == 3
    assert not differences(tree(root / "public"), cold(root))


def test_a_broken_build_keeps_the_last_good_site(lasting: Watching) -> None:
    path = lasting.root / "content/threads/b.md"
    before, good = tree(lasting.root / "public"), path.read_text("utf-8")
    path.write_text("---\ntitle: [a\n---\n", "utf-8")
    assert "b.md:3: error: " in lasting.failure()
    assert tree(lasting.root / "public") == before
    (lasting.root / "sitegen.toml").write_text("[site]\ntitel = 1\n", "utf-8")
    assert "sitegen.toml:2: error: " in lasting.failure()
    (lasting.root / "sitegen.toml").write_text("", "utf-8")
    assert "b.md:3: error: " in lasting.failure()
    assert tree(lasting.root / "public") == before
    path.write_text(good, "utf-8")
    assert lasting.only() == (0, 0)
    assert tree(lasting.root / "public") == before


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
def test_a_checkout_of_five_hundred_files_is_one_build(watching: Watching) -> None:
    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
        command = ["git", *identity, *arguments]
        subprocess.run(command, cwd=watching.root, check=True, timeout=PATIENCE, capture_output=True)  # fmt: skip

    git("init", "-q", "-b", "few")
    git("add", "content")
    git("commit", "-qm", "few")
    git("checkout", "-q", "-b", "many")
    folder = watching.root / "content/many"
    folder.mkdir()
    for number in range(500):
        page = f"---\nnav: false\n---\n\n# One of many {number}\n"
        (folder / f"{number}.md").write_text(page, "utf-8")
    assert watching.only()[0] >= 500
    git("add", "content")
    git("commit", "-qm", "many")
    assert watching.builds() == []
    git("checkout", "-q", "few")
    assert watching.only()[1] >= 500
    assert not differences(tree(watching.root / "public"), cold(watching.root))
    git("checkout", "-q", "many")
    assert watching.only()[0] >= 500
    assert not differences(tree(watching.root / "public"), cold(watching.root))


def can_limit() -> bool:
    """Tell whether users may limit themselves here."""
    if not sys.platform.startswith("linux") or not shutil.which("unshare"):
        return False
    command = ["unshare", "-Ur", "sh", "-c", f"{LIMIT}true"]
    return subprocess.run(command, capture_output=True).returncode == 0


@pytest.mark.slow
@pytest.mark.skipif(not can_limit(), reason="needs a Linux that lets users limit themselves")
def test_at_the_limit_of_watches_it_polls_and_says_so_once(tmp_path: Path) -> None:
    root = make_site(tmp_path.resolve() / "site")
    command = ["unshare", "-Ur", "sh", "-c", f'{LIMIT}"$@"', "sh"]
    command += [sys.executable, "-m", "sitegen", "build", "--watch"]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, cwd=root, env=environment, text=True, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout
        said = []
        for line in process.stdout:
            said.append(line)
            if "files written" in line and len(said) == 2:
                (root / "hail.tmp").write_text(text("3", "Hail"), "utf-8")
                (root / "hail.tmp").replace(root / "content/threads/deep/c.md")
            if "c.md changed: " in line:
                break
        process.send_signal(signal.SIGINT)
    assert "the system cannot watch every folder (" in said[0]
    assert sum("cannot watch" in line for line in said) == 1
    assert "Hail" in (root / "public/thread/bluesky-3.html").read_text("utf-8")
