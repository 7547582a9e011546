"""An import that is stopped at any step costs nothing, blocks nothing, and the next one heals it."""

from __future__ import annotations

import json
import os
import re
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from refusing import Disk, kills
from trees import differences, replace, tree

from sitegen.config.schema import Config
from sitegen.content import store
from sitegen.content.archive_index import ArchiveIndex
from sitegen.content.changeset import relocation_journal
from sitegen.errors import ContentError, SitegenError
from sitegen.ingest import ledger, pipeline
from sitegen.model import Author, Post, Thread
from sitegen.site import build as builds
from sitegen.sources import Options

RECORD = relocation_journal.RECORD
MARKER = re.compile(rb"^<!-- post (\S+) -->", re.M)

Files = dict[str, bytes]


def lines(threads: dict[str, str], **texts: str) -> str:
    """Return the lines of a source: threads by root, as the ids of their posts, a letter each."""
    return "".join(
        json.dumps({
            "id": identity, "network": "bluesky", "thread": root, "position": at,
            "text": texts.get(identity, f"Words of {identity}"), "author": {"handle": "ada.example"},
            "created_at": f"2024-01-{ord(identity) - ord('a') + 1:02}T10:00:00Z",
            "media": [{"kind": "image", "path": f"media/{identity}.png"}],
        }) + "\n"
        for root, posts in threads.items()
        for at, identity in enumerate(posts, 1)
    )  # fmt: skip


@dataclass(frozen=True)
class Scene:
    """What was imported, what a person then wrote, and what is imported now."""

    first: str
    edits: tuple[tuple[str, str], ...]
    second: str


NOTE = ("---\n\n", "notes: mine alone\n---\n\nA word before.\n\n")
SCENES = {
    "two files become one": Scene(
        lines({"a": "a", "b": "b"}),
        (("\nWords of a", "\nMine"), ("\nWords of b", "\nMine too"), NOTE),
        lines({"a": "ab"}, a="Mist"),
    ),
    "four files become one, and another comes": Scene(
        lines({"a": "ae", "b": "b", "c": "c", "d": "d"}),
        (("\nWords of c", "\nMine"),),
        lines({"a": "abcde", "f": "fg"}, b="Mist", c="Dew"),
    ),
    "a file gives a post away and keeps another": Scene(
        lines({"a": "a", "b": "bc"}),
        (("\nWords of b", "\nMine"), ("\nWords of c", "\nMine too")),
        lines({"a": "ab", "c": "c"}),
    ),
    "two files exchange posts": Scene(
        lines({"a": "ax", "b": "by"}),
        (("\nWords of x", "\nMine"), ("\nWords of b", "\nMine too"), NOTE),
        lines({"a": "ab", "y": "yx"}, x="Mist"),
    ),
    "texts change": Scene(
        lines({"a": "a", "b": "bc", "d": "d"}),
        (("\nWords of c", "\nMine"),),
        lines({"a": "a", "b": "bc", "d": "d"}, a="Mist", b="Dew", d="Rain"),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Archive:
    """A site's folder, and imports into it."""

    root: Path

    @property
    def config(self) -> Config:
        """The site's config."""
        return Config(root=self.root)

    @property
    def content(self) -> Path:
        """The folder of the content."""
        return self.root / "content"

    def bring_in(self, source: str) -> pipeline.Import:
        """Import lines, with a picture for each post."""
        beside = self.root.with_name("sources")
        (beside / "media").mkdir(parents=True, exist_ok=True)
        for letter in "abcdefgxyz":
            (beside / f"media/{letter}.png").write_bytes(letter.encode())
        path = beside / "posts.jsonl"
        path.write_text(source, "utf-8")
        read = pipeline.read([path], Options(), lambda done, total: None)
        return pipeline.import_into(self.content, self.config.cache, read)

    def site(self) -> Files:
        """Build, and return the site."""
        builds.build(self.config)
        return tree(self.config.output)

    def edit(self, edits: tuple[tuple[str, str], ...]) -> None:
        """Change all files as a person does."""
        for path in self.content.rglob("*.md"):
            text = path.read_text("utf-8")
            for old, new in edits:
                text = text.replace(old, new)
            path.write_text(text, "utf-8")


Stop = Callable[[Disk, int, Path, Callable[[], object]], int]


def refused(disk: Disk, number: int, root: Path, work: Callable[[], object]) -> int:
    """Do a work whose n-th step fails; return how many steps there were."""
    with disk.refusing(number, root) as asked, suppress(OSError, SitegenError):
        work()
    return len(asked)


def killed(disk: Disk, number: int, root: Path, work: Callable[[], object]) -> int:
    """Do a work in a process that is killed before the n-th step; return how many there were."""
    child = os.fork()
    if not child:
        with disk.refusing(number, root, kills) as asked:
            work()
        os._exit(len(asked))
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code == -signal.SIGKILL or 0 < code < number
    return number if code < 0 else code


# Many steps, at each of which they are stopped.
LONG = ("four files become one, and another comes", "two files exchange posts")
QUICK = tuple(name for name in SCENES if name not in LONG)
STOPS: list[Stop] = [refused]
if hasattr(os, "fork"):
    STOPS.append(killed)


@pytest.fixture(scope="module")
def disk() -> Disk:
    """Return a disk; its hook stays for good, but hears nothing unless it refuses."""
    return Disk()


# Each step of an import, for those who have the patience; or only a few of them.
strides = pytest.mark.parametrize("stride", [31, pytest.param(1, marks=pytest.mark.slow)])


def stopped(
    disk: Disk,
    stop: Stop,
    archive: Archive,
    old: Files,
    source: str,
    stride: int,
    first: int = 1,
    least: int = 10,
) -> Iterator[int]:
    """Import with a first step failing, then with a later one, and so on, until none is left.

    Many steps leave the same files as the one before: what follows is of interest once.
    """
    folder = archive.config.cache / ledger.FOLDER
    known, seen = tree(folder), set[tuple[frozenset[tuple[str, bytes]], ...]]()
    for number in count(first, stride):
        replace(archive.content, old)
        replace(folder, known)
        steps = stop(disk, number, archive.root, lambda: archive.bring_in(source))
        left = frozenset(tree(archive.content).items()), frozenset(tree(folder).items())
        if left not in seen:
            seen.add(left)
            yield number
        if steps < number:
            break
    assert number > least


def posts(files: Files) -> list[bytes]:
    """Return the ids of the posts that stand in content/."""
    texts = (data for name, data in files.items() if name.endswith(".md"))
    return sorted(identity for text in texts for identity in MARKER.findall(text))


def prepared(folder: Path, scene: Scene) -> tuple[Archive, Files, Files]:
    """Return an archive, its content before the second import, and after."""
    archive = Archive(folder / "site")
    archive.bring_in(scene.first)
    archive.edit(scene.edits)
    old = tree(archive.content)
    archive.bring_in(scene.second)
    return archive, old, tree(archive.content)


def is_unharmed(now: Files, old: Files, scene: Scene) -> None:
    """Check what a stopped import left: every post and every word of a person's is there."""
    assert {*posts(old)} <= {*posts(now)}
    written = b"".join(data for name, data in now.items() if name.endswith((".md", ".joined")))
    for _, words in scene.edits:
        assert words.encode() in written


def shows_all(archive: Archive, before: Files, keeps: bool) -> None:
    """Check that a build works with all pages of before; or says, where a file keeps posts."""
    try:
        after = archive.site()
    except ContentError as error:
        assert keeps, error
        assert "import again" in (error.hint or "")
    else:
        assert not before.keys() - after.keys()


@strides
@pytest.mark.parametrize("stop", STOPS)
@pytest.mark.parametrize("name", [*QUICK, *(pytest.param(n, marks=pytest.mark.slow) for n in LONG)])
def test_an_import_that_is_stopped_is_healed_by_the_next(
    tmp_path: Path, disk: Disk, name: str, stop: Stop, stride: int
) -> None:
    scene = SCENES[name]
    archive, old, new = prepared(tmp_path, scene)
    assert posts(new) == sorted({*posts(new)})
    assert RECORD not in new
    whole = archive.site()
    replace(archive.content, old)
    pages = {path: b"" for path in archive.site() if path.startswith("thread/")}
    for _ in stopped(disk, stop, archive, old, scene.second, stride):
        is_unharmed(tree(archive.content), old, scene)
        shows_all(archive, pages, keeps="keeps" in name or "exchange" in name)
        archive.bring_in(scene.second)
        assert not differences(tree(archive.content), new)
        assert not differences(archive.site(), whole)


@strides
@pytest.mark.parametrize("stop", STOPS)
def test_an_archive_begins_with_all_of_its_threads_or_none(
    tmp_path: Path, disk: Disk, stop: Stop, stride: int
) -> None:
    source = lines({"a": "ab", "c": "c", "d": "d"})
    archive = Archive(tmp_path / "site")
    archive.bring_in(source)
    new = tree(archive.content)
    for _ in stopped(disk, stop, archive, {}, source, stride):
        threads = {n: d for n, d in tree(archive.content).items() if n.startswith("threads/")}
        assert posts(threads) in ([], [b"a", b"b", b"c", b"d"])
        archive.bring_in(source)
        assert not differences(tree(archive.content), new)


@strides
def test_an_import_that_heals_may_be_stopped_as_well(
    tmp_path: Path, disk: Disk, stride: int
) -> None:
    scene = SCENES["two files become one"]
    archive, old, new = prepared(tmp_path, scene)
    for _ in stopped(disk, refused, archive, old, scene.second, stride):
        half = tree(archive.content)
        if RECORD not in half:
            continue
        for again in count(1, stride):
            replace(archive.content, half)
            steps = refused(disk, again, archive.root, lambda: archive.bring_in(scene.second))
            is_unharmed(tree(archive.content), old, scene)
            archive.bring_in(scene.second)
            assert not differences(tree(archive.content), new)
            if steps < again:
                break


# Each of two steps costs an import: every seventh is enough for those without patience.
strides_of_two = pytest.mark.parametrize("stride", [7, pytest.param(2, marks=pytest.mark.slow)])


@strides_of_two
def test_a_first_import_may_be_stopped_twice(tmp_path: Path, disk: Disk, stride: int) -> None:
    source = lines({"a": "ab", "c": "c"})
    archive = Archive(tmp_path / "site")
    archive.bring_in(source)
    new = tree(archive.content)
    for _ in stopped(disk, refused, archive, {}, source, stride):
        half = tree(archive.content)
        for _ in stopped(disk, refused, archive, half, source, stride, least=0):
            archive.bring_in(source)
            assert not differences(tree(archive.content), new)


@strides_of_two
def test_two_imports_of_other_texts_may_be_stopped(tmp_path: Path, disk: Disk, stride: int) -> None:
    scene = SCENES["texts change"]
    third = lines({"a": "a", "b": "bc", "d": "d"}, a="Fog", b="Hail", d="Snow")
    archive, old, _ = prepared(tmp_path, scene)
    names = {*tree(archive.content)}
    for _ in stopped(disk, refused, archive, old, scene.second, stride):
        half = tree(archive.content)
        for _ in stopped(disk, refused, archive, half, third, stride, least=0):
            archive.bring_in(third)
            now = tree(archive.content)
            assert {*now} == names
            written = b"".join(data for name, data in now.items() if name.endswith(".md"))
            for word in (b"\nFog", b"\nHail", b"\nSnow", b"\nMine"):
                assert written.count(word) == 1


@pytest.mark.slow
@pytest.mark.parametrize("stop", STOPS)
@pytest.mark.parametrize("name", SCENES)
def test_an_import_that_is_stopped_does_not_block_another(
    tmp_path: Path, disk: Disk, name: str, stop: Stop
) -> None:
    scene, other = SCENES[name], lines({"z": "z"})
    archive, old, _ = prepared(tmp_path, scene)
    archive.bring_in(other)
    new = tree(archive.content)
    # Each step is stopped in one of the two ways.
    for _ in stopped(disk, stop, archive, old, scene.second, 2, first=1 + STOPS.index(stop)):
        archive.bring_in(other)
        now = tree(archive.content)
        assert RECORD not in now
        assert posts(now) == sorted({*posts(now)})
        archive.site()
        archive.bring_in(scene.second)
        now = {name: data for name, data in tree(archive.content).items() if "partial" not in name}
        assert not differences(now, new)


@st.composite
def groupings(draw: st.DrawFn) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return posts in threads, and the same posts in other threads: ids, a letter each."""

    def grouping() -> tuple[str, ...]:
        letters = "".join(draw(st.permutations("abcdef")))
        ends = sorted(draw(st.sets(st.integers(1, 5))))
        return tuple(letters[a:b] for a, b in zip([0, *ends], [*ends, 6], strict=True))

    return grouping(), grouping()


def grouped(groups: tuple[str, ...]) -> tuple[Thread, ...]:
    """Return threads of posts."""
    author = Author("ada.example")
    return tuple(
        Thread(ids[0], "bluesky", tuple(Post(i, "bluesky", f"Words of {i}", f"2024-01-0{ord(i) - 96}", author) for i in ids))
        for ids in groups
    )  # fmt: skip


@given(groupings(), st.integers(1, 60), st.sampled_from(["\nWords", "---\n\n"]))
def test_however_threads_are_divided_anew_a_stop_costs_nothing(
    disk: Disk, both: tuple[tuple[str, ...], tuple[str, ...]], number: int, where: str
) -> None:
    one, other = map(grouped, both)
    with tempfile.TemporaryDirectory() as name:
        archive = Archive(Path(name) / "site")

        def bring_in() -> None:
            store.write(store.merge(ArchiveIndex(archive.content), other, ()))

        store.write(store.merge(ArchiveIndex(archive.content), one, ()))
        archive.edit(((where, "# mine\n---\n\n" if where[0] == "-" else "\nMy words"),))
        old = tree(archive.content)
        bring_in()
        new = tree(archive.content)
        replace(archive.content, old)
        refused(disk, number, archive.root, bring_in)
        assert {*posts(old)} == {*posts(tree(archive.content))}
        bring_in()
        assert not differences(tree(archive.content), new)
