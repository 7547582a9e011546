"""What people delete stays away until they ask for it; more than half at once is asked about."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest
from people import ADA, NAMES, Archive, export
from trees import differences

from sitegen.cli import import_reports
from sitegen.errors import ContentError
from sitegen.ingest import pipeline
from sitegen.ingest.pipeline import Rules
from sitegen.ingest.source_reader import ReadSource
from sitegen.model import Post
from sitegen.sources import Imported, derived_ids
from sitegen.threads import group


def archive(root: Path) -> Archive:
    """Return an archive of all posts."""
    found = Archive(root)
    found.bring_in(export(NAMES, 1, likes=1, bio="Of fog"))
    return found


def test_more_than_half_at_once_is_an_error_with_both_cures(tmp_path: Path) -> None:
    own = archive(tmp_path)
    own.delete(*"abcde")
    before = own.tree()
    with pytest.raises(ContentError) as caught:
        own.bring_in(export("z", 2, likes=2))
    assert str(caught.value) == (
        f"{own.content}: error: 5 of 9 imported posts are in no file any more. hint: take them back "
        "from git, or import with --restore to write them again, or with --accept-deletions if you "
        "deleted them."
    )
    assert not differences(own.tree(), before)
    own.bring_in(export("z", 2, likes=2), deletions="accept")
    assert own.places().keys() == {*"pqrz"}
    done = own.bring_in(export(NAMES, 3, likes=3))
    assert own.places().keys() == {*"pqrz"}
    lines = [*import_reports.import_lines(done)]
    assert "deleted by you, so left out: 5 posts (--restore imports them)" in lines
    assert import_reports.import_object(done)["deleted_by_you"] == 5


def test_half_at_once_is_done(tmp_path: Path) -> None:
    own = Archive(tmp_path)
    own.bring_in(export("abpq", 1))
    own.delete("a", "b")
    own.bring_in(export(NAMES, 2))
    assert own.places().keys() == {*NAMES} - {"a", "b"}
    own.delete("c", "d", "e", "p")  # of seven that are left: those deleted before do not count
    with pytest.raises(ContentError):
        own.bring_in(export(NAMES, 3))


def test_a_restore_writes_what_its_sources_have_and_leaves_the_others_deleted(
    tmp_path: Path,
) -> None:
    own = archive(tmp_path)
    whole = own.texts()
    own.delete(*"abcde")
    done = own.bring_in(export("abpq", 2, likes=2), deletions="restore")
    assert done.changes.withheld == 0
    assert own.places().keys() == {*"abpqrz"}
    own.bring_in(export(NAMES, 3, likes=3))
    assert own.places().keys() == {*"abpqrz"}
    own.bring_in(export(NAMES, 3, likes=3), deletions="restore")
    assert own.texts() == whole
    assert b"deleted" not in own.tree()[".imported/2025.jsonl"]


@pytest.mark.parametrize("order", [*permutations([1, 9, 20])])
def test_deleted_posts_stay_away_in_any_order_of_exports(
    tmp_path: Path, order: tuple[int, ...]
) -> None:
    own = archive(tmp_path)
    own.delete("b", "z")
    for day in order:
        done = own.bring_in(export(NAMES, day, likes=day))
        assert done.changes.withheld == 2
        written = own.tree()
        own.bring_in(export(NAMES, day, likes=day))
        assert not differences(own.tree(), written)
    assert own.places().keys() == {*NAMES} - {"b", "z"}


def test_a_source_without_the_deleted_posts_changes_nothing(tmp_path: Path) -> None:
    own = archive(tmp_path)
    own.delete("b", "z")
    own.bring_in(export(NAMES, 1, likes=1, bio="Of fog"))
    written = own.tree()
    done = own.bring_in(ReadSource("june-01.zip", None, Imported("an X archive", 0, ())))
    assert done.changes.withheld == 0
    assert not differences(
        {n: data for n, data in own.tree().items() if "sources" not in n},
        {n: data for n, data in written.items() if "sources" not in n},
    )


def test_a_deleted_profile_stays_away_until_it_is_restored(tmp_path: Path) -> None:
    own = archive(tmp_path)
    (path,) = own.content.glob("profiles/*.md")
    path.unlink()
    own.bring_in(export(NAMES, 2, likes=2, bio="Of dew"))
    assert not path.exists()
    written = own.tree()
    own.bring_in(export(NAMES, 2, likes=2, bio="Of dew"))
    assert not differences(own.tree(), written)
    own.bring_in(export(NAMES, 2, likes=2, bio="Of dew"), deletions="restore")
    assert "Of dew" in path.read_text("utf-8")


def page(*posts: Post) -> ReadSource:
    """Return the text of a page, whose posts have no ids of their own."""
    return ReadSource(
        "page.txt", None, Imported("page text", len(posts), group(posts), is_excerpt=True)
    )


WORDS = "Fog over the harbour, all morning long"


def nameless() -> Post:
    """Return a post of a page's text."""
    name = f"20250501t1000-{derived_ids.digest(WORDS)}"
    return Post(name, "x", WORDS, "2025-05-01T10:00", ADA)


def named(identity: str, network: str = "x") -> ReadSource:
    """Return an export with the post and another one."""
    posts = (
        Post(identity, network, WORDS, "2025-05-01T10:00:20Z", ADA),
        Post("99", network, "Another one about dew", "2025-05-02T10:00:00Z", ADA),
    )
    return ReadSource(f"{network}.zip", None, Imported(f"a {network} archive", 2, group(posts)))


def test_a_deleted_post_with_a_derived_id_stays_away_under_its_own(tmp_path: Path) -> None:
    own = Archive(tmp_path)
    other = Post("20250503t1000-abcdef01", "x", "Mist", "2025-05-03T10:00", ADA)
    own.bring_in(page(nameless(), other))
    own.delete(nameless().id)
    own.bring_in(named("11"))
    assert {post.id for post in own.posts() if post.text == WORDS} == set()
    own.bring_in(named("11"))
    own.bring_in(page(nameless(), other))
    assert {post.id for post in own.posts() if post.text == WORDS} == set()


@pytest.mark.parametrize("is_first", [False, True])
def test_a_deleted_post_stays_away_as_the_cross_post_of_the_same_import(
    tmp_path: Path, is_first: bool
) -> None:
    own = Archive(tmp_path)
    reads = (named("11"), named("m1", "mastodon"))
    bring = pipeline.import_into
    bring(own.content, tmp_path / "cache", reads, Rules(crossposts="merge"))
    own.delete("11")
    reads = reads[::-1] if is_first else reads
    bring(own.content, tmp_path / "cache", reads, Rules(crossposts="merge"))
    assert {post.id for post in own.posts() if post.text == WORDS} == set()
