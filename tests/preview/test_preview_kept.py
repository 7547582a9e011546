"""A process that builds again and again keeps what it knows: the site is as a clean build's."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from editing import Sources, ThreadText
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from preview.serving import Serving
from test_build import site, thread
from test_warm_cold import clean, outcome
from trees import differences, tree

from sitegen.config import settings as configs
from sitegen.errors import SitegenError
from sitegen.site import build as builds
from sitegen.site import run
from sitegen.site.build import Report
from sitegen.site.cache import last_build
from sitegen.site.cache.build_cache import CHANGES, JOURNAL, STATE, Cache
from sitegen.site.cache.last_build import StateCache

PATIENCE = 60.0
REPOSITORY = Path(__file__).parents[2]
THREADS = 20
SHARE = last_build.COMPACTION_FACTOR
LONG_AGO = 1_700_000_000


class Process:
    """Builds one site again and again, as a process that watches it does."""

    def __init__(self, root: Path, min_share: float = builds.MIN_SHARE) -> None:
        self.root = root
        self.memory = StateCache()
        self.min_share = min_share

    def build(self) -> Report:
        """Build on."""
        config = configs.load(self.root / "sitegen.toml")
        return run.run_build(config, memory=self.memory, min_share=self.min_share)


class LiveEqualsCold(Sources):
    """Builds on after every change in the same process, and compares with a clean build."""

    def __init__(self) -> None:
        super().__init__()
        self.live = Process(self.root, 0)  # most posts may go at once
        self.failures = 0

    @rule(share=st.sampled_from([0, SHARE]))
    def keep_changes_apart(self, share: int) -> None:
        """Write the whole state never again, or as ever: small sites change much at a time."""
        last_build.COMPACTION_FACTOR = share

    @rule()
    def build_by_another_hand(self) -> None:
        with suppress(SitegenError):
            Process(self.root, 0).build()

    @rule()
    def start_again(self) -> None:
        self.live = Process(self.root, 0)  # most posts may go at once

    @rule()
    def build_elsewhere(self) -> None:
        """Build into a second folder from the same cache, and remember that."""
        config = configs.load(self.root / "sitegen.toml", self.root / "second")
        with suppress(SitegenError):
            run.run_build(config, memory=self.live.memory, min_share=0)

    @invariant()
    def live_is_cold(self) -> None:
        if not self.broken:
            same_as_clean(self.live)
            return
        with pytest.raises(SitegenError):
            self.live.build()
        self.failures += 1
        if self.failures % 2 == 0:
            self.mend()

    def teardown(self) -> None:
        last_build.COMPACTION_FACTOR = SHARE
        super().teardown()


TestLiveEqualsCold = LiveEqualsCold.TestCase
TestLiveEqualsCold.settings = settings(
    max_examples=max(1, settings().max_examples // 14),
    stateful_step_count=12 if settings().max_examples <= 100 else 40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def same_as_clean(live: Process) -> Report:
    """Build on and compare with a clean build."""
    report = live.build()
    expected, first = clean(live.root)
    assert not differences(tree(live.root / "public"), expected)
    assert outcome(report) == outcome(first)
    return report


@pytest.fixture
def live(tmp_path: Path) -> Process:
    """Return a process that has built a site of many threads, none of them just written."""
    threads = [thread(f"t{n}x", f"Fog {n}", "Rain", day=5 * n) for n in range(THREADS)]
    config = site(tmp_path, *threads, toml="[build]\npage_size = 5\nfeed_size = 3\n")
    for path in config.content.rglob("*.md"):
        os.utime(path, (LONG_AGO, LONG_AGO))
    live = Process(tmp_path)
    live.build()
    return live


def edit(root: Path, number: int, words: str) -> Path:
    """Write other words into a thread, as careful editors do: nobody ever sees half of it."""
    threads = sorted((root / "content/threads").rglob("*.md"))
    path = next(path for path in threads if f"fog-{number}-" in path.name)
    text = ThreadText.read(path)
    text.texts[text.posts[-1]["id"]] = words
    text.path = path.with_name("new.tmp")
    text.save()
    return text.path.replace(path)


def cache_of(root: Path) -> Cache:
    """Return the cache of a site."""
    return Cache(configs.load(root / "sitegen.toml"))


def test_an_edit_does_not_rewrite_the_whole_state(live: Process) -> None:
    folder = cache_of(live.root).folder
    before = (folder / STATE).stat()
    for number in range(3):
        edit(live.root, number, "Snow")
        assert same_as_clean(live).written
    assert (folder / STATE).stat() == before
    assert (folder / CHANGES).stat().st_size < before.st_size / 4
    cache = cache_of(live.root)
    assert StateCache().load(cache) == live.memory.load(cache)
    assert not Process(live.root).build().written


def test_many_edits_are_at_last_one_whole_state_again(live: Process) -> None:
    folder = cache_of(live.root).folder
    before = (folder / STATE).stat()
    for number in range(THREADS):
        edit(live.root, number, "Snow")
        live.build()
    assert (folder / STATE).stat().st_ino != before.st_ino
    assert not Process(live.root).build().written
    same_as_clean(live)


def test_unchanged_files_are_not_read_again(live: Process) -> None:
    cache, memory = cache_of(live.root), live.memory
    assert memory.load(cache) is memory.load(cache)
    edit(live.root, 1, "Snow")
    live.build()
    known = memory.load(cache)
    assert memory.load(cache) is known
    edit(live.root, 2, "Hail")
    Process(live.root).build()
    assert memory.load(cache) is not known


def other_build(root: Path) -> None:
    """Edit and build in another process's way, which knows nothing of this one's memory."""
    edit(root, 5, "Edited by another")
    Process(root).build()


def broken_build(root: Path) -> None:
    """Let another build break off in the middle of its pages."""
    (root / "templates").mkdir()
    (root / "templates/404.html").write_text("{{ nothing.here }}", "utf-8")
    (root / "static").mkdir()
    (root / "static/a.txt").write_text("a", "utf-8")
    with pytest.raises(SitegenError):
        Process(root).build()
    shutil.rmtree(root / "templates")
    shutil.rmtree(root / "static")


def lost_cache(root: Path) -> None:
    """Delete the cache."""
    shutil.rmtree(root / ".sitegen")


def lost_changes(root: Path) -> None:
    """Delete the second part of the state."""
    (cache_of(root).folder / CHANGES).unlink()


def lost_whole(root: Path) -> None:
    """Delete the first part of the state."""
    (cache_of(root).folder / STATE).unlink()


def cut_whole(root: Path) -> None:
    """Cut the state off, as a full disk may."""
    path = cache_of(root).folder / STATE
    path.write_bytes(path.read_bytes()[:-10])


def garbled_journal(root: Path) -> None:
    """Leave a note of files begun that nobody can read."""
    (cache_of(root).folder / JOURNAL).write_bytes(b"\xff\xfe\n\xe6")


def edited_output(root: Path) -> None:
    """Write into a page, and leave it as long as it was."""
    path = root / "public/thread/bluesky-t3x0.html"
    path.write_bytes(path.read_bytes()[::-1])


def lost_page(root: Path) -> None:
    """Delete a page."""
    (root / "public/thread/bluesky-t3x0.html").unlink()


def lost_output(root: Path) -> None:
    """Delete the site."""
    shutil.rmtree(root / "public")


MEANWHILE = [other_build, broken_build, lost_cache, lost_changes, lost_whole, cut_whole,
             garbled_journal, edited_output, lost_page, lost_output]  # fmt: skip


@pytest.mark.parametrize("happens", MEANWHILE, ids=lambda happens: happens.__name__)
def test_what_happens_between_two_builds_is_seen(
    live: Process, happens: Callable[[Path], None]
) -> None:
    edit(live.root, 1, "Snow")
    live.build()
    happens(live.root)
    same_as_clean(live)
    edit(live.root, 1, "Hail")
    report = same_as_clean(live)
    assert report.written
    expected = tree(live.root / "public")
    assert outcome(Process(live.root).build()) == outcome(report)
    assert not differences(tree(live.root / "public"), expected)


def test_changes_of_another_state_are_not_believed(live: Process) -> None:
    """As a crash, or a person who copies back half of a folder, may leave them."""
    folder = cache_of(live.root).folder
    edit(live.root, 1, "Snow")
    live.build()
    shutil.copy2(folder / CHANGES, live.root / "changes")
    (live.root / "content/threads/new.md").write_bytes(edit(live.root, 2, "Hail").read_bytes())
    edit(live.root, 2, "Hail").unlink()
    live.build()
    assert not (folder / CHANGES).exists()
    shutil.copy2(live.root / "changes", folder / CHANGES)
    assert not cache_of(live.root).changes()
    edit(live.root, 3, "Fog")
    same_as_clean(Process(live.root))


def test_a_state_without_its_last_changes_costs_time_only(live: Process) -> None:
    folder = cache_of(live.root).folder
    path = edit(live.root, 1, "Rain")
    live.build()
    before = path.stat()
    edit(live.root, 1, "Snow")
    live.build()
    (folder / CHANGES).unlink()
    edit(live.root, 1, "Rain")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    same_as_clean(Process(live.root))


def test_a_build_that_breaks_off_again_and_again_is_mended(live: Process) -> None:
    """The files that it began to change are distrusted, whatever is remembered of them."""
    edit(live.root, 1, "Snow")
    live.build()
    template = live.root / "templates/thread.html"
    template.parent.mkdir()
    for words in ("{{ nothing.here }}", "{% if %}", "A {{ nothing.here }}"):
        template.write_text(words, "utf-8")
        with pytest.raises(SitegenError):
            live.build()
    template.unlink()
    same_as_clean(live)


def test_pages_of_a_build_that_broke_off_are_distrusted(live: Process) -> None:
    """Even if they look as they were left, as with a clock that stood still."""
    thread, lost = live.root / "templates/thread.html", live.root / "templates/month.html"
    thread.parent.mkdir()
    thread.write_text("A")
    live.build()
    pages = {path: path.stat() for path in (live.root / "public").rglob("*.html")}
    thread.write_text("B")
    lost.write_text("{{ nothing.here }}")
    with pytest.raises(SitegenError):
        live.build()
    assert any(path.read_text("utf-8") == "B" for path in pages)
    for path, stat in pages.items():
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    thread.write_text("A")
    lost.unlink()
    same_as_clean(live)


def test_a_site_that_went_while_builds_broke_off_is_made_whole(live: Process) -> None:
    template = live.root / "templates/404.html"
    template.parent.mkdir()
    template.write_text("{{ nothing.here }}", "utf-8")
    for _ in range(2):
        with pytest.raises(SitegenError):
            live.build()
        shutil.rmtree(live.root / "public", ignore_errors=True)
    template.unlink()
    assert same_as_clean(live).written


@pytest.fixture
def serving(live: Process) -> Iterator[Serving]:
    """Serve the site in a process of its own."""
    serving = Serving(live.root)
    yield serving
    serving.end()


@pytest.mark.slow
def test_a_day_of_edits_while_others_build_and_delete(serving: Serving) -> None:
    root = serving.root
    by_hand = [sys.executable, "-m", "sitegen", "build", "-q"]
    with serving.page() as read_state:
        shown = read_state()["site"]
        for number in range(6):
            edit(root, number, f"Snow {number}")
            state = read_state()
            assert state["problems"] == []
            assert state["site"] != shown
            shown = state["site"]
            assert not differences(tree(root / "public"), clean(root)[0])
            if number == 1:
                subprocess.run(by_hand, cwd=root, check=True, timeout=PATIENCE)
            if number == 2:
                shutil.rmtree(root / ".sitegen")
            if number == 3:
                shutil.rmtree(root / "public/thread")


@pytest.mark.slow
def test_a_server_that_is_killed_loses_nothing(serving: Serving) -> None:
    with serving.page() as read_state:
        read_state()
        edit(serving.root, 1, "Snow")
        read_state()
    serving.end()
    report = same_as_clean(Process(serving.root))
    assert not report.written
