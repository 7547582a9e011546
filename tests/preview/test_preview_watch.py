"""Real files, real observers: every way of saving is one burst, and reading is none."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from preview.observed import Observed, OwnTime, observing
from watchdog.observers.api import BaseObserver
from watchdog.observers.polling import PollingEmitter

from sitegen.preview.bursts import BY_EDITOR, BY_PROGRAM, MAX_EDITOR_PATHS, SAVED, Changes
from sitegen.preview.watch import Watcher

PATIENCE = 60.0
REPOSITORY = Path(__file__).parents[2]

Pause = Callable[[float], None]


@contextmanager
def watching(folder: Path, watched: Sequence[str] = ("content",)) -> Iterator[Observed]:
    """Watch some names below a folder, in a time of its own."""
    ignored = [folder / "content/public", folder / ".sitegen"]
    with observing(folder, lambda: [folder / name for name in watched], ignored) as observed:
        yield observed


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a folder with a few posts, resolved as the observers report paths."""
    folder = tmp_path.resolve() / "site"
    for name in ("a", "b", "deep/c"):
        file = folder / f"content/{name}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"post {name}", "utf-8")
    return folder


def rename_over(folder: Path, _: Pause) -> None:
    """Save as careful editors do: whole, under another name, then renamed."""
    new = folder / "content/a.md.tmp"
    new.write_text("changed", "utf-8")
    os.replace(new, folder / "content/a.md")


def rename_over_unknown_name(folder: Path, _: Pause) -> None:
    """Save as `sed -i` does, whose temporary name nobody can know."""
    new = folder / "content/sedKqWx1"
    new.write_text("changed", "utf-8")
    os.replace(new, folder / "content/a.md")


def truncate(folder: Path, pause: Pause) -> None:
    """Save as simple editors do: emptied, then written, slowly."""
    with (folder / "content/a.md").open("w", encoding="utf-8") as file:
        file.flush()
        pause(0.1)
        file.write("changed")


def vim(folder: Path, pause: Pause) -> None:
    """Save as vim does: a probe, a swap file, the old file renamed, a new one, a slow fsync."""
    content = folder / "content"
    (content / ".a.md.swp").write_bytes(b"swap")
    (content / "4913").touch()
    (content / "4913").unlink()
    (content / "a.md").rename(content / "a.md~")
    with (content / "a.md").open("w", encoding="utf-8") as file:
        file.write("changed")
        file.flush()
        pause(0.1)
    (content / "a.md~").unlink()
    (content / ".a.md.swp").unlink()


def emacs(folder: Path, _: Pause) -> None:
    """Save as Emacs does: a lock that leads nowhere, an autosave, a backup."""
    content = folder / "content"
    (content / ".#a.md").symlink_to("someone@somewhere.1234")
    (content / "#a.md#").write_text("half", "utf-8")
    shutil.copy(content / "a.md", content / "a.md~")
    (content / "a.md").write_text("changed", "utf-8")
    (content / "#a.md#").unlink()
    (content / ".#a.md").unlink()


@pytest.mark.parametrize("save", [rename_over, rename_over_unknown_name, truncate, vim, emacs])
def test_a_save_is_one_burst(site: Path, save: Callable[[Path, Pause], None]) -> None:
    with watching(site) as bursts:
        save(site, bursts.pause)
        burst = bursts.only()
    assert "content/a.md" in burst
    assert burst <= {"content/a.md", "content/a.md~", "content/a.md.tmp", "content/sedKqWx1"}


@pytest.mark.skipif(not shutil.which("vim"), reason="vim is not installed")
@pytest.mark.parametrize("copies", ["yes", "no"])
def test_the_real_vim_is_one_burst(site: Path, copies: str) -> None:
    commands = ["set backup writebackup swapfile", f"set backupcopy={copies}", "s/^/new /", "wq"]
    arguments = [part for command in commands for part in ("-c", command)]
    with watching(site) as bursts:
        vim = ["vim", "-es", "-u", "NONE", "-N", *arguments, str(site / "content/a.md")]
        subprocess.run(vim, check=True, timeout=PATIENCE)
        assert "content/a.md" in bursts.only()
    assert (site / "content/a.md").read_text("utf-8") == "new post a\n"


def test_a_file_is_created_and_deleted(site: Path) -> None:
    with watching(site) as bursts:
        (site / "content/deep/new.md").write_text("new", "utf-8")
        assert bursts.only() == {"content/deep/new.md"}
        (site / "content/deep/new.md").unlink()
        assert bursts.only() == {"content/deep/new.md"}


def test_a_save_is_answered_at_once(site: Path) -> None:
    with watching(site) as bursts:
        (site / "content/a.md").write_text("changed", "utf-8")
        bursts.pause(SAVED.quiet_seconds * 1.01)
        assert bursts.time.at < BY_EDITOR.quiet_seconds
        assert bursts.seen() == [{"content/a.md"}]


def test_a_file_that_goes_is_answered_at_once(site: Path) -> None:
    with watching(site) as bursts:
        (site / "content/a.md").rename(site / "a.md")
        bursts.pause(BY_EDITOR.quiet_seconds * 1.01)
        assert bursts.seen() == [{"content/a.md"}]


def test_a_folder_moves_within_the_content(site: Path) -> None:
    with watching(site) as bursts:
        (site / "content/deep").rename(site / "content/deeper")
        assert "content/deeper" in bursts.only()
        (site / "content/deeper/c.md").write_text("seen after the move", "utf-8")
        assert bursts.only() == {"content/deeper/c.md"}


def test_a_folder_moves_in_and_out(site: Path) -> None:
    outside = site / "elsewhere"
    outside.mkdir()
    (outside / "d.md").write_text("post d", "utf-8")
    with watching(site) as bursts:
        outside.rename(site / "content/inside")
        assert "content/inside" in bursts.only()
        (site / "content/inside/d.md").write_text("seen after the move", "utf-8")
        assert bursts.only() == {"content/inside/d.md"}
        (site / "content/inside").rename(outside)
        assert "content/inside" in bursts.only()
        (outside / "d.md").write_text("no longer ours", "utf-8")
        assert not bursts.all()


def test_the_content_itself_is_replaced(site: Path) -> None:
    with watching(site) as bursts:
        (site / "content").rename(site / "old")
        assert "content" in bursts.only()
        (site / "content/deep").mkdir(parents=True)
        assert "content" in bursts.only()
        (site / "content/deep/c.md").write_text("the new one is watched", "utf-8")
        assert bursts.only() == {"content/deep/c.md"}
        (site / "old/a.md").write_text("the old one is not", "utf-8")
        assert not bursts.all()


def test_the_content_is_exchanged_within_one_burst(site: Path) -> None:
    shutil.copytree(site / "content", site / "new")
    with watching(site) as bursts:
        (site / "content").rename(site / "old")
        (site / "new").rename(site / "content")
        assert "content" in bursts.only()
        (site / "content/a.md").write_text("the new one is watched", "utf-8")
        assert bursts.only() == {"content/a.md"}


def test_the_content_is_deleted_and_comes_back(site: Path) -> None:
    with watching(site) as bursts:
        shutil.rmtree(site / "content")
        assert "content/a.md" in bursts.only()
        (site / "content").mkdir()
        assert "content" in bursts.only()
        (site / "content/a.md").write_text("again", "utf-8")
        assert bursts.only() == {"content/a.md"}


def test_what_does_not_exist_is_seen_when_it_comes(tmp_path: Path) -> None:
    site = tmp_path.resolve()
    watched = ("far/away/content", "sitegen.toml")
    with watching(site, watched=watched) as bursts:
        (site / "unrelated").mkdir()
        (site / "unrelated.txt").touch()
        (site / "far/away/content").mkdir(parents=True)
        assert "far" in bursts.only()
        (site / "far/away/content/a.md").write_text("new", "utf-8")
        assert "far/away/content/a.md" in bursts.only()
        (site / "sitegen.toml").write_text("[site]", "utf-8")
        assert bursts.only() == {"sitegen.toml"}


def test_a_new_watched_folder_is_followed(site: Path) -> None:
    watched = ["content"]
    (site / "themes").mkdir()
    with watching(site, watched=watched) as bursts:
        (site / "themes/page.html").write_text("not watched", "utf-8")
        assert not bursts.all()
        watched.append("themes")
        (site / "content/a.md").write_text("this makes it look", "utf-8")
        bursts.only()
        (site / "themes/page.html").write_text("watched now", "utf-8")
        assert bursts.only() == {"themes/page.html"}


def test_a_broken_configuration_ends_nothing(site: Path) -> None:
    broken = threading.Event()

    def watched() -> list[Path]:
        if broken.is_set():
            raise ValueError("half written")
        return [site / "content"]

    with Watcher(watched, [], say=print) as watcher:
        broken.set()
        watcher.refresh()
        (site / "content/a.md").write_text("still seen", "utf-8")
        assert watcher.wait() == frozenset({str(site / "content/a.md")})


def test_a_linked_content_folder_is_watched(site: Path) -> None:
    (site / "content").rename(site / "real")
    (site / "content").symlink_to(site / "real")
    with watching(site) as bursts:
        (site / "content/a.md").write_text("through the link", "utf-8")
        assert bursts.only() == {"real/a.md"}
        (site / "content").unlink()
        assert bursts.only() == {"content"}


def test_five_hundred_files_are_one_burst(site: Path) -> None:
    with watching(site) as bursts:
        for number in range(500):
            (site / f"content/{number}.md").write_text(f"post {number}", "utf-8")
        assert bursts.only() == {f"content/{number}.md" for number in range(500)}


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
def test_a_checkout_is_one_burst(site: Path) -> None:
    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
        command = ["git", *identity, *arguments]
        subprocess.run(command, cwd=site, check=True, timeout=PATIENCE, stdout=subprocess.DEVNULL)

    git("init", "-q", "-b", "few")
    git("add", ".")
    git("commit", "-qm", "a few")
    git("checkout", "-q", "-b", "many")
    many = {f"content/{number}.md" for number in range(500)}
    for path in many:
        (site / path).write_text(f"post {path}", "utf-8")
    git("add", ".")
    git("commit", "-qm", "many")
    with watching(site) as bursts:
        git("checkout", "-q", "few")
        assert bursts.only() == many
        git("checkout", "-q", "many")
        assert bursts.only() == many


def test_its_own_reading_and_writing_is_no_change(site: Path) -> None:
    with watching(site) as bursts:
        for file in (site / "content").rglob("*.md"):
            file.read_text("utf-8")
        os.listdir(site / "content/deep")
        (site / "content/public").mkdir()
        (site / "content/public/a.html").write_text("output", "utf-8")
        (site / ".sitegen").mkdir()
        (site / ".sitegen/cache").write_text("cache", "utf-8")
        assert not bursts.all()
        (site / "content/public.md").write_text("beside the output", "utf-8")
        assert bursts.only() == {"content/public.md"}


@pytest.mark.parametrize(
    "name",
    [
        "4913",
        "a.md~",
        ".a.md.swp",
        ".a.md.swx",
        ".#a.md",
        "#a.md#",
        "a.md.tmp",
        ".goutputstream-X1Y2Z3",
        "a.md___jb_tmp___",
        ".DS_Store",
        "._a.md",
        "Thumbs.db",
    ],
)
def test_what_editors_leave_behind_is_no_change(site: Path, name: str) -> None:
    changes = _seen(site, site / "content" / name)
    assert not changes


@pytest.mark.parametrize("name", ["a.md", ".well-known", "4913.md", "a#b.md", "نص.md", "a.md~b"])
def test_what_is_like_a_dropping_but_none_is_a_change(site: Path, name: str) -> None:
    assert _seen(site, site / "content" / name)


def test_a_repository_s_own_files_are_no_change(site: Path) -> None:
    assert not _seen(site, site / "content/.git/index")
    assert not _seen(site, site / "content/.git/refs/heads/main")


def _seen(site: Path, file: Path) -> list[set[str]]:
    """Return what a watcher makes of a change to this file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with watching(site) as bursts:
        file.write_text("x", "utf-8")
        return bursts.all()


def test_a_change_during_a_build_is_one_more_burst(site: Path) -> None:
    with watching(site) as bursts:
        (site / "content/a.md").write_text("first", "utf-8")
        assert bursts.only() == {"content/a.md"}
        (site / "content/a.md").write_text("while it is being built", "utf-8")
        (site / "content/b.md").write_text("this one too", "utf-8")
        assert bursts.only() == {"content/a.md", "content/b.md"}


@pytest.fixture
def time() -> OwnTime:
    """Return a time that passes when it is waited for."""
    return OwnTime()


@pytest.fixture
def changes(time: OwnTime) -> Changes:
    """Return changes that are gathered in that time."""
    return Changes(time)


def lasted(changes: Changes, time: OwnTime) -> float:
    """Wait for a burst; return how long that was."""
    started = time.at
    assert changes.wait()
    return time.at - started


def test_a_writer_that_never_ends_does_not_hold_up_the_build(
    changes: Changes, time: OwnTime
) -> None:
    time.later = [(number / 100, lambda: changes.add("log")) for number in range(1, 1000)]
    changes.add("log")
    assert lasted(changes, time) == pytest.approx(BY_EDITOR.max_seconds)


def test_a_file_held_open_is_waited_for_but_not_for_ever(changes: Changes, time: OwnTime) -> None:
    changes.add_open("film.mp4")
    assert lasted(changes, time) == pytest.approx(BY_EDITOR.max_seconds)


def test_many_changes_wait_for_a_longer_quiet(changes: Changes, time: OwnTime) -> None:
    for number in range(MAX_EDITOR_PATHS + 1):
        changes.add(str(number))
    assert lasted(changes, time) == pytest.approx(BY_PROGRAM.quiet_seconds)


def test_where_something_came_or_went_more_is_waited_for(changes: Changes, time: OwnTime) -> None:
    for note in (changes.add_unsettled, changes.add_deleted):
        changes.add_saved("saved.md")
        note("other.md")
        assert lasted(changes, time) == pytest.approx(BY_EDITOR.quiet_seconds)


def test_a_writer_s_own_file_that_went_is_not_waited_for(changes: Changes, time: OwnTime) -> None:
    """As when a file is written under another name and then takes its place."""
    changes.add_unsettled("made-up")
    changes.add_open("made-up")
    changes.add_saved("made-up")
    changes.add_deleted("made-up")
    changes.add_saved("a.md")
    assert lasted(changes, time) == pytest.approx(SAVED.quiet_seconds)


def test_a_change_of_rights_is_no_end_of_writing(changes: Changes, time: OwnTime) -> None:
    changes.add_open("a.md")
    changes.add("a.md")
    assert lasted(changes, time) == pytest.approx(BY_EDITOR.max_seconds)


def test_who_waits_for_more_is_woken_when_the_file_is_saved(
    changes: Changes, time: OwnTime
) -> None:
    changes.add_unsettled("a.md")
    time.later = [(0.005, lambda: changes.add_saved("a.md"))]
    assert lasted(changes, time) == pytest.approx(0.005 + SAVED.quiet_seconds)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs notices of closings")
def test_rights_that_are_set_while_writing_end_no_burst(site: Path) -> None:
    """Programs empty a file, set its rights, and then write."""
    with watching(site) as bursts:
        with (site / "content/a.md").open("w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), 0o600)
            bursts.pause(0.1)
            file.write("changed")
        assert bursts.only() == {"content/a.md"}


def test_closing_lets_go_at_once_and_for_ever() -> None:
    changes = Changes()
    waiting = threading.Thread(target=changes.wait)
    waiting.start()
    changes.close()
    waiting.join(PATIENCE)
    assert not waiting.is_alive()
    changes.add("late")
    assert changes.wait() is None


class FullObserver(BaseObserver):
    """An observer of a system whose limit is reached."""

    def __init__(self, code: int) -> None:
        super().__init__(PollingEmitter)
        self._code = code

    def schedule(self, *_: Any, **__: Any) -> Any:
        """Refuse."""
        raise OSError(self._code, os.strerror(self._code))


def _no_instance(_: object) -> BaseObserver:
    raise OSError(errno.EMFILE, "inotify instance limit reached")


@pytest.mark.parametrize(
    "observer",
    [lambda _: FullObserver(errno.ENOSPC), lambda _: FullObserver(errno.EMFILE), _no_instance],
)
def test_at_a_limit_files_are_polled(
    site: Path, observer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sitegen.preview.watch.POLL_SECONDS", 0.05)
    said: list[str] = []
    watched, deep = [site / "content"], site / "content/deep"
    with Watcher(lambda: watched, [], say=said.append, observer=observer) as watcher:
        for file in (deep / "c.md", deep / "new.md"):
            file.write_text("seen without notices", "utf-8")
            while str(file) not in (watcher.wait() or ()):
                pass
    assert len(said) == 1
    assert "every 0.05 s" in said[0]


LIMITED = """
import sys, pathlib
pathlib.Path("/proc/sys/user/max_inotify_watches").write_text("4")
from sitegen.preview import watch
watch.POLL_SECONDS = 0.05
folder = pathlib.Path(sys.argv[1])
said = []
with watch.Watcher(lambda: [folder / "content"], [], say=said.append) as watcher:
    if sys.argv[2] == "later":
        assert not said
        for name in "1234":
            (folder / "content" / name).mkdir()
        watcher.wait()
        watcher.refresh()
    assert len(said) == 1, said
    (folder / "content/deep/c.md").write_text("seen all the same")
    burst = watcher.wait()
    while str(folder / "content/deep/c.md") not in burst:
        burst = watcher.wait()
print(said[0])
"""


def _can_limit() -> bool:
    if not sys.platform.startswith("linux") or not shutil.which("unshare"):
        return False
    command = ["unshare", "-Ur", "sh", "-c", "echo 4 > /proc/sys/user/max_inotify_watches"]
    return subprocess.run(command, capture_output=True).returncode == 0


@pytest.mark.skipif(not _can_limit(), reason="needs a Linux that lets users limit themselves")
@pytest.mark.parametrize("when", ["at once", "later"])
def test_the_kernel_s_own_limit_leads_to_polling(site: Path, when: str) -> None:
    if when == "at once":
        for name in "1234":
            (site / "content" / name).mkdir()
    command = ["unshare", "-Ur", sys.executable, "-c", LIMITED, str(site), when]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr
    assert "the system cannot watch every folder (" in done.stdout


LATE_CHANGE = """
import sys
from sitegen.preview.watch import native_observer
from watchdog.events import FileSystemEventHandler

observer = native_observer(lambda error: None)
observer.schedule(FileSystemEventHandler(), sys.argv[1], recursive=True)
observer.start()
(emitter,) = observer.emitters
observer.stop()
observer.join()
emitter.queue_events(0)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have other observers")
def test_a_change_that_comes_while_a_watch_ends_prints_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LATE_CHANGE, str(tmp_path)],
        capture_output=True, text=True, timeout=6 * PATIENCE, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
