"""A post that a person deleted stays away under other ids: of a page's text, of other networks."""

from __future__ import annotations

import json
import shutil
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from people import ADA, Archive
from trees import differences

from sitegen.cli import import_reports
from sitegen.content.changeset.provenance import Deletions
from sitegen.content.imported.record_lines import PostLine, merge_posts
from sitegen.content.imported.stamps import Seen, Stamp
from sitegen.ingest import pipeline
from sitegen.ingest.pipeline import Import, Rules
from sitegen.ingest.source_reader import ReadSource
from sitegen.model import Post
from sitegen.sources import Imported, derived_ids
from sitegen.threads import group

WORDS = ("Fog over the harbour, all morning long", "Until noon", "And then it was gone again")
LINK = f"{WORDS[0]} https://fog.example/a"
OTHER = "Another one about the dew on the moor"


def posts(network: str, *texts: str, first: int = 11) -> tuple[Post, ...]:
    """Return a thread on a network, as its export has it."""
    return tuple(
        Post(
            f"{network}{first + n}", network, text, f"2025-05-01T10:0{n}:20Z", ADA,
            reply_to=f"{network}{first + n - 1}" if n else None,
        )
        for n, text in enumerate(texts)
    )  # fmt: skip


def source(name: str, *found: Post, is_excerpt: bool = False) -> ReadSource:
    """Return a source of posts."""
    imported = Imported(f"a {name}", len(found), group(found), is_excerpt=is_excerpt)
    return ReadSource(f"{name}.zip", None, imported)


def export(network: str, *texts: str) -> ReadSource:
    """Return an export with a thread and other posts."""
    others = [
        Post(f"{network}{n}", network, f"{OTHER} {n}", f"2025-06-{n}T10:00:00Z", ADA)
        for n in range(20, 25)
    ]
    return source(network, *posts(network, *texts), *others)


def page(text: str = WORDS[0], minute: str = "2025-05-01T12:00") -> ReadSource:
    """Return the text of a page, saved in another time zone, with a post of the export."""
    compact = minute.replace("-", "").replace(":", "").lower()
    post = Post(f"{compact}-{derived_ids.digest(text)}", "x", text, minute, ADA)
    return source("page", post, is_excerpt=True)


def bring_in(own: Archive, *reads: ReadSource, deletions: Deletions = "ask") -> Import:
    """Import sources, with cross-posts merged."""
    rules = Rules(crossposts="merge", deletions=deletions)
    return pipeline.import_into(own.content, own.root / "cache", reads, rules)


def texts(own: Archive) -> list[str]:
    """Return the texts of the posts that came from the thread, sorted."""
    return sorted(post.text for post in own.posts() if OTHER not in post.text)


def archive(root: Path, *words: str) -> Archive:
    """Return an archive of the export of X."""
    own = Archive(root)
    bring_in(own, export("x", *words))
    return own


COPIES = {
    "page": page(),
    "export": export("x", WORDS[0]),
    "cross-post": source("mastodon", *posts("mastodon", WORDS[0])),
}


@pytest.mark.parametrize("order", [*permutations(COPIES)])
@pytest.mark.parametrize("is_noticed", [False, True])
def test_all_copies_stay_away_alone_and_in_any_order(
    tmp_path: Path, order: tuple[str, ...], is_noticed: bool
) -> None:
    own = archive(tmp_path, WORDS[0])
    own.delete("x11")
    if is_noticed:
        bring_in(own, source("nothing"))
    for name in order:
        done = bring_in(own, COPIES[name])
        assert done.changes.withheld == 1
        assert done.perhaps_deleted == ()
        assert texts(own) == []
        before = own.tree()
        bring_in(own, COPIES[name])
        assert not differences(own.tree(), before)
    deleted = [
        json.loads(line) for line in own.tree()[".imported/undated.jsonl"].decode().splitlines()
    ]
    assert {line["id"] for line in deleted} == {
        "x11", "mastodon11", *(p.id for t in page().imported.threads for p in t.posts),
    }  # fmt: skip
    assert WORDS[0].split()[0] not in "".join(
        data.decode("utf-8", "replace") for name, data in own.tree().items() if "imported" in name
    )


@pytest.mark.parametrize("name", ["page", "cross-post"])
@pytest.mark.parametrize("is_noticed", [False, True])
def test_a_copy_comes_back_if_it_is_restored(tmp_path: Path, name: str, is_noticed: bool) -> None:
    own = archive(tmp_path, WORDS[0])
    own.delete("x11")
    if is_noticed:
        bring_in(own, COPIES[name])
    bring_in(own, COPIES[name], deletions="restore")
    assert texts(own) == [WORDS[0]]
    before = own.tree()
    bring_in(own, COPIES[name])
    assert not differences(own.tree(), before)


def test_a_post_restored_from_a_page_gets_its_own_id_again(tmp_path: Path) -> None:
    own = archive(tmp_path, WORDS[0])
    own.delete("x11")
    bring_in(own, page(), deletions="restore")
    for _ in range(2):
        assert bring_in(own, export("x", WORDS[0])).changes.withheld == 0
        assert [post.id for post in own.posts() if post.text == WORDS[0]] == ["x11"]


@pytest.mark.parametrize("deleted", [("x11",), ("x12",), ("x13",), ("x11", "x13")])
def test_what_is_left_of_a_thread_keeps_its_cross_posts_away(
    tmp_path: Path, deleted: tuple[str, ...]
) -> None:
    own = archive(tmp_path, *WORDS)
    own.delete(*deleted)
    left = [text for n, text in enumerate(WORDS, 11) if f"x{n}" not in deleted]
    copy = source("mastodon", *posts("mastodon", *WORDS))
    done = bring_in(own, copy)
    assert texts(own) == sorted(left)
    assert done.changes.withheld == len(deleted)
    links = {post.id: [place.id for place in post.also] for post in own.posts()}
    for n in range(11, 14):
        if f"x{n}" not in deleted:
            assert links[f"x{n}"] == [f"mastodon{n}"]
    before = own.tree()
    bring_in(own, copy)
    assert not differences(own.tree(), before)


def test_cross_posts_stay_apart_unless_they_are_merged(tmp_path: Path) -> None:
    own = archive(tmp_path, WORDS[0])
    own.delete("x11")
    own.bring_in(COPIES["cross-post"])
    assert texts(own) == [WORDS[0]]


def test_links_and_edits_of_a_person_do_not_matter(tmp_path: Path) -> None:
    own = archive(tmp_path, LINK)
    own.edit("x11", "harbour", "river")
    bring_in(own, export("x", LINK))
    own.delete("x11")
    bring_in(own, source("mastodon", *posts("mastodon", WORDS[0])))
    bring_in(own, page(LINK))
    assert texts(own) == []


@pytest.mark.parametrize("text", ["Fog", ""])
def test_a_copy_that_is_not_certain_is_imported_and_named(tmp_path: Path, text: str) -> None:
    own = archive(tmp_path, text)
    own.delete("x11")
    name = page(text).imported.threads[0].posts[0].id
    done = bring_in(own, page(text), source("mastodon", *posts("mastodon", text)))
    assert done.changes.withheld == 0
    assert texts(own) == [text, text]
    lines = [*import_reports.import_lines(done)]
    at = lines.index("like a post that you deleted, but imported (2):")
    assert lines[at + 1 : at + 3] == [
        f"  x {name}: may be x x11",
        "  mastodon mastodon11: may be x x11",
    ]
    assert import_reports.import_object(done)["perhaps_deleted"][1] == {
        "network": "mastodon", "id": "mastodon11", "like": {"network": "x", "id": "x11"},
    }  # fmt: skip
    assert bring_in(own, page(text)).perhaps_deleted == ()
    own.delete(name)
    done = bring_in(own, page(text))
    assert (done.perhaps_deleted, done.changes.withheld) == ((), 1)


def test_a_part_of_a_deleted_thread_is_named(tmp_path: Path) -> None:
    own = archive(tmp_path, *WORDS)
    own.delete("x11", "x12", "x13")
    done = bring_in(own, source("mastodon", *posts("mastodon", WORDS[2])))
    assert texts(own) == [WORDS[2]]
    assert [each.original for each in done.perhaps_deleted] == [("x", "x13")]


OTHERS: dict[str, dict[str, Any]] = {
    "other words": {"text": "Fog over the river, all morning long"},
    "later": {"created_at": "2025-05-01T10:30:00Z"},
    "without a time": {"created_at": None},
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_copy_comes_in(tmp_path: Path, name: str) -> None:
    own = archive(tmp_path, WORDS[0])
    own.delete("x11")
    (post,) = posts("mastodon", WORDS[0])
    done = bring_in(own, source("mastodon", replace(post, **OTHERS[name])))
    assert len(texts(own)) == 1
    assert done.perhaps_deleted == ()


def test_a_page_of_another_minute_comes_in(tmp_path: Path) -> None:
    own = archive(tmp_path, WORDS[0])
    own.delete("x11")
    bring_in(own, page(minute="2025-05-01T12:01"))
    bring_in(own, page(minute="2025-05-03T12:00"))
    assert texts(own) == [WORDS[0]] * 2


@pytest.mark.parametrize("visibility", ["followers", "direct", "unknown"])
def test_nothing_is_remembered_of_the_words_of_a_private_post(
    tmp_path: Path, visibility: str
) -> None:
    own = Archive(tmp_path)
    (post,) = posts("x", WORDS[0])
    private = source("x", replace(post, visibility=visibility), *posts("x", OTHER, first=20))
    bring_in(own, private)
    lines = [json.loads(line) for line in own.tree()[".imported/2025.jsonl"].decode().splitlines()]
    assert [line["id"] for line in lines if "print" in line] == ["x20"]
    own.delete("x11")
    bring_in(own, source("nothing"))
    (line,) = own.tree()[".imported/undated.jsonl"].decode().splitlines()
    assert json.loads(line) == {"deleted": True, "id": "x11", "network": "x"}


@pytest.mark.parametrize("order", [1, -1])
def test_a_tombstone_without_a_fingerprint_takes_that_of_a_live_line(order: int) -> None:
    live = PostLine("x", "1", seen=Seen(Stamp("2025")), fingerprint="6813-12345678")
    newer = PostLine("x", "1", deleted=True, seen=Seen(Stamp("2026")))
    merged = merge_posts([live, newer][::order])["x", "1"]
    assert (merged.deleted, merged.fingerprint) == (True, "6813-12345678")


@pytest.mark.parametrize("name", ["page", "cross-post"])
@pytest.mark.parametrize("is_noticed", [False, True])
def test_copies_stay_away_after_two_people_merged_with_git(
    tmp_path: Path, name: str, is_noticed: bool
) -> None:
    mine = archive(tmp_path / "mine", WORDS[0])
    shutil.copytree(tmp_path / "mine", tmp_path / "theirs")
    theirs = Archive(tmp_path / "theirs")
    mine.delete("x11")
    if is_noticed:
        bring_in(mine, source("nothing"))
    bring_in(theirs, export("x", f"{WORDS[0]}!"))
    for path in sorted((theirs.content / ".imported").glob("*.jsonl")):
        other = mine.content / ".imported" / path.name
        both = path.read_text("utf-8") + (other.read_text("utf-8") if other.exists() else "")
        other.write_text("".join(dict.fromkeys(both.splitlines(keepends=True))), "utf-8")
    bring_in(mine, COPIES[name])
    assert texts(mine) == []
