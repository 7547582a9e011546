"""What a post said before: each earlier text once, in order, and a person's to change."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from test_content import edit, only_file, post, store, thread

from sitegen.content import content_folder
from sitegen.model import Media, Post, Version

FIRST = post("3ka", "The first words")
MARCH, APRIL, MAY = (f"2025-0{month}-01T08:00:00Z" for month in (3, 4, 5))


def now(folder: Path) -> Post:
    """Return the one post that there is."""
    ((found,),) = [found.posts for found in content_folder.read_archive(folder)]
    return found


def said(folder: Path) -> tuple[str, list[str]]:
    """Return what the post says, and what it said before."""
    found = now(folder)
    return found.text, [version.text for version in found.history]


def texts(folder: Path, *values: str) -> tuple[str, list[str]]:
    """Import the post with one text after the other."""
    for value in values:
        store(folder, thread(replace(FIRST, text=value)))
    return said(folder)


def test_an_edit_upstream_keeps_the_earlier_text_and_its_time(tmp_path: Path) -> None:
    store(tmp_path, thread(FIRST))
    store(tmp_path, thread(replace(FIRST, text="Second", edited_at=MARCH)))
    store(tmp_path, thread(replace(FIRST, text="Third", edited_at=APRIL)))
    assert now(tmp_path).history == (
        Version("The first words", "2025-02-11T02:02"), Version("Second", MARCH),
    )  # fmt: skip
    assert (now(tmp_path).text, now(tmp_path).edited_at) == ("Third", APRIL)
    before = only_file(tmp_path).read_bytes()
    assert store(tmp_path, thread(replace(FIRST, text="Third", edited_at=APRIL))).updated == {}
    assert only_file(tmp_path).read_bytes() == before


def test_a_version_is_the_characters_of_the_post_and_no_markdown(tmp_path: Path) -> None:
    odd = '# *odd* <b> "https://example.org/x"\n\n  \ud800 \\ & 1. __'
    assert texts(tmp_path, odd, "Plain") == ("Plain", [odd])


@pytest.mark.parametrize(
    "other", ["The first words ", "The first words\n", "The first words  \n\n"]
)
def test_spaces_at_the_ends_of_lines_make_no_version(tmp_path: Path, other: str) -> None:
    assert texts(tmp_path, "The first words", other)[1] == []
    assert texts(tmp_path, "The first words")[1] == []


def test_a_link_behind_the_same_words_makes_no_version(tmp_path: Path) -> None:
    from sitegen.model import Facet

    text = "See https://example.org/a"
    store(tmp_path, thread(replace(FIRST, text=text)))
    link = Facet(4, len(text), "link", "https://example.org/abc")
    store(tmp_path, thread(replace(FIRST, text=text, facets=(link,), links=(link.value,))))
    assert said(tmp_path) == (text, [])


@given(st.lists(st.sampled_from(["A", "B", "C", "A  ", "B\n"]), min_size=1, max_size=8))
def test_no_text_is_there_twice_and_none_is_lost(values: list[str]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        text, before = texts(Path(name), *values)
        assert text.strip() == values[-1].strip()
        assert len(before) == len(set(before))
        assert {text.strip(), *(b.strip() for b in before)} == {value.strip() for value in values}
        assert texts(Path(name), values[-1]) == (text, before)


def version(text: str, at: str | None = None) -> Version:
    """Return a version."""
    return Version(text, at)


def test_what_a_source_tells_itself_is_joined_with_what_is_known(tmp_path: Path) -> None:
    texts(tmp_path, "One", "Three")
    history = (version("Zero"), version("One"), version("Two"), version("Three"))
    store(tmp_path, thread(replace(FIRST, text="Four", history=history)))
    assert said(tmp_path) == ("Four", ["Zero", "One", "Two", "Three"])
    store(tmp_path, thread(replace(FIRST, text="Four")))
    assert said(tmp_path) == ("Four", ["Zero", "One", "Two", "Three"])


def test_versions_of_two_sources_are_put_in_the_order_of_their_times(tmp_path: Path) -> None:
    store(tmp_path, thread(replace(FIRST, text="Last", history=(version("B", APRIL),))))
    history = (version("A", MARCH), version("C", MAY))
    store(tmp_path, thread(replace(FIRST, text="Last", history=history)))
    assert said(tmp_path) == ("Last", ["A", "B", "C"])


def test_an_older_export_does_not_bring_an_older_text_back(tmp_path: Path) -> None:
    picture = Media("image", None, "A cloud")
    newer = replace(FIRST, text="May's", edited_at=MAY, tags=("may",), created_at=MARCH)
    older = replace(
        newer, text="April's", edited_at=APRIL, tags=("april",), media=(picture,), langs=("en",)
    )
    store(tmp_path, thread(newer))
    changes = store(tmp_path, thread(older))
    assert changes.conflicts == ()
    found = now(tmp_path)
    assert (found.text, found.edited_at, found.tags) == ("May's", MAY, ("may",))
    assert found.history == (version("April's", APRIL),)
    assert (found.langs, found.media) == (("en",), (picture,))
    assert store(tmp_path, thread(older)).updated == {}
    assert store(tmp_path, thread(newer)).updated == {}


@given(st.permutations([0, 1, 2, 3]), st.lists(st.integers(0, 3), max_size=3))
def test_exports_may_come_in_any_order(order: list[int], again: list[int]) -> None:
    import tempfile

    times = [f"2025-01-0{day}T08:00:00+0{day}:00" for day in range(1, 5)]
    exports = [replace(FIRST, text=f"Text {n}", edited_at=at) for n, at in enumerate(times)]
    with tempfile.TemporaryDirectory() as name:
        for number in [*order, *again]:
            store(Path(name), thread(exports[number]))
        assert said(Path(name)) == ("Text 3", ["Text 0", "Text 1", "Text 2"])
        assert now(Path(name)).edited_at == times[3]
        assert [v.created_at for v in now(Path(name)).history] == times[:3]


def test_a_source_from_before_the_edit_that_is_known_does_not_undo_it(tmp_path: Path) -> None:
    edited = replace(FIRST, text="Edited", edited_at=MAY)
    store(tmp_path, thread(FIRST))
    store(tmp_path, thread(edited))
    before = only_file(tmp_path).read_bytes()
    store(tmp_path, thread(FIRST))
    assert only_file(tmp_path).read_bytes() == before


def test_where_no_time_tells_the_last_import_counts(tmp_path: Path) -> None:
    store(tmp_path, thread(replace(FIRST, text="Edited", edited_at=MAY)))
    store(tmp_path, thread(replace(FIRST, text="Other")))
    assert said(tmp_path) == ("Other", ["Edited"])
    assert now(tmp_path).edited_at is None
    assert now(tmp_path).history[0].created_at == MAY


def test_a_text_that_a_person_edited_stays_and_its_history_with_it(tmp_path: Path) -> None:
    texts(tmp_path, "One", "Two")
    edit(only_file(tmp_path), "\nTwo", "\nMine")
    changes = store(tmp_path, thread(replace(FIRST, text="Three", history=(version("Zero"),))))
    assert [conflict.parts for conflict in changes.conflicts] == [("text of post 3ka",)]
    assert said(tmp_path) == ("Mine", ["One"])


def test_an_older_export_is_no_conflict_with_what_a_person_wrote(tmp_path: Path) -> None:
    store(tmp_path, thread(replace(FIRST, text="New", edited_at=MAY)))
    edit(only_file(tmp_path), "\nNew", "\nMine")
    before = only_file(tmp_path).read_bytes()
    changes = store(tmp_path, thread(replace(FIRST, text="Old", edited_at=MARCH)))
    assert changes.conflicts == ()
    assert only_file(tmp_path).read_bytes() == before


EDITS = {
    "deleted": (r'\{"text": "One", [^}]*\}, ', "", ["Two"]),
    "edited": ('"text": "One"', '"text": "First"', ["First", "Two"]),
    "added": (r'"history": \[', '"history": [{"text": "Mine"}, ', ["Mine", "One", "Two"]),
    "all deleted": (r', "history": \[[^]]*\]', "", []),
}


@pytest.mark.parametrize("name", EDITS)
def test_what_a_person_does_to_the_history_stays(tmp_path: Path, name: str) -> None:
    old, new, expected = EDITS[name]
    texts(tmp_path, "One", "Two", "Three")
    path = only_file(tmp_path)
    text = path.read_text("utf-8")
    path.write_text(re.sub(old, new, text, count=1), "utf-8")
    assert path.read_text("utf-8") != text
    history = (version("One"), version("Two"))
    store(tmp_path, thread(replace(FIRST, text="Three", history=history)))
    assert said(tmp_path) == ("Three", expected)
    store(tmp_path, thread(replace(FIRST, text="Four", history=history)))
    assert said(tmp_path) == ("Four", [*expected, "Three"])


def test_two_sources_of_one_import_are_no_edits_of_each_other(tmp_path: Path) -> None:
    short, long = (thread(replace(FIRST, text=text)) for text in ("Cut …", "Cut nowhere"))
    store(tmp_path, short, long)
    assert said(tmp_path) == ("Cut nowhere", [])
    assert store(tmp_path, short, long).updated == {}
    assert said(tmp_path) == ("Cut nowhere", [])
    store(tmp_path, thread(replace(FIRST, text="Edited")), thread(replace(FIRST, text="Edited!")))
    assert said(tmp_path) == ("Edited!", ["Cut nowhere"])


VERSIONS = st.lists(
    st.builds(Version, st.sampled_from("ABCD"), st.sampled_from([None, MARCH, MAY])), max_size=4
)
POSTS = st.builds(
    lambda text, history, at: replace(FIRST, text=text, history=tuple(history), edited_at=at),
    st.sampled_from("ABCD"), VERSIONS, st.sampled_from([None, "odd", MARCH, APRIL, MAY]),
)  # fmt: skip


@given(st.lists(POSTS, min_size=1, max_size=5))
def test_any_histories_come_to_rest(exports: list[Post]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        for export in exports:
            store(Path(name), thread(export))
            before = only_file(Path(name)).read_bytes()
            again = store(Path(name), thread(export))
            assert again.conflicts == ()
            assert only_file(Path(name)).read_bytes() == before
        known = {now(Path(name)).text, *said(Path(name))[1]}
        assert {export.text for export in exports} <= known
        for one, other in pairwise(said(Path(name))[1]):
            assert one != other or len(exports) == 1 or exports[0].history
