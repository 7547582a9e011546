"""Posts whose sources know only an account's id have its handle and name, in any order."""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import long_law

from sitegen import exchange
from sitegen.content import content_folder
from sitegen.ingest import pipeline
from sitegen.ingest.pipeline import Import
from sitegen.ingest.source_reader import ReadSource
from sitegen.model import Author, Post, Profile
from sitegen.sources import Imported
from sitegen.threads import group

DID = "did:plc:adaonthemoor4example2222"
BY_ID, ADA = Author(id=DID), Author("ada.example", DID, "Ada")
MOVED = Author("moor.example", DID, "Ada of the moor")
NAMES, PARENTS = "abc", {"a": None, "b": "a", "c": None}
KIND = "answers of Bluesky's API"


def source(author: Author, day: int, names: str = NAMES, kind: str = KIND) -> ReadSource:
    """Return a source of a day in June, which knows this much of the account."""
    posts = [
        Post(n, "bluesky", f"Post {n}", f"2025-05-0{NAMES.index(n) + 1}T10:00:00Z", author, up)
        for n, up in PARENTS.items()
        if n in names
    ]
    profiles = (Profile(DID, "bluesky", author.handle, author.name),)
    until = f"2025-06-{day:02}T10:00:00Z"
    return ReadSource("", None, Imported(kind, len(posts), group(posts), profiles, until=until))


def bring_in(folder: Path, *reads: ReadSource) -> Import:
    """Import sources together."""
    return pipeline.import_into(folder / "content", folder / "cache", reads)


def authors(folder: Path) -> dict[str, Author]:
    """Return the author of each post."""
    threads = content_folder.read_archive(folder / "content")
    return {post.id: post.author for thread in threads for post in thread.posts}


def archive(reads: tuple[ReadSource, ...]) -> list[str]:
    """Import sources one after the other; return the export."""
    with tempfile.TemporaryDirectory() as name:
        for read in reads:
            bring_in(Path(name), read)
        for read in reads:
            assert bring_in(Path(name), read).changes.updated == {}
        archived = content_folder.read_archive(Path(name) / "content")
        return sorted(exchange.lines(archived).splitlines())


@pytest.mark.parametrize("days", [(1, 2), (2, 1), (1, 1)])
@pytest.mark.parametrize("is_reversed", [False, True])
def test_a_post_that_only_sources_without_handles_have_is_of_the_account(
    tmp_path: Path, days: tuple[int, int], is_reversed: bool
) -> None:
    reads = [source(ADA, days[0], "a"), source(BY_ID, days[1])]
    for read in reads[::-1] if is_reversed else reads:
        bring_in(tmp_path, read)
    assert authors(tmp_path) == dict.fromkeys(NAMES, ADA)


def test_sources_imported_together_complete_each_other(tmp_path: Path) -> None:
    bring_in(tmp_path, source(BY_ID, 2), source(ADA, 1, "a"))
    assert authors(tmp_path) == dict.fromkeys(NAMES, ADA)


def test_posts_known_by_id_have_the_newest_handle(tmp_path: Path) -> None:
    for read in (source(BY_ID, 3), source(ADA, 1, "a"), source(MOVED, 2, "c")):
        bring_in(tmp_path, read)
    assert authors(tmp_path) == {"a": ADA, "b": MOVED, "c": MOVED}


def test_an_author_that_a_person_named_stays(tmp_path: Path) -> None:
    bring_in(tmp_path, source(BY_ID, 2))
    (path,) = (tmp_path / "content").rglob("threads/*/*post-a*.md")
    text = path.read_text("utf-8")
    account = f'account: {{"id": "{DID}"}}'
    assert account in text
    named = text.replace(account, 'author: "A. Brook"')
    path.write_text(named, "utf-8")
    bring_in(tmp_path, source(ADA, 1, "c"))
    assert path.read_text("utf-8") == named
    assert authors(tmp_path)["c"] == ADA


def sources() -> st.SearchStrategy[list[ReadSource]]:
    """Return sources of different days, some of which know no handle, or no name either."""
    named = Author(id=DID, name="Ada B.")
    known = st.sampled_from([BY_ID, ADA, MOVED, named])
    names = st.sets(st.sampled_from(NAMES), min_size=1).map(lambda of: "".join(sorted(of)))
    kinds = st.sampled_from([KIND, "a Bluesky repository"])
    days = st.lists(st.integers(1, 28), min_size=2, max_size=3, unique=True)
    return days.flatmap(
        lambda found: st.tuples(
            *[st.builds(source, known, st.just(d), names, kinds) for d in found]
        )
    ).map(list)


@long_law
@given(sources())
def test_sources_that_know_more_or_less_give_one_archive_in_any_order(
    reads: list[ReadSource],
) -> None:
    first, *others = (archive(order) for order in itertools.permutations(reads))
    for other in others:
        assert other == first
