"""content/.gitattributes: text has LF and media keep their bytes in every clone, records merge."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from trees import tree

from sitegen.config import git_attributes, scaffold
from sitegen.ingest import pipeline
from sitegen.sources import Options

POST = (
    '{{"id": "{0}", "network": "x", "thread": "{0}", "text": "Fog {0}", "author": {{"handle": "ada.example"}},'
    ' "created_at": "2024-01-01T10:00:00Z", "media": [{{"kind": "file", "path": "media/{0}.txt"}}]}}\n'
)
needs_git = pytest.mark.skipif(not shutil.which("git"), reason="no git")


def bring_in(folder: Path, *names: str) -> Path:
    """Import posts, each with a file that has CRLF."""
    source = folder / "source"
    (source / "media").mkdir(parents=True, exist_ok=True)
    for name in names:
        (source / f"media/{name}.txt").write_bytes(b"of another system\r\n")
    (source / "posts.jsonl").write_text("".join(POST.format(name) for name in names))
    read = pipeline.read([source / "posts.jsonl"], Options())
    pipeline.import_into(folder / "content", folder / "cache", read)
    return folder / "content"


def git(folder: Path, *arguments: str) -> str:
    """Run git as somebody whose git writes CRLF; return what it says."""
    own = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "core.autocrlf=true"]
    done = subprocess.run(["git", *own, *arguments], cwd=folder, capture_output=True, check=True)
    return done.stdout.decode()


def test_an_import_writes_it_once_and_leaves_a_persons_alone(tmp_path: Path) -> None:
    path = bring_in(tmp_path, "a") / git_attributes.NAME
    assert path.read_text() == git_attributes.TEXT
    path.write_text("# mine\n")
    bring_in(tmp_path, "a", "b")
    assert path.read_text() == "# mine\n"
    path.unlink()
    path.symlink_to("nowhere")
    bring_in(tmp_path, "a", "b", "c")
    assert path.is_symlink()
    assert not path.exists()


def test_a_dry_run_writes_none(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "posts.jsonl").write_text(POST.format("a"))
    pipeline.plan_import(tmp_path / "content", [tmp_path / "posts.jsonl"], Options())
    assert not any((tmp_path / "content").iterdir())


def test_a_new_site_has_it(tmp_path: Path) -> None:
    assert dict(scaffold.create_site(tmp_path))[tmp_path / "content/.gitattributes"]
    assert (tmp_path / "content/.gitattributes").read_text() == git_attributes.TEXT


@needs_git
def test_a_clone_has_the_same_bytes_whatever_git_does_to_line_ends(tmp_path: Path) -> None:
    content = bring_in(tmp_path / "site", "a", "b")
    (content / "about.md").write_bytes(b"# About\n")
    (content / "counts").mkdir()
    (content / "counts/2024.csv").write_bytes(b"network,id,likes\nx,a,3\n")
    before = tree(content)
    git(tmp_path / "site", "init", "-q")
    git(tmp_path / "site", "add", "content")
    git(tmp_path / "site", "commit", "-qm", "1")
    git(tmp_path, "clone", "-q", "site", "clone")
    assert tree(tmp_path / "clone/content") == before


@needs_git
@pytest.mark.parametrize("name", [".imported/2024.jsonl", "counts/2024.csv"])
def test_lines_that_two_people_add_are_all_kept(tmp_path: Path, name: str) -> None:
    content = bring_in(tmp_path / "site", "a")
    path = content / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("a\nf\n")
    git(content, "init", "-qb", "one")
    git(content, "add", ".")
    git(content, "commit", "-qm", "1")
    git(content, "checkout", "-qb", "two")
    path.write_text("a\nc\nf\n")
    git(content, "commit", "-qam", "2")
    git(content, "checkout", "-q", "one")
    path.write_text("a\nb\nf\n")
    git(content, "commit", "-qam", "3")
    git(content, "merge", "-q", "two")
    assert sorted(path.read_text().split()) == ["a", "b", "c", "f"]
