"""Where a person puts posts they stay: an import brings each post to the file where it is."""

from __future__ import annotations

import itertools
import re
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from laws import long_law

from sitegen import exchange
from sitegen.content import content_folder
from sitegen.ingest import pipeline
from sitegen.ingest.pipeline import Import
from sitegen.ingest.source_reader import ReadSource
from sitegen.model import Author, Post, Thread
from sitegen.sources import Imported
from sitegen.threads import group

ADA, BO = Author("ada", "77", "Ada"), Author("bo", "88", "Bo")
CONVERSATION = (("a", ADA, None), ("b", BO, "a"), ("c", ADA, "b"), ("d", BO, "c"))
NAMES = "abcdef"
PARENTS = {"a": None, "b": "a", "c": "b", "d": "b", "e": "a", "f": "c"}
FRONT = """---
title: "My part"
network: "x"
author: "Ada"
account: {"handle": "ada", "id": "77", "name": "Ada"}
posts:
"""


def archive(names: str, day: int) -> ReadSource:
    """Return an export of some of the posts, of a day in June."""
    posts = [
        Post(n, "x", f"Post {n}", f"2025-05-0{NAMES.index(n) + 1}T10:00:00Z", ADA, PARENTS[n])
        for n in names
    ]
    until = f"2025-06-{day:02}T10:00:00Z"
    return ReadSource(
        "x.zip", None, Imported("an X archive", len(posts), group(posts), until=until)
    )


def bring_in(folder: Path, read: ReadSource) -> Import:
    """Import a source."""
    return pipeline.import_into(folder / "content", folder / "cache", (read,))


def move(folder: Path, names: str, edit: bool = False) -> Path:
    """Cut posts out of the one file as a person does, and paste them into a new one."""
    (old,) = (folder / "content").rglob("threads/*/*.md")
    text, lines, bodies = old.read_text("utf-8"), "", ""
    for name in names:
        line = re.search(rf'  - {{"id": "{name}".*\n', text)
        body = re.search(rf"\n<!-- post {name} -->\n\nPost {name}\n", text)
        assert line
        assert body
        lines, bodies = lines + line[0], bodies + body[0]
        text = text.replace(line[0], "").replace(body[0], "")
    old.write_text(text, "utf-8")
    new = old.with_name("mine.md")
    mine = bodies.replace("Post", "My post") if edit else bodies
    new.write_text(f"{FRONT}{lines}---\n{mine}", "utf-8")
    return new


def where(folder: Path) -> dict[str, str]:
    """Return the thread of each post."""
    return {
        p.id: t.posts[0].id
        for t in content_folder.read_archive(folder / "content")
        for p in t.posts
    }


def test_a_thread_that_a_person_split_stays_split_with_its_words(tmp_path: Path) -> None:
    bring_in(tmp_path, archive("abc", 1))
    new = move(tmp_path, "bc", edit=True)
    done = bring_in(tmp_path, archive("abc", 1))
    assert (done.changes.conflicts, done.changes.removed) == ((), ())
    bring_in(tmp_path, archive("abcdef", 2))
    assert where(tmp_path) == {"a": "a", "b": "b", "c": "b", "d": "b", "e": "a", "f": "b"}
    text = new.read_text("utf-8")
    assert "My post b" in text
    assert 'title: "My part"' in text
    before = new.read_bytes()
    assert bring_in(tmp_path, archive("abcdef", 2)).changes.updated == {}
    assert new.read_bytes() == before


def test_what_a_person_moved_stays_though_the_old_file_forgets_it(tmp_path: Path) -> None:
    bring_in(tmp_path, archive("abc", 1))
    move(tmp_path, "c")
    bring_in(tmp_path, archive("abc", 1))
    (old,) = [p for p in (tmp_path / "content").rglob("threads/*/*.md") if p.name != "mine.md"]
    old.write_text(re.sub(r"\nwritten: .*", "", old.read_text("utf-8")), "utf-8")
    bring_in(tmp_path, archive("abcf", 2))
    assert where(tmp_path) == {"a": "a", "b": "a", "c": "c", "f": "c"}


@long_law
@given(st.sets(st.sampled_from("bcdef"), min_size=1), st.lists(st.sets(st.sampled_from(NAMES))))
def test_posts_stay_where_a_person_put_them(moved: set[str], exports: list[set[str]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bring_in(folder, archive(NAMES, 1))
        move(folder, "".join(sorted(moved)))
        before = where(folder)
        for day, names in enumerate(exports, 1):
            bring_in(folder, archive("".join(sorted(names)), day))
            assert where(folder) == before


def part(names: str) -> ReadSource:
    """Return JSON lines with part of a conversation of two people, which name its thread."""
    posts = [
        Post(n, "x", f"Post {n}", f"2025-05-0{number}T10:00:00Z", author, parent)
        for number, (n, author, parent) in enumerate(CONVERSATION, 1)
        if n in names
    ]
    threads = (Thread("a", "x", tuple(posts)),)
    return ReadSource("part.jsonl", None, Imported(exchange.NAME, len(posts), threads))


def export_of(*imports: tuple[ReadSource, ...]) -> str:
    """Import sources, some of them together; return the export."""
    with tempfile.TemporaryDirectory() as name:
        for reads in imports:
            pipeline.import_into(Path(name) / "content", Path(name) / "cache", reads)
        return "".join(exchange.lines(content_folder.read_archive(Path(name) / "content")))


@given(st.permutations("abcd"), st.sets(st.integers(1, 3)), st.booleans())
def test_the_parts_of_a_thread_with_an_id_become_one(
    order: list[str], cuts: set[int], is_together: bool
) -> None:
    bounds = [0, *sorted(cuts), len(order)]
    parts = [part("".join(order[start:end])) for start, end in itertools.pairwise(bounds)]
    imports = [tuple(parts)] if is_together else [(each,) for each in parts]
    assert export_of(*imports) == export_of((part("abcd"),))
