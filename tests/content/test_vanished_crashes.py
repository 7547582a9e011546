"""An import that takes posts out, stopped at any step: nothing else is lost, the next one heals it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from laws import long_law
from msgspec.structs import replace as with_fields
from refusing import Disk
from test_import_crashes import (
    STOPS,
    Archive,
    Files,
    Stop,
    grouped,
    groupings,
    posts,
    refused,
    strides,
)
from test_import_crashes import disk as disk
from trees import differences, replace, tree

from sitegen.content import store
from sitegen.content.archive_index import ArchiveIndex
from sitegen.content.changeset import orphaned_media, relocation_journal
from sitegen.content.changeset.vanished import Policy, VanishedOptions
from sitegen.content.merge_options import MergeOptions
from sitegen.model import Author, Media, Thread

ADA = Author("ada.example", "did:ada", "Ada")
COMPLETE = (("bluesky", "did:ada"),)
WORDS: tuple[Policy, ...] = ("keep", "mark", "purge")


def owned(threads: tuple[Thread, ...]) -> tuple[Thread, ...]:
    """Return threads of one account, with a tag and a picture for each post."""
    return tuple(
        with_fields(t, posts=tuple(
            with_fields(p, author=ADA, tags=(p.id, "all"), media=(Media("image", f"media/{p.id}.png"),))
            for p in t.posts
        ))
        for t in threads
    )  # fmt: skip


def without(threads: tuple[Thread, ...], ids: str) -> tuple[Thread, ...]:
    """Return threads without some posts."""
    left = (tuple(p for p in t.posts if p.id not in ids) for t in threads)
    return tuple(Thread(each[0].id, "bluesky", each) for each in left if each)


def bring(folder: Path, threads: tuple[Thread, ...], policy: Policy) -> None:
    """Import an account's full export."""
    options = MergeOptions(vanished=VanishedOptions(policy, COMPLETE))
    store.write(store.merge(ArchiveIndex(folder), threads, (), options=options))


def begun(root: Path, threads: tuple[Thread, ...]) -> tuple[Archive, Files]:
    """Return an archive with these threads and their pictures, and what it holds."""
    archive = Archive(root)
    bring(archive.content, threads, "keep")
    (archive.content / "media").mkdir()
    for post in (post for thread in threads for post in thread.posts):
        (archive.content / f"media/{post.id}.png").write_bytes(post.id.encode())
    return archive, tree(archive.content)


ALL = owned(grouped(("abc", "d", "e", "f")))
GONE = "acd"


@strides
@pytest.mark.parametrize("stop", STOPS)
@pytest.mark.parametrize("policy", WORDS)
def test_an_import_that_is_stopped_is_healed_by_the_next(
    tmp_path: Path, disk: Disk, policy: Policy, stop: Stop, stride: int
) -> None:
    archive, old = begun(tmp_path / "site", ALL)
    joined = owned(grouped(("be", "f")))  # two files become one as well
    bring(archive.content, joined, policy)
    new = tree(archive.content)
    for number in range(1, 100, stride):
        replace(archive.content, old)
        steps = stop(disk, number, archive.root, lambda: bring(archive.content, joined, policy))
        now = tree(archive.content)
        assert {*posts(now)} >= {b"b", b"e", b"f"} | (
            {b"a", b"c", b"d"} if policy != "purge" else set()
        )
        assert {name for name in now if name.endswith(".png")} >= {f"media/{i}.png" for i in "bef"}
        bring(archive.content, joined, policy)
        assert not differences(tree(archive.content), new)
        if steps < number:
            break
    assert number > 5
    assert not {relocation_journal.RECORD, orphaned_media.RECORD} & new.keys()
    gone = {f"media/{i}.png" for i in GONE}
    assert bool(gone & new.keys()) == (policy != "purge")


@strides
@pytest.mark.parametrize("policy", WORDS)
def test_pictures_go_though_the_next_import_is_another(
    tmp_path: Path, disk: Disk, policy: Policy, stride: int
) -> None:
    archive, old = begun(tmp_path / "site", ALL)
    less = without(ALL, GONE)
    for number in range(1, 100, stride):
        replace(archive.content, old)
        steps = refused(disk, number, archive.root, lambda: bring(archive.content, less, "purge"))
        bring(archive.content, less, policy)
        now = tree(archive.content)
        named = {f"media/{i.decode()}.png" for i in posts(now)}
        assert {name for name in now if name.endswith(".png")} == named
        assert orphaned_media.RECORD not in now
        if steps < number:
            break
    assert number > 5


@long_law
@example((("b", "cadef"), ("abcdef",)), {"a"}, 13, "keep")
@given(
    groupings(),
    st.sets(st.sampled_from("abcdef"), max_size=5),
    st.integers(1, 60),
    st.sampled_from(WORDS),
)
def test_however_threads_are_divided_anew_only_what_vanished_goes(
    disk: Disk,
    both: tuple[tuple[str, ...], tuple[str, ...]],
    ids: set[str],
    number: int,
    policy: Policy,
) -> None:
    import tempfile

    one, other = (owned(grouped(each)) for each in both)
    less = without(other, "".join(ids))
    with tempfile.TemporaryDirectory() as name:
        archive, old = begun(Path(name) / "site", one)
        bring(archive.content, less, policy)
        new = tree(archive.content)
        replace(archive.content, old)
        refused(disk, number, archive.root, lambda: bring(archive.content, less, policy))
        now = {*posts(tree(archive.content))}
        assert {i.encode() for i in "abcdef" if i not in ids or policy != "purge"} <= now
        bring(archive.content, less, policy)
        assert not differences(tree(archive.content), new)
        bring(archive.content, less, policy)
        assert not differences(tree(archive.content), new)
