"""Several people: each imports, edits, deletes and splits in a clone, and git merges their work."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import version_1
from people import NAMES, Archive, export, words
from trees import differences

import sitegen
from sitegen.config import git_attributes
from sitegen.config.schema import Config
from sitegen.content import counts

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="no git")
SIDES = re.compile(r"^(<{7} |={7}$|>{7} ).*\n", re.M)
LESS = "abcpqrz"
PARTS = (
    '{{"id": "{0}", "network": "x", "thread": "{0}", "text": "{1}", "created_at": "2025-06-01T10:00:00Z",'
    ' "author": {{"handle": "ada.example", "id": "77", "name": "Ada"}}}}\n'
)
UNION = pytest.mark.parametrize("is_union", [True, False], ids=["union", "both sides kept"])


def git(archive: Archive, *arguments: str, fails: bool = False) -> str:
    """Run git in a clone; return what it says."""
    own = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    done = subprocess.run(
        ["git", *own, *arguments], cwd=archive.root, capture_output=True, check=not fails
    )
    return done.stdout.decode()


def commit(archive: Archive) -> None:
    """Commit what a person has."""
    git(archive, "add", "content")
    git(archive, "commit", "-qm", "work")


def begin(folder: Path, is_union: bool) -> tuple[Archive, Archive]:
    """Return two clones of an archive, whose git may leave all conflicts to people."""
    one, two = Archive(folder / "one"), Archive(folder / "two")
    one.bring_in(export(LESS, 1, likes=1, bio="Of fog"))
    if not is_union:
        text = re.sub(r"^.*merge=union\n", "", git_attributes.TEXT, flags=re.M)
        (one.content / ".gitattributes").write_text(text)
    git(one, "init", "-q")
    commit(one)
    git(one, "clone", "-q", ".", str(two.root))
    return one, two


def merge(one: Archive, other: Archive) -> list[str]:
    """Merge another clone's work; where git cannot, keep both sides. Return where that was."""
    git(one, "fetch", "-q", str(other.root))
    git(one, "merge", "-q", "--no-edit", "FETCH_HEAD", fails=True)
    unmerged = git(one, "diff", "--name-only", "--diff-filter=U").split()
    for name in unmerged:
        path = one.root / name
        path.write_text(SIDES.sub("", path.read_text("utf-8")), "utf-8")
    git(one, "add", "content")
    git(one, "commit", "-qm", "merged", "--allow-empty")
    return unmerged


@UNION
def test_the_work_of_two_people_merges(tmp_path: Path, is_union: bool) -> None:
    one, two = begin(tmp_path, is_union)
    one.edit("p", "\nPost p\n", "\nMine p\n")
    one.delete("z")
    one.bring_in(export(NAMES, 10, likes=10, bio="Of fog"))
    two.edit("a", "\nPost a\n", "\nMine a\n")
    two.delete("b")
    new = two.split("r", "mine.md", "own")
    two.bring_in(export(LESS, 12, likes=12, bio="Of fog and dew"))
    commit(one)
    commit(two)
    git(two, "branch", "before")

    unmerged = merge(one, two)
    git(two, "fetch", "-q", str(one.root))
    assert not is_union or not unmerged
    assert all(name.startswith(("content/.imported/", "content/counts/")) for name in unmerged)
    assert one.texts().keys() == {*NAMES} - {"z", "b"}
    assert [one.texts()[name] for name in "apq"] == ["Mine a", "Mine p", "Post q"]
    likes = {key[1]: of.likes for key, of in counts.read_all(one.content).items()}
    assert {likes[name] for name in LESS if name not in "bz"} == {12}
    assert {likes[name] for name in "de"} == {10}

    merge(two, one)
    assert not differences(two.tree(), one.tree())
    last = export(NAMES, 20, likes=20, bio="Of mist")
    for clone in (one, two):
        done = clone.bring_in(last)
        assert (done.changes.withheld, done.changes.conflicts) == (2, ())
        places = clone.places()
        assert places.keys() == {*NAMES} - {"z", "b"}
        assert places["r"].name == new.name
        mine = {"a": "Mine a", "p": "Mine p"}
        assert clone.texts() == {name: words(name, 20) for name in places} | mine
        assert {of.likes for of in counts.read_all(clone.content).values()} == {20}
        assert "Of mist" in next(clone.content.glob("profiles/*.md")).read_text("utf-8")
        files = [clone.content / f".imported/{name}.jsonl" for name in ("2025", "undated")]
        records = [line for path in files for line in path.read_text("utf-8").splitlines()]
        assert len(records) == len(NAMES)  # with those of deleted posts
    assert not differences(two.tree(), one.tree())
    written = one.tree()
    one.bring_in(last)
    assert not differences(one.tree(), written)


@UNION
def test_whoever_imported_last_an_unedited_part_follows_the_next_export(
    tmp_path: Path, is_union: bool
) -> None:
    """Of two versions of a file, a person takes either: both are known as the source's."""
    one, two = begin(tmp_path, is_union)
    one.bring_in(export(LESS, 16, likes=16))
    two.bring_in(export(LESS, 2, likes=2))
    commit(one)
    commit(two)
    merge(one, two)
    for path in one.files():
        old = two.content / path.relative_to(one.content)
        if old.exists():
            path.write_bytes(old.read_bytes())
    done = one.bring_in(export(NAMES, 20, likes=20))
    assert done.changes.conflicts == ()
    assert one.texts() == {name: words(name, 20) for name in NAMES}


def test_somebody_still_has_an_older_sitegen(tmp_path: Path) -> None:
    """What they import is in version 1 of the format: the next import converts it, and says so."""
    one, two = Archive(tmp_path / "one"), Archive(tmp_path / "two")
    one.bring_in(export(LESS, 1, likes=1, bio="Of fog"))
    version_1.downgrade(one.content)
    git(one, "init", "-q")
    commit(one)
    git(one, "clone", "-q", ".", str(two.root))

    version_1.convert(one.content)
    one.delete("z")
    one.split("r", "mine.md")
    one.bring_in(export(LESS, 2, likes=2, bio="Of fog"))
    commit(one)
    two.edit("a", "\nPost a\n", "\nMine a\n")
    other = Archive(tmp_path / "other")
    other.bring_in(export("gh", 3, likes=3))
    version_1.downgrade(other.content)
    shutil.copytree(other.content / "threads", two.content / "threads", dirs_exist_ok=True)
    two.edit("g", "\nPost g\n", "\nMine g\n")
    commit(two)
    assert merge(one, two) == []

    config = Config(root=one.root)
    lines = [
        PARTS.format(*post) for post in [("g", "Post g"), ("h", "Post h, again"), ("z", "Post z")]
    ]
    (one.root / "posts.jsonl").write_text("".join(lines))
    said: list[str] = []
    done = sitegen.import_sources(config, [one.root / "posts.jsonl"], say=said.append)
    assert said == ["converted 2 files of content/ to version 2 of its format"]
    assert (done.changes.withheld, done.changes.conflicts) == (1, ())
    assert one.texts() == {
        **{n: f"Post {n}" for n in "bcpqr"}, "a": "Mine a", "g": "Mine g", "h": "Post h, again"
    }  # fmt: skip
    assert one.places()["r"].name == "mine.md"
    assert not [path for path in one.files() if "written:" in path.read_text("utf-8")]
    likes = {key[1]: of.likes for key, of in counts.read_all(one.content).items()}
    assert likes == {**dict.fromkeys("abcpqr", 2), **dict.fromkeys("gh", 3)}
    written = one.tree()
    said.clear()
    sitegen.import_sources(config, [one.root / "posts.jsonl"], say=said.append)
    assert (said, differences(one.tree(), written)) == ([], [])
