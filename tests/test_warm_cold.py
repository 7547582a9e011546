"""Warm equals cold: whatever is done to a site's sources, building on gives a clean build's bytes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from editing import SETTINGS, SOURCES, Sources, ThreadText, linked
from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant, rule
from test_build import site, thread
from trees import differences, tree

from sitegen.config import settings as configs
from sitegen.config.schema import TABLES, Config
from sitegen.errors import ContentError, SitegenError
from sitegen.model import Author, Counts, Post, Thread
from sitegen.site import build as builds
from sitegen.site.build import Report

TIED_WORDS = ("fog", "weir", "heron", "ferry")
PEOPLE = """[[people]]
name = "Ada"
accounts = ["ada0.example"]
[[people]]
name = "Bo"
accounts = ["ada1.example", "ada2.example"]
"""
COMMAND = (sys.executable, "-m", "sitegen")
PATIENCE = 60


def clean(root: Path) -> tuple[dict[str, bytes], Report]:
    """Copy a site's sources elsewhere; return what a first build makes of them, and says."""
    with tempfile.TemporaryDirectory() as name:
        elsewhere = Path(name) / "elsewhere"
        elsewhere.mkdir()
        for source in SOURCES:
            if (root / source).is_dir():
                shutil.copytree(root / source, elsewhere / source)
            elif (root / source).exists():
                shutil.copy(root / source, elsewhere / source)
        config = configs.load(elsewhere / "sitegen.toml")
        return tree(config.output) if (report := built(config)) else {}, report


def outcome(report: Report) -> tuple[Any, ...]:
    """Return what a report says of the site, wherever that lies."""
    warnings = [
        re.sub(r"^.*?(?=content/|sitegen\.toml)", "", warning) for warning in report.warnings
    ]
    return report.files, report.threads, report.posts, warnings


def built(config: Config) -> Report:
    """Build; where most posts are gone, as a person who took them out."""
    try:
        return builds.build(config)
    except ContentError as error:
        if "are left since" not in error.message:
            raise
        return builds.build(config, min_share=0)


def warm_is_cold(root: Path, by_command: bool = False) -> None:
    """Build on, compare with a clean build, and build for nothing."""
    config = configs.load(root / "sitegen.toml")
    if by_command:
        command = [*COMMAND, "build", "-q"]
        if subprocess.run(command, cwd=root, timeout=PATIENCE).returncode:
            subprocess.run([*command, "--force"], cwd=root, check=True, timeout=PATIENCE)
    report = built(config)
    expected, first = clean(root)
    assert not differences(tree(config.output), expected)
    assert outcome(report) == outcome(first)
    again = builds.build(config)
    # A picture that was new when it was seen may have changed since: it is copied once more.
    assert [path for path in again.written if not (root / "content" / path).exists()] == []
    assert again.removed == ()


class WarmEqualsCold(Sources):
    """Builds on after every change, and compares with a clean build."""

    def __init__(self) -> None:
        super().__init__()
        self.held = 0
        self.failures = 0
        self.by_command = False

    @rule()
    def hold(self) -> None:
        """Do the next things without a build between them."""
        self.held = 3

    @rule()
    def build_elsewhere(self) -> None:
        """Build into a second folder from the same cache."""
        with suppress(SitegenError):
            built(configs.load(self.root / "sitegen.toml", self.root / "second"))

    @rule()
    def next_by_command(self) -> None:
        """Build next in a process that remembers nothing."""
        self.by_command = True

    @invariant()
    def warm_is_cold(self) -> None:
        self.held = max(0, self.held - 1)
        if self.held:
            return
        if self.broken:
            self.stays_as_it_is()
            return
        warm_is_cold(self.root, self.by_command)
        self.by_command = False

    def stays_as_it_is(self) -> None:
        """Fail, change nothing, and at the second time be mended."""
        before = tree(self.output)
        with pytest.raises(SitegenError):
            builds.build(configs.load(self.root / "sitegen.toml"))
        if {path.parent.name for path in self.broken} != {"templates"}:  # they fail at their page
            assert tree(self.output) == before
        self.failures += 1
        if self.failures % 2 == 0:
            self.mend()


TestWarmEqualsCold = WarmEqualsCold.TestCase
TestWarmEqualsCold.settings = settings(
    max_examples=max(1, settings().max_examples // 6),
    stateful_step_count=15 if settings().max_examples <= 100 else 40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def changes(sources: Sources) -> Iterator[str]:
    """Make one change after another, each of what some page shows of something else; name it."""
    root, write = sources.root, sources.write

    def of(word: str) -> ThreadText:
        return ThreadText.read(next(path for path in sources.threads if f"-{word}-" in path.name))

    def edited(word: str, at: int = 0, **fields: Any) -> str:
        text = of(word)
        text.posts[at] |= fields
        text.save()
        return f"{word}: {fields}"

    yield edited("alone", quote_of="first0")
    yield edited("moor", mentions=["eve.example"])
    elsewhere = of("fen")
    elsewhere.texts["fourth"] = "<https://moor.example/other>"
    elsewhere.save()
    yield "where a post leads to"
    yield edited("alone", media=[{"kind": "image", "path": "media/new.png", "alt": "New"}])
    quoted = of("one")
    quoted.texts["first0"] = "What others quote, anew"
    quoted.save()
    yield "the text of a post that another quotes"
    yield edited("one", hide=True)
    yield edited("one", hide=False)
    stated = [
        {"id": "later0", "url": "https://ada.example/later", "author": {"handle": "cy.example"}}
    ]
    for how in ("reply_to", "repost_of", "quote_of"):
        fields: dict[str, Any] = {"reply_to": None, "repost_of": None, how: "later0"}
        yield edited("alone", 0, **fields, elsewhere=stated)
        sources.bring_in("later", ["Later words"], 5, [])
        yield f"a post that comes, which another names as its {how}"
        later = of("later")
        later.fields["account"] = {"handle": f"{how}.example"}
        later.save()
        yield f"who wrote a post that another names as its {how}"
        later.path.unlink()
        yield f"a post that goes, which another names as its {how}"
    yield edited("alone", quote_of="first0")
    quoted.path.rename(quoted.path.with_name("else-one-where.md"))
    yield "the name of a file"
    write("content/media/new.png", "A")
    yield "a picture that was missing"
    write("content/media/new.png", "B")
    yield "a picture of the same size"
    write("content/media/new.png", "fLaC")
    yield "a picture that becomes a sound"
    write("content/media/new.png", "GIF89a")
    yield "a sound that becomes a picture"
    yield edited("alone", warning="Spiders")
    yield edited("alone", media=[{"kind": "video", "path": "media/new.png"}])
    yield edited("alone", media=[{"kind": "video", "path": "media/none.mp4"}])
    yield edited("one", 1, hide=True, media=[{"kind": "image", "path": "media/new.png"}])
    yield edited("one", 1, media=[{"kind": "image", "path": "media/a.png"}])
    yield edited("one", 1, hide=False)
    (root / "content/media/new.png").unlink()
    yield "a picture that goes"
    yield edited("one", 1, author={"handle": "eve.example", "name": "Eve"})
    yield edited("one", langs=["ar"], counts={"likes": 3}, uncertain=["date"])
    yield edited("one", 1, counts={"likes": 30})
    yield edited("one", 1, counts={"likes": 30, "reposts": 2, "replies": 5})
    yield edited("more", counts={"likes": 31})
    yield edited("more", langs=["ja"])
    yield edited("more", created_at="2024-03-01T23:10:00Z")
    for key, value in {
        "title": "A title that neighbours show",
        "tags": ["moor"],
        "date": "2024-01-02T22:00:00Z",
        "account": {"handle": "bo.example"},
        "network": "mastodon",
    }.items():
        text = of("one")
        text.fields[key] = value
        text.save()
        yield f"{key}: {value}"
    text = of("one")
    text.posts.reverse()
    text.save()
    yield "the order of posts"
    text.posts.pop()
    text.save()
    yield "a post that goes"
    of("alone").path.unlink()
    yield "a thread between two others"
    profile = '---\nnetwork: "bluesky"\nid: "ada.example"\nhandle: "ada.example"\nname: "{}"\navatar: "media/a.png"\n---\n'
    write("content/profiles/ada.md", profile.format("Ada"))
    yield "a profile that comes"
    write("content/profiles/ada.md", profile.format("Eve"))
    yield "the name of an account"
    write("content/profiles/eve.md", profile.replace('id: "ada', 'id: "did:plc:ada').format("Eve"))
    yield "an account with its id, of which only the handle was known"
    whole = profile.replace('id: "ada', 'id: "did:plc:ada').replace("avatar", "banner")
    write(
        "content/profiles/eve.md", whole.replace("name:", 'pinned: "first0"\nname:').format("Eve")
    )
    yield "the banner and the pinned post of an account"
    text = of("one")
    text.fields["title"] = "A title that a profile shows"
    text.save()
    yield "the title of a pinned post"
    (root / "content/profiles/eve.md").unlink()
    yield "an account that goes, but for its handle"
    (root / "content/media/a.png").unlink()
    yield "an avatar that goes"
    write("content/about.md", "# About")
    yield "a page of one's own, in the navigation of all"
    write("content/about.md", "# Above")
    yield "its title"
    name = of("moor").path.relative_to(root / "content").as_posix()
    write("content/about.md", f"# Above\n\n![b](img/b.png) [m]({name}#third) [n](notes/x.md)")
    yield "addresses in a page"
    for word in ("A", "B"):
        write("content/img/b.png", word)
        yield f"the file of an address, {word}"
    write("content/notes/x.md", "# X")
    yield "the page of an address"
    write("content/notes/x.md", "---\nhide: true\n---\n# X")
    yield "a page of an address that is hidden"
    (root / "content" / name).rename(root / "content/threads/moor-else.md")
    yield "the thread of an address that moves"
    (root / "content/img/b.png").unlink()
    yield "the file of an address that goes"
    moved = of("fen")
    moved.texts["fourth"] = "Code\n\n```py\nx = 1\n```"
    moved.save()
    yield "the first code of the site"
    moved.texts["fourth"] = "\nCode [b](../img/b.png)\n\n```py\nx = 1\n```"
    moved.save()
    yield "an address in a post that leads nowhere"
    moved.texts["fourth"] = "Code\n\n[b](../img/b.png)\n\n```py\nx = 1\n```"
    moved.save()
    yield "the line of such an address"
    write(
        "templates/tag.html",
        "{% extends 'base.html' %}{% block main %}{% include 'm.html' %}{% endblock %}",
    )
    write("templates/m.html", "A")
    yield "a template"
    write("templates/m.html", "B")
    yield "what a template includes"
    write("templates/poster.html", "A")
    yield "a template that nothing uses"
    write("content/about.md", "---\ntemplate: poster.html\n---\n# Above")
    yield "the template of a page of one's own"
    write("templates/poster.html", "{{ document.fields | length }}")
    yield "what the template of such a page has"
    write("content/about.md", "---\ntemplate: poster.html\nplace: {moor: [1, 2]}\n---\n# Above")
    yield "a key of one's own"
    write("content/about.md", "# Above")
    yield "a page of one's own without a template"
    shutil.rmtree(root / "templates")
    yield "templates that go"
    for name in ("static/a.txt", "static/custom.css", "static/style.css"):
        for word in ("--color-link: A", "--color-link: B"):
            write(name, word)
            yield f"{name} {word}"
    shutil.rmtree(root / "static")
    yield "static files that go"
    for setting, values in sorted(SETTINGS.items()):
        for value in values:
            sources.settings = {("build", "page_size"): 2, setting: value}
            sources.configure()
            yield f"{setting} = {value}"
    sources.settings = {("theme", "name"): "mine"}
    sources.configure()
    yield "the theme"
    write("themes/mine/static/theme.css", "p { color: pink }")
    yield "a theme's own file"


def test_every_setting_that_a_build_reads_is_among_those_changed() -> None:
    tables = ("site", "theme", "build", "markdown", "privacy", "topics")
    read = {(table, key) for table in tables for key in TABLES[table][1]._fields}
    only_exports = {("topics", "min_authors")}
    assert {*SETTINGS} == read - only_exports | {("people", ""), ("collection", "")}


@pytest.mark.slow
def test_each_change_alone_reaches_every_page_that_shows_it() -> None:
    sources = Sources()
    sources.start()
    for day in range(0, 300, 25):  # enough for insights
        sources.bring_in(f"more{day}x", [f"More {day} @bo.example"], day, ["sky"])
    sources.bring_in("answer", ["An answer"], 3, [])
    answer = ThreadText.read(next(path for path in sources.threads if "-answer-" in path.name))
    answer.posts[0]["reply_to"] = "gone"
    answer.save()
    sources.write("content/topics.toml", '[[topic]]\nname = "more"\nwords = ["more"]\n')
    sources.settings = {("site", "base_url"): "https://ada.example", ("build", "page_size"): 2}
    sources.configure()
    warm_is_cold(sources.root)
    for change in changes(sources):
        try:
            warm_is_cold(sources.root)
        except AssertionError as error:
            raise AssertionError(f"after a change of {change}: {error}") from error
    sources.teardown()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return the folder of a site with one thread, built."""
    builds.build(site(tmp_path, thread("a", "Fog over the moor", "Rain")))
    return tmp_path


def shown(root: Path) -> str:
    """Build, and return the page of the site's only thread."""
    builds.build(configs.load(root / "sitegen.toml"))
    return (root / "public/thread/bluesky-a0.html").read_text("utf-8")


def only_thread(root: Path) -> Path:
    """Return the file of the site's only thread."""
    return next((root / "content/threads").rglob("*.md"))


def test_an_edit_right_after_a_build_is_seen(root: Path) -> None:
    """No clock ticks between a build and a save that a program makes."""
    path = only_thread(root)
    text = path.read_text("utf-8")
    for word in ("Fen", "Dew", "Ice", "Fog") * 5:
        path.write_text(text.replace("\nFog over", f"\n{word} over"), "utf-8")
        assert f"{word} over" in shown(root)


def test_a_file_of_the_same_size_and_time_is_another_file(root: Path) -> None:
    """Archives unpack, and copies keep times: `cp -p`, `rsync -t`, `tar x`."""
    path = only_thread(root)
    stat = path.stat()
    os.utime(path, ns=(0, stat.st_mtime_ns - 10**10))
    assert "Fog over" in shown(root)
    other = path.with_name("other")
    other.write_text(path.read_text("utf-8").replace("\nFog over", "\nFen over"), "utf-8")
    os.utime(other, ns=(0, path.stat().st_mtime_ns))
    other.replace(path)
    assert "Fen over" in shown(root)


@pytest.mark.parametrize("ahead", [0, 3600 * 10**9])
def test_a_file_that_is_new_when_seen_is_looked_at_again(root: Path, ahead: int) -> None:
    """Its next change may have the same time: a tick is long, and some clocks run ahead."""
    path = only_thread(root)
    text = path.read_text("utf-8")
    path.write_text(text.replace("\nFog over", "\nFen over"), "utf-8")
    new = path.stat().st_mtime_ns + ahead
    os.utime(path, ns=(new, new))
    assert "Fen over" in shown(root)
    path.write_text(text.replace("\nFog over", "\nDew over"), "utf-8")
    os.utime(path, ns=(new, new))
    assert "Dew over" in shown(root)


def test_what_is_written_while_a_build_runs_is_in_the_next(root: Path) -> None:
    config = configs.load(root / "sitegen.toml")
    ended = threading.Event()

    def write() -> None:
        number = 0
        while not ended.is_set():
            number += 1
            text = f"---\ntitle: N{number}\n---\nWords {number % 7}"
            for name in ("content/a.md", "templates/404.html", "static/a.txt"):
                (root / name).parent.mkdir(exist_ok=True)
                partial = root / f"{name}~"
                partial.write_text(text, "utf-8")
                partial.replace(root / name)
            ended.wait(0.001)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(20):
            with suppress(SitegenError):  # "changed while the site was built", or gone
                builds.build(config)
    finally:
        ended.set()
        writer.join()
    builds.build(config)
    assert not differences(tree(config.output), clean(root)[0])


# A site with enough pages for several processes, built by the command.

LARGE = 150  # threads of two posts


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a site that is worth a second process."""
    folder = tmp_path_factory.mktemp("large")
    threads = [
        thread(f"t{n}x", f"Words {n}", f"More {n}", day=n, tags=(f"tag{n % 9}",))
        for n in range(LARGE)
    ]
    for n in range(16):
        text, url = f"@bo{n % 4}.example https://h{n % 8}.example/", f"https://h{n % 8}.example/"
        threads.append(linked(f"l{n}", text, n + 1, url, mentions=(f"bo{n % 4}.example",)))
    config = site(folder, *threads)
    (config.content / "about.md").write_text("# Über *uns*\n\n| a | b |\n|---|---|\n| İ | ß |\n")
    return folder


def command(root: Path, jobs: int, more: str = "", **world: str) -> dict[str, bytes]:
    """Build by the command, in some world, with some processes; return the site."""
    (root / "sitegen.toml").write_text(f"[build]\njobs = {jobs}\n{more}", "utf-8")
    environment = {**os.environ, **world}
    command = [*COMMAND, "build", "-q"]
    subprocess.run(command, cwd=root, env=environment, check=True, timeout=PATIENCE)
    return tree(root / "public")


@pytest.mark.slow
def test_no_world_and_no_number_of_processes_changes_a_byte(large: Path, tmp_path: Path) -> None:
    worlds = [
        (1, {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"}),
        (2, {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "7"}),
        (3, {"TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8", "PYTHONUTF8": "0", "PYTHONHASHSEED": "99"}),
    ]  # fmt: skip
    found = []
    for number, (jobs, world) in enumerate(worlds):
        root = tmp_path / f"world {number}"
        shutil.copytree(large / "content", root / "content")
        found.append(command(root, jobs, **world))
    assert len(found[0]) > 2 * LARGE
    assert not differences(found[1], found[0])
    assert not differences(found[2], found[0])


@pytest.mark.slow
@pytest.mark.parametrize("people", ["", PEOPLE], ids=["accounts", "people"])
def test_what_is_equal_has_an_order_of_its_own(tmp_path: Path, people: str) -> None:
    """Nothing is left to the order of a set: times, likes, names and counts are all the same."""
    config = site(tmp_path, *(tied(number) for number in range(18)))
    topics = "".join(f'[[topic]]\nname = "{word}"\nwords = ["{word}"]\n' for word in TIED_WORDS)
    (config.content / "topics.toml").write_text(topics, "utf-8")
    found = []
    for seed in ("0", "1", "5", "6", "7"):
        shutil.rmtree(config.cache, ignore_errors=True)
        found.append(command(tmp_path, 1, people, PYTHONHASHSEED=seed))
        assert not differences(found[-1], found[0])
    assert "insights.html" in found[0]


def tied(number: int) -> Thread:
    """Return a thread of three authors that differs from others in nothing but its ids."""
    names = [f"ada{n}.example" for n in range(3)]
    counts = Counts(likes=4, reposts=4, replies=4)
    links = tuple(f"https://{word}.example/" for word in TIED_WORDS)
    posts = [
        Post(
            f"e{number}{at}", "bluesky", " ".join(TIED_WORDS), "2024-03-01T10:00:00Z",
            Author(name, f"did:plc:{at}", "Ada"), f"e{number}0" if at else None, counts=counts,
            tags=TIED_WORDS, mentions=tuple(names), links=links, langs=("en", "de"),
        )
        for at, name in enumerate(names)
    ]  # fmt: skip
    return Thread(f"e{number}0", "bluesky", tuple(posts))


def _edit_one(root: Path) -> None:
    path = max((root / "content/threads").rglob("*.md"))
    path.write_text(path.read_text("utf-8").replace("\nWords", "\nOther words"), "utf-8")


def _edit_all(root: Path) -> None:
    (root / "templates").mkdir()
    base = "{% extends 'base.html' %}{% block main %}{{ thread.title }}{% endblock %}"
    (root / "templates/thread.html").write_text(base, "utf-8")
    for path in (root / "content/threads").rglob("*.md"):
        path.write_text(path.read_text("utf-8").replace("tag3", "tag4"), "utf-8")


def _lose_half(root: Path) -> None:
    for path in sorted((root / "content/threads").rglob("*.md"))[::2]:
        path.unlink()
    for path in sorted((root / "public/thread").iterdir())[::3]:
        path.write_bytes(path.read_bytes()[::-1])


@pytest.mark.slow
def test_warm_is_cold_with_several_processes(large: Path, tmp_path: Path) -> None:
    shutil.copytree(large / "content", tmp_path / "content")
    command(tmp_path, 2)
    changes: list[Callable[[Path], None]] = [_edit_one, _edit_all, _lose_half]
    for change, jobs in zip(changes, (2, 3, 2), strict=True):
        change(tmp_path)
        warm = command(tmp_path, jobs)
        assert not differences(warm, clean(tmp_path)[0]), change.__name__
