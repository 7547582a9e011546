"""A merge of git that nobody resolved is an error of builds and imports, and never published."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import TEXTS

from sitegen.config.schema import Config
from sitegen.content import store
from sitegen.content.archive_index import ArchiveIndex
from sitegen.content.format import profile_file, thread_file
from sitegen.content.format.draft import profile_parts, thread_draft
from sitegen.content.format.stored import stored_posts
from sitegen.content.merge import profile_merge, rewrite
from sitegen.errors import ContentError, SeveralErrors
from sitegen.formats.conflict_markers import find_conflict
from sitegen.ingest import pipeline
from sitegen.model import Author, Post, Profile, Thread
from sitegen.site import build as builds
from sitegen.sources import Options

CONFLICT = "<<<<<<< HEAD\nmine\n=======\ntheirs\n>>>>>>> other\n"
ADA = Author("ada.example", "did:plc:a", "Ada")
LINE = (
    '{"id": "b", "network": "x", "thread": "b", "text": "Fog", "created_at": "2024-01-01T10:00:00Z",'
    ' "author": {"handle": "ada.example"}}\n'
)


def archive(folder: Path) -> Config:
    """Return a site with a post, a profile, a page and records."""
    config = Config(root=folder)
    (folder / "export.jsonl").write_text(LINE)
    bring_in(config)
    store.write(
        store.merge(ArchiveIndex(config.content), (), (Profile("p", "x", handle="ada.example"),))
    )
    (config.content / "about.md").write_text("# About\n\nWords.\n")
    return config


def bring_in(config: Config) -> None:
    """Import the export."""
    read = pipeline.read([config.root / "export.jsonl"], Options())
    pipeline.import_into(config.content, config.cache, read)


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("name", "commands"),
    [
        ("threads/2024/*.md", "build import"),
        ("profiles/*.md", "build import"),
        ("about.md", "build"),
        (".imported/threads.jsonl", "import"),
        (".imported/count.json", "build import"),
    ],
)
@pytest.mark.parametrize("where", ["first", "last"])
def test_a_conflict_is_an_error_with_its_file_and_line(
    tmp_path: Path, name: str, commands: str, ends: str, where: str
) -> None:
    config = archive(tmp_path)
    builds.build(config)
    (path,) = config.content.glob(name)
    before = path.read_text()
    line = 2 if where == "first" else before.count("\n") + 1
    old = before.splitlines(keepends=True)
    text = "".join([*old[: line - 1], CONFLICT, *old[line - 1 :]])
    path.write_bytes(text.replace("\n", ends).encode())
    (tmp_path / "export.jsonl").write_text(LINE.replace("Fog", "Rain"))
    works: dict[str, Callable[[], object]] = {
        "build": lambda: builds.build(config),
        "import": lambda: bring_in(config),
    }
    for command in commands.split():
        with pytest.raises((ContentError, SeveralErrors)) as stopped:
            works[command]()
        assert (getattr(stopped.value, "place", None) or str(stopped.value)).startswith(
            f"{path}:{line}"
        )
        assert "is in conflict" in str(stopped.value)
        assert "delete the lines" in str(stopped.value)
    assert path.read_bytes() == text.replace("\n", ends).encode()


ALLOWED = {
    "a fenced block": f"```\n{CONFLICT}```\n",
    "a fenced block of a language": f"``` diff\n{CONFLICT}```\n",
    "a fenced block with tildes": f"~~~\n```\n{CONFLICT}~~~\n",
    "an indented fence": f"  ```\n{CONFLICT}  ```\n",
    "a longer fence": f"````\n```\n{CONFLICT}````\n",
    "indented lines": "".join(f"    {line}\n" for line in CONFLICT.splitlines()),
    "quoted lines": "".join(f"> {line}\n" for line in CONFLICT.splitlines()),
    "words in a line": "A conflict begins with `<<<<<<< HEAD` and ends with `>>>>>>> other`.\n",
    "the beginning alone": "<<<<<<< HEAD\n",
    "the end alone, which is a quotation": ">>>>>>> other\n",
    "the end before the beginning": ">>>>>>> other\n\n<<<<<<< HEAD\n",
    "more characters": "<<<<<<<< HEAD\n=======\n>>>>>>>> other\n",
    "no space": "<<<<<<<HEAD\n=======\n>>>>>>>other\n",
    "a heading": "Words\n=======\n",
}
REFUSED = {
    "a conflict": (CONFLICT, 1),
    "a conflict with the common version": (
        "<<<<<<< a\n1\n||||||| b\n2\n=======\n3\n>>>>>>> c\n",
        1,
    ),
    "half resolved": ("<<<<<<< a\n1\n3\n>>>>>>> c\n", 1),
    "no names": ("<<<<<<<\n1\n=======\n3\n>>>>>>>\n", 1),
    "after a fenced block": (f"```\ncode\n```\n{CONFLICT}", 4),
    "after a fence that does not end": (f"```\ncode\n{CONFLICT}", 3),
    "after inline code": (f"```code``` is code\n{CONFLICT}```\n", 2),
    "a fence within": ("<<<<<<< a\n```\n1\n```\n=======\n3\n>>>>>>> c\n", 1),
    "a fence that one side ends": ("```\n<<<<<<< a\n1\n```\n=======\n3\n```\n>>>>>>> c\n", 2),
    "a fence of an earlier post": (f"<!-- post a -->\n```\n<!-- post b -->\n{CONFLICT}```\n", 4),
    "after a documented one": (f"```\n{CONFLICT}```\n{CONFLICT}", 8),
}


@pytest.mark.parametrize("text", ALLOWED.values(), ids=ALLOWED)
def test_a_page_may_write_about_conflicts(tmp_path: Path, text: str) -> None:
    config = archive(tmp_path)
    (config.content / "about.md").write_text(f"# On git\n\n{text}\n")
    builds.build(config)
    assert find_conflict(text.replace("\n", "\r\n").encode()) is None


@pytest.mark.parametrize(("text", "line"), REFUSED.values(), ids=REFUSED)
def test_what_may_be_a_conflict_is_one(text: str, line: int) -> None:
    assert find_conflict(text.encode()) == line
    assert find_conflict(f"---\na: b\n---\n{text}".replace("\n", "\r\n").encode()) == line + 3


MARKERS = st.lists(
    st.sampled_from(
        ["<<<<<<< HEAD", "=======", ">>>>>>> other", "<<<<<<<", ">>>>>>>", "||||||| b", "a", " "]
    )
).map("\n".join)


@given(st.lists(MARKERS | TEXTS, min_size=1, max_size=4), MARKERS | TEXTS)
def test_no_imported_text_is_a_conflict(texts: list[str], other: str) -> None:
    posts = [
        Post(f"p{n}", "x", text, author=ADA, warning=other, tags=(other,))
        for n, text in enumerate(texts)
    ]
    draft = thread_draft(Thread("p0", "x", tuple(posts)))
    text = rewrite.new_thread_text(draft).text
    assert find_conflict(text.encode()) is None
    assert [s.post.text for s in stored_posts(thread_file.read("t.md", text))] == texts
    profile = Profile("p", "x", name=other, bio="\n".join(texts), details=((other, other),))
    text = profile_merge.new_profile_text(profile_parts(profile))
    assert find_conflict(text.encode()) is None
    stored = profile_file.stored_profile(profile_file.read("p.md", text))
    assert stored.profile.bio == profile.bio


@pytest.mark.skipif(not shutil.which("git"), reason="no git")
@pytest.mark.parametrize("style", ["merge", "diff3", "zdiff3"])
def test_what_git_writes_is_a_conflict(tmp_path: Path, style: str) -> None:
    def git(*arguments: str) -> int:
        own = [
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@example.org",
            "-c",
            f"merge.conflictStyle={style}",
        ]
        return subprocess.run(
            ["git", *own, *arguments], cwd=tmp_path, capture_output=True, check=False
        ).returncode

    config = archive(tmp_path)
    (path,) = config.content.glob("threads/2024/*.md")
    before = path.read_text()
    assert git("init", "-b", "one") == git("add", "-A") == git("commit", "-m", "1") == 0
    for branch, words in (("two", "Hail"), ("one", "Snow")):
        assert (
            git(
                "checkout",
                "-B",
                branch,
                *(["HEAD~"] if branch == "one" and words == "Snow" else []),
            )
            == 0
        )
        path.write_text(before.replace("\nFog", f"\n{words}"))
        assert git("commit", "-am", words) == 0
    assert git("merge", "two") == 1
    with pytest.raises(ContentError) as stopped:
        builds.build(config)
    assert stopped.value.line == before[: before.index("\nFog")].count("\n") + 2
