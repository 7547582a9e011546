"""content/: any post comes out as it went in, and what a person edited stays theirs."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import long_law
from msgspec.structs import replace
from strategies import archives
from trees import tree

from sitegen.content import content_folder
from sitegen.content import store as stores
from sitegen.content.archive_index import ArchiveIndex
from sitegen.content.changeset import relocation_journal
from sitegen.content.format import draft, thread_file
from sitegen.content.format.post_text import marker, marker_name
from sitegen.content.merge import rewrite, thread_merge
from sitegen.content.merge_options import MergeOptions
from sitegen.errors import ContentError
from sitegen.model import Author, Counts, Facet, Media, Post, Profile, Thread


def post(identity: str, text: str, **fields: object) -> Post:
    """Return a plain post of an invented account."""
    return replace(
        Post(identity, "bluesky", text, "2025-02-11T02:02", Author("ada.example")),
        **fields,
    )


def thread(*posts: Post) -> Thread:
    """Return a thread of posts, root first."""
    return Thread(posts[0].id, posts[0].network, posts)


def store(folder: Path, *threads: Thread, profiles: tuple[Profile, ...] = ()) -> stores.Changes:
    """Merge and write."""
    changes = stores.merge(ArchiveIndex(folder), threads, profiles)
    stores.write(changes)
    return changes


def only_file(folder: Path) -> Path:
    """Return the one thread file that there is."""
    (path,) = (folder / "threads").rglob("*.md")
    return path


def edit(path: Path, old: str, new: str) -> None:
    """Change a file as a person would."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


@long_law
@given(archives())
def test_any_archive_comes_back_exactly(threads: tuple[Thread, ...]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        store(Path(name), *threads)
        back = {t.id: t for t in content_folder.read_archive(Path(name))}
        assert back == {t.id: t for t in threads}


@long_law
@given(archives())
def test_importing_again_changes_no_file(threads: tuple[Thread, ...]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        store(Path(name), *threads)
        again = stores.merge(ArchiveIndex(Path(name)), threads, ())
        assert (again.created, again.updated, again.removed) == ({}, {}, ())
        assert again.conflicts == ()


@long_law
@given(archives())
def test_merging_a_file_with_what_it_says_leaves_it_as_it_is(threads: tuple[Thread, ...]) -> None:
    for each in threads:
        drafted = draft.thread_draft(each)
        new = rewrite.new_thread_text(drafted)
        file = thread_file.read("a.md", new.text, new.recorded)
        merged = thread_merge.merge_thread(drafted, file, {})
        assert replace(merged, seen={}) == thread_merge.MergedFile(file)


def test_one_process_and_several_make_the_same_files(tmp_path: Path) -> None:
    many = [thread(post(str(n), f"Number {n} of #many", tags=("many",))) for n in range(2100)]
    shared = stores.merge(ArchiveIndex(tmp_path), many, ())
    done = threading.Event()
    other = threading.Thread(target=done.wait)
    other.start()  # beside a second thread, no process is forked
    try:
        alone = stores.merge(ArchiveIndex(tmp_path), many, ())
    finally:
        done.set()
        other.join()
    assert shared == alone
    assert list(shared.created) == list(alone.created)
    assert len(alone.created) == len(many)


def test_a_thread_that_two_sources_have_is_merged_with_itself(tmp_path: Path) -> None:
    first = thread(post("3ka", "One"), post("3kb", "Two", reply_to="3ka"))
    second = thread(post("3ka", "One"), post("3kc", "Three", reply_to="3ka"))
    changes = store(tmp_path, first, first, second)
    assert len(changes.created) == 1
    (found,) = content_folder.read_archive(tmp_path)
    assert [p.id for p in found.posts] == ["3ka", "3kb", "3kc"]


def test_a_fresh_file_is_what_a_person_would_want_to_read(tmp_path: Path) -> None:
    root = post("3ka", "Look: *how* <odd>\nhttps://example.org/a", tags=("sky",),
                facets=(Facet(18, 39, "link", "https://example.org/a"),),
                links=("https://example.org/a",), counts=Counts(likes=3))  # fmt: skip
    reply = post("3kb", "And 1. more\n\n#sky", reply_to="3ka", tags=("sky",),
                 media=(Media("image", "media/a.png", "A cloud"),))  # fmt: skip
    store(tmp_path, thread(root, reply))
    path = only_file(tmp_path)
    assert path.name == "2025-02-11-look-how-odd-https-example-org-a-42e923.md"
    assert path.read_text("utf-8") == (
        "---\n"
        'title: "Look: *how* <odd> https://example.org/a"\n'
        'date: "2025-02-11T02:02:00"\n'
        'network: "bluesky"\n'
        'id: "3ka"\n'
        'author: "ada.example"\n'
        'tags: ["sky"]\n'
        "posts:\n"
        '  - {"id": "3ka", "created_at": "2025-02-11T02:02", "tags": ["sky"]}\n'
        '  - {"id": "3kb", "created_at": "2025-02-11T02:02", "reply_to": "3ka", "tags": ["sky"]}\n'
        "---\n\n<!-- post 3ka -->\n\nLook: \\*how\\* &lt;odd>  \n<https://example.org/a>\n\n"
        "<!-- post 3kb -->\n\nAnd 1. more\n\n\\#sky\n\n![A cloud](../../media/a.png)\n"
    )
    assert (tmp_path / "counts/2025.csv").read_text("utf-8") == (
        "network,id,likes,reposts,replies,quotes\nbluesky,3ka,3,,,\n"
    )


EDITS = {
    "text": ("The first words", "My own **better** words"),
    "title": ('title: "The first words"', 'title: "What I call it"'),
    "tags": ('tags: ["sky"]', 'tags: ["sky", "mine"]'),
    "alt text": ('"alt": "A cloud"', '"alt": "A cumulus over the hill"'),
    "hidden": ("---\n\n", "hide: true\n---\n\n"),
    "a key of one's own": ("---\n\n", "# a comment\ncover: [a, b]\n---\n\n"),
    "words before the posts": ("---\n\n", "---\n\nA word before.\n\n"),
}


@pytest.mark.parametrize("name", EDITS)
def test_a_hand_edit_survives_an_import(tmp_path: Path, name: str) -> None:
    first = post("3ka", "The first words", tags=("sky",), counts=Counts(likes=1),
                 media=(Media("image", None, "A cloud"),))  # fmt: skip
    store(tmp_path, thread(first))
    path = only_file(tmp_path)
    edit(path, *EDITS[name])
    edited = path.read_text("utf-8")

    changes = store(tmp_path, thread(replace(first, counts=Counts(likes=9))))

    after = path.read_text("utf-8")
    assert EDITS[name][1] in after
    assert after == edited
    assert (tmp_path / "counts/2025.csv").read_text("utf-8").split("\n")[1] == "bluesky,3ka,9,,,"
    assert (changes.conflicts, changes.updated) == ((), {})


def test_where_both_changed_the_persons_stays_and_the_sources_is_put_beside(tmp_path: Path) -> None:
    first = post("3ka", "The first words")
    store(tmp_path, thread(first))
    path = only_file(tmp_path)
    edit(path, "\nThe first words", "\nMine")

    newer = thread(replace(first, text="The second words"))
    changes = store(tmp_path, newer)

    assert "\nMine\n" in path.read_text("utf-8")
    (conflict,) = changes.conflicts
    assert (conflict.path, conflict.parts) == (path, ("text of post 3ka",))
    assert "The second words" in conflict.upstream.read_text("utf-8")
    assert conflict.upstream.name == path.name + ".upstream"
    again = store(tmp_path, newer)
    assert (again.conflicts, again.updated) == ((), {})


def test_an_import_without_a_deleted_post_leaves_its_record_where_it_is(tmp_path: Path) -> None:
    first, other, third = [
        thread(post(name, f"Words of {name}", created_at="2024-05-01T10:00:00Z")) for name in "abc"
    ]
    store(tmp_path, first, other, third)
    for path in (tmp_path / "threads").rglob("*.md"):
        if '"id": "a"' in path.read_text("utf-8"):
            path.unlink()
    store(tmp_path, first, other, third)
    records = tree(tmp_path / ".imported")
    store(tmp_path, other)
    assert tree(tmp_path / ".imported") == records


def test_a_post_that_a_person_deleted_does_not_come_back(tmp_path: Path) -> None:
    both = thread(post("3ka", "One"), post("3kb", "Two", reply_to="3ka"))
    store(tmp_path, both)
    path = only_file(tmp_path)
    text = path.read_text("utf-8")
    line = next(line for line in text.split("\n") if '"id": "3kb"' in line)
    path.write_text(
        text.replace(line + "\n", "").replace("<!-- post 3kb -->\n\nTwo\n", ""), "utf-8"
    )

    store(tmp_path, both)

    assert "Two" not in path.read_text("utf-8")
    assert [p.id for p in content_folder.read_archive(tmp_path)[0].posts] == ["3ka"]


def test_a_root_that_is_found_later_joins_its_thread_and_keeps_the_file(tmp_path: Path) -> None:
    tail = thread(post("3kb", "Two"), post("3kc", "Three", reply_to="3kb"))
    store(tmp_path, tail)
    path = only_file(tmp_path)
    edit(path, "\nThree", "\nThree, said louder")

    whole = thread(post("3ka", "One"), post("3kb", "Two", reply_to="3ka"),
                   post("3kc", "Three", reply_to="3kb"))  # fmt: skip
    store(tmp_path, whole)

    assert only_file(tmp_path) == path
    (found,) = content_folder.read_archive(tmp_path)
    assert [(p.id, p.text) for p in found.posts] == [
        ("3ka", "One"), ("3kb", "Two"), ("3kc", "Three, said louder"),
    ]  # fmt: skip
    assert found.id == "3ka"


def test_two_files_become_one_when_their_posts_turn_out_to_be_one_thread(tmp_path: Path) -> None:
    store(tmp_path, thread(post("3ka", "One")), thread(post("3kb", "Two")))
    changes = store(tmp_path, thread(post("3ka", "One"), post("3kb", "Two", reply_to="3ka")))
    assert len(changes.removed) == 1
    assert [[p.id for p in t.posts] for t in content_folder.read_archive(tmp_path)] == [
        ["3ka", "3kb"]
    ]


def test_profiles_keep_what_a_person_wrote_too(tmp_path: Path) -> None:
    profile = Profile("ada.example", "bluesky", "ada.example", None, "Builds <things>")
    store(tmp_path, profiles=(profile,))
    path = tmp_path / "profiles" / "ada-example.md"
    edit(path, 'handle: "ada.example"', 'handle: "ada.example"\nname: "Ada"')
    store(tmp_path, profiles=(replace(profile, bio="Builds more"),))
    ((_, stored),) = content_folder.read_profiles(tmp_path)
    assert stored.profile == replace(profile, name="Ada", bio="Builds more")


BROKEN = {
    "no front matter": ("Just words", 1, "must begin with front matter"),
    "no end of it": ("---\ntitle: x\n", 1, "front matter"),
    "broken YAML": ('---\ntitle: "x\nposts: []\n---\n', 2, ""),
    "no posts": ('---\nnetwork: "x"\n---\n', 1, '"posts" must be a list'),
    "a post without id": ('---\nnetwork: "x"\nposts:\n  - {"a": 1}\n---\n', 3, 'needs an "id"'),
    "a post twice": ('---\nnetwork: "x"\nposts: [{"id": "a"}, {"id": "a"}]\n---\n', 3, "twice"),
    "no network": ('---\nposts: [{"id": "a"}]\n---\n<!-- post a -->\n', 1, '"network"'),
    "a text that is gone": ('---\nnetwork: "x"\nposts: [{"id": "a"}]\n---\n', 3, "is missing"),
    "a marker too many": (
        '---\nnetwork: "x"\nposts: [{"id": "a"}]\n---\n<!-- post a -->\n<!-- post b -->\n', 6, "no line",
    ),
    "a marker twice": (
        '---\nnetwork: "x"\nposts: [{"id": "a"}]\n---\n<!-- post a -->\n<!-- post a -->\n', 6, "twice",
    ),
    "a wrong type": (
        '---\nnetwork: "x"\nposts:\n  - {"id": "a", "tags": 3}\n---\n<!-- post a -->\n', 4, '"tags" must be',
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_named_with_its_line_and_a_cure(tmp_path: Path, name: str) -> None:
    text, line, what = BROKEN[name]
    path = tmp_path / "threads" / "a.md"
    path.parent.mkdir()
    path.write_text(text, "utf-8")
    with pytest.raises(ContentError) as caught:
        list(content_folder.read_threads(tmp_path))
    assert caught.value.path == str(path)
    assert caught.value.line == line
    assert what in caught.value.message
    assert caught.value.hint


def test_two_files_with_one_post_are_both_named(tmp_path: Path) -> None:
    store(tmp_path, thread(post("3ka", "One")))
    path = only_file(tmp_path)
    twin = path.with_name("twin.md")
    twin.write_text(path.read_text("utf-8"), "utf-8")
    with pytest.raises(ContentError) as caught:
        stores.merge(ArchiveIndex(tmp_path), (), ())
    assert {str(path), str(twin)} == {
        caught.value.path,
        caught.value.message.split(" is in ")[1][:-4],
    }


@given(st.text(max_size=12))
def test_any_id_makes_a_marker_that_html_and_our_reader_understand(identity: str) -> None:
    from sitegen.content.format import thread_file

    name = marker_name(identity or "x")
    assert not re.search("--|>|-$", name)
    assert thread_file.MARKER.fullmatch(marker(identity or "x"))
    assert json.dumps(name).isascii()


def test_a_source_that_knows_less_takes_nothing_away(tmp_path: Path) -> None:
    rich = post(
        "3ka", "The first words", created_at="2025-02-11T02:02:09Z", langs=("en",),
        author=Author("ada.example", "did:ada", "Ada"), counts=Counts(likes=3),
        media=(Media("image", "media/a.png", "A cloud"),),
    )  # fmt: skip
    poor = post("3ka", "The first words", created_at="2025-02-11")
    store(tmp_path, thread(rich))
    before = only_file(tmp_path).read_bytes()
    store(tmp_path, thread(poor))
    assert only_file(tmp_path).read_bytes() == before


def test_a_file_that_says_nothing_new_is_left_alone_however_it_is_written(tmp_path: Path) -> None:
    store(tmp_path, thread(post("3ka", "One\nTwo")))
    path = only_file(tmp_path)
    by_hand = path.read_bytes().replace(b"\n", b"\r\n") + b"\r\n\r\n"
    path.write_bytes(by_hand)
    store(tmp_path, thread(post("3ka", "One\nTwo")))
    assert path.read_bytes() == by_hand


def test_when_files_join_what_a_person_wrote_in_one_is_kept_beside(tmp_path: Path) -> None:
    store(tmp_path, thread(post("3kb", "Two"), post("3kc", "Gone", reply_to="3kb")))
    path = only_file(tmp_path)
    text = path.read_text("utf-8")
    line = next(line for line in text.split("\n") if '"id": "3kc"' in line)
    text = text.replace(line + "\n", "").replace("<!-- post 3kc -->\n\nGone\n", "")
    path.write_text(
        text.replace("---\n\n", "notes: mine\nhide: true\n---\n\nBefore.\n\n", 1), "utf-8"
    )
    store(tmp_path, thread(post("3ka", "One")))

    whole = (post("3ka", "One"), post("3kb", "Two", reply_to="3ka"),
             post("3kc", "Gone", reply_to="3kb"))  # fmt: skip
    changes = store(tmp_path, thread(*whole))

    (conflict,) = changes.conflicts
    assert conflict.upstream.name == path.name + ".joined"
    kept = conflict.upstream.read_text("utf-8")
    assert "notes: mine" in kept
    assert "Before." in kept
    ((_, posts),) = content_folder.read_threads(tmp_path)
    assert [(s.post.id, s.hidden) for s in posts] == [("3ka", False), ("3kb", True)]


@pytest.mark.parametrize("line", [
    "hide: yes", "hide: on", 'hide: "true"', "Hide: true", "hide: 1", "hide:", "HIDE: true",
    '"hide ": true', "hdie: true", "hid: true", "hiden: true", "h-ide: true", "drfat: true",
    "draft: yes", 'draft: "true"', "Draft: true", "drafts: true", "visibilty: direct",
    "Visibility: direct", "visibility: friends", "visibility: Direct", "private: true",
    "hidden: yes", "published: false", "Public: no", "status: draft", "params: {hide: true}",
    "params:\n  Draft: yes", "cascade: [{visibility: direct}]", "template: wide",
])  # fmt: skip
def test_what_may_be_meant_to_hide_is_an_error_and_not_a_publication(
    tmp_path: Path, line: str
) -> None:
    store(tmp_path, thread(post("3ka", "One")))
    path = only_file(tmp_path)
    edit(path, "---\n\n", f"{line}\n---\n\n")
    with pytest.raises(ContentError) as caught:
        content_folder.read_archive(tmp_path)
    head = path.read_text("utf-8").split("\n")
    assert caught.value.line == head.index(line.split("\n")[0]) + 1
    assert caught.value.hint


@pytest.mark.parametrize("line", [
    "hide: true", "draft: true", "hide: false\ndraft: true", "visibility: followers",
    "visibility: direct", "visibility: private", "visibility: unknown",
])  # fmt: skip
def test_a_thread_that_is_held_back_is_exported_as_hidden(tmp_path: Path, line: str) -> None:
    store(tmp_path, thread(post("3ka", "One")))
    edit(only_file(tmp_path), "---\n\n", f"{line}\n---\n\n")
    ((one,),) = [t.posts for t in content_folder.read_archive(tmp_path)]
    assert ("hide", "true") in one.extra


@pytest.mark.parametrize("line", [
    "hide: false", "draft: false", "visibility: public", "visibility: unlisted", "weight: 3",
    "private: false", "published: true", "layout: wide", "slug: one", "status: final",
    "params: {hide: false, wide: true}", "expiryDate: 2030-01-01", "mine: 7",
])  # fmt: skip
def test_what_hides_nothing_and_is_meant_to_hide_nothing_is_no_mistake(
    tmp_path: Path, line: str
) -> None:
    store(tmp_path, thread(post("3ka", "One")))
    edit(only_file(tmp_path), "---\n\n", f"{line}\n---\n\n")
    ((one,),) = [t.posts for t in content_folder.read_archive(tmp_path)]
    assert one.extra == ()


@st.composite
def edits_of(draw: st.DrawFn, word: str) -> str:
    """Return a word with one slip in it: a letter more, less, other, swapped, or in capitals."""
    at = draw(st.integers(0, len(word) - 1))
    letter = draw(st.sampled_from("abcdehiltvyz_- 1éД"))
    return draw(st.sampled_from([
        word[:at] + letter + word[at:],
        word[:at] + word[at + 1 :],
        word[:at] + letter + word[at + 1 :],
        word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
        word[:at] + word[at].upper() + word[at + 1 :],
        word,
    ]))  # fmt: skip


@given(st.data(), st.booleans())
def test_no_slip_of_the_hand_publishes(data: st.DataObject, in_line: bool) -> None:
    """Any one edit of a privacy key either hides the post all the same, or is an error."""
    word = data.draw(st.sampled_from(["hide", "draft", "visibility"]))
    key = data.draw(edits_of(word))
    value = "direct" if word == "visibility" else True
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store(folder, thread(post("3ka", "One")))
        if in_line and word != "visibility":
            edit(only_file(folder), '{"id": "3ka"', f'{{"id": "3ka", {json.dumps(key)}: true')
        else:
            edit(only_file(folder), "---\n\n", f"{json.dumps(key)}: {json.dumps(value)}\n---\n\n")
        try:
            ((one,),) = [t.posts for t in content_folder.read_archive(folder)]
        except ContentError as error:
            assert error.line
        else:
            assert ("hide", "true") in one.extra


@pytest.mark.parametrize("visibility", ["followers", "direct", "unknown"])
def test_a_visibility_included_by_an_import_is_shown_and_one_by_hand_hides(
    tmp_path: Path, visibility: str
) -> None:
    store(tmp_path, thread(post("3ka", "One", visibility=visibility), post("3kb", "Two")))
    edit(only_file(tmp_path), '{"id": "3kb"', f'{{"id": "3kb", "visibility": "{visibility}"')
    ((_, stored),) = content_folder.read_threads(tmp_path)
    assert [one.hidden for one in stored] == [False, True]
    text = only_file(tmp_path).read_text("utf-8")
    only_file(tmp_path).write_text(re.sub(r"\nwritten: .*", "", text), "utf-8")
    ((_, stored),) = content_folder.read_threads(tmp_path)  # the lines alone decide
    assert [one.hidden for one in stored] == [False, True]
    edit(only_file(tmp_path), ', "hide": false', "")
    ((_, stored),) = content_folder.read_threads(tmp_path)
    assert [one.hidden for one in stored] == [True, True]


@pytest.mark.parametrize(
    ("field", "hint"),
    [
        ('"hiden": true', "write 'hide'."),
        ('"meda": []', "write 'media'."),
        ('"createdat": "2024-01-01"', "write 'created_at'."),
        ('"media": [{"kind": "image", "atl": "A cloud"}]', "write 'alt'."),
        ('"counts": {"lieks": 3}', "write 'likes'."),
        ('"author": {"handel": "ada"}', "write 'handle'."),
        ('"quoted_author": "ada"', "delete it, or put fields of your own into extra."),
    ],
)
def test_a_field_of_a_post_that_nobody_reads_is_an_error_with_its_spelling(
    tmp_path: Path, field: str, hint: str
) -> None:
    store(tmp_path, thread(post("3ka", "One")))
    path = only_file(tmp_path)
    edit(path, '{"id": "3ka"', f'{{"id": "3ka", {field}')
    with pytest.raises(ContentError) as caught:
        content_folder.read_archive(tmp_path)
    assert caught.value.hint == hint
    assert path.read_text("utf-8").split("\n")[(caught.value.line or 0) - 1].startswith("  - {")


def test_what_is_hidden_stays_hidden_through_export_and_import(tmp_path: Path) -> None:
    store(tmp_path / "a", thread(post("3ka", "One"), post("3kb", "Two", reply_to="3ka")))
    path = only_file(tmp_path / "a")
    edit(path, '{"id": "3kb"', '{"id": "3kb", "hide": true')
    store(tmp_path / "b", *content_folder.read_archive(tmp_path / "a"))
    ((_, posts),) = content_folder.read_threads(tmp_path / "b")
    assert [(s.post.id, s.hidden) for s in posts] == [("3ka", False), ("3kb", True)]


ONE, TWO = post("3ka", "One"), post("3kb", "Two")
WHOLE = thread(ONE, replace(TWO, reply_to="3ka"))


def halfway(folder: Path, title: str = "One") -> tuple[Path, Path]:
    """Stop an import when a post is in two files: the one that gets it, and the one to go."""
    store(folder, thread(replace(ONE, text=title)), thread(TWO))
    changes = stores.merge(ArchiveIndex(folder), (WHOLE,), ())
    journal = replace(changes.import_records, files={})
    stopped = replace(changes, updated={}, removed=(), records=(), import_records=journal)
    stores.write(replace(stopped, moves=changes.moves[:2]))
    (into,), (leaving,) = changes.updated, changes.removed
    assert "Two" in Path(into).read_text("utf-8")
    assert "Two" in Path(leaving).read_text("utf-8")
    return Path(into), Path(leaving)


def test_a_stopped_import_is_finished_by_any_other(tmp_path: Path) -> None:
    into, leaving = halfway(tmp_path)
    changes = store(tmp_path, thread(post("3kz", "Other")))
    assert (changes.removed, changes.conflicts) == ((str(leaving),), ())
    assert not (tmp_path / relocation_journal.RECORD).exists()
    assert "Two" in into.read_text("utf-8")
    assert {t.id for t in content_folder.read_archive(tmp_path)} == {"3ka", "3kz"}


def test_finishing_a_stopped_import_is_planned_before_it_is_done(tmp_path: Path) -> None:
    halfway(tmp_path)
    before = tree(tmp_path)
    stores.merge(ArchiveIndex(tmp_path), (), ())
    assert tree(tmp_path) == before


@pytest.mark.parametrize("which", [0, 1])
def test_what_a_person_writes_after_an_import_was_stopped_is_kept(
    tmp_path: Path, which: int
) -> None:
    both = halfway(tmp_path)
    edit(both[which], "\nTwo", "\nTwo, said louder")
    (conflict,) = store(tmp_path, WHOLE).conflicts
    assert (conflict.path, conflict.upstream) == (both[0], Path(f"{both[1]}.joined"))
    said = ["louder" in p.read_text("utf-8") for p in (both[0], conflict.upstream)]
    assert said == [which == 0, which == 1]
    assert only_file(tmp_path) == both[0]


def test_a_post_that_a_person_took_out_of_either_file_is_in_the_other(tmp_path: Path) -> None:
    into, leaving = halfway(tmp_path)
    leaving.unlink()
    assert store(tmp_path, WHOLE).conflicts == ()
    assert only_file(tmp_path) == into
    assert [[p.id for p in t.posts] for t in content_folder.read_archive(tmp_path)] == [
        ["3ka", "3kb"]
    ]


@pytest.mark.parametrize("title", ["One", "Zone"])  # before the other file, and after it
def test_a_copy_of_a_file_is_an_error_though_an_import_was_stopped(
    tmp_path: Path, title: str
) -> None:
    into, leaving = halfway(tmp_path, title)
    twin = into.with_name("twin.md")
    twin.write_bytes(leaving.read_bytes())
    with pytest.raises(ContentError, match="the post 3kb is in"):
        stores.merge(ArchiveIndex(tmp_path), (), ())


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"into": 1}', b"\xff", b'{"into": "../x"}'])
def test_a_broken_record_of_moving_posts_blocks_nothing(tmp_path: Path, data: bytes) -> None:
    store(tmp_path, thread(ONE))
    (tmp_path / relocation_journal.RECORD).write_bytes(data)
    assert store(tmp_path, thread(ONE)).unchanged == 1
    assert not (tmp_path / relocation_journal.RECORD).exists()


def test_what_was_kept_beside_a_file_is_not_overwritten(tmp_path: Path) -> None:
    for number in (1, 2):
        store(tmp_path, thread(TWO))
        path = next((tmp_path / "threads").rglob("*two*.md"))
        edit(path, "---\n\n", f"notes: {number}\n---\n\n")
        store(tmp_path, thread(ONE))
        store(tmp_path, WHOLE)
        only_file(tmp_path).unlink()
        stores.write(
            stores.merge(ArchiveIndex(tmp_path), (), (), options=MergeOptions(deletions="accept"))
        )
        shutil.rmtree(tmp_path / ".imported")
    kept = {p.name: p.read_text("utf-8") for p in (tmp_path / "threads").rglob("*.joined")}
    assert {name: "notes: 1" in text for name, text in kept.items()} == {
        f"{path.name}.joined": True,
        f"{path.name}-2.joined": False,
    }


def test_two_threads_never_share_a_file_though_their_names_are_one(tmp_path: Path) -> None:
    one, two = thread(post("3k7650", "Fog")), thread(post("3k7795", "Fog"))  # of one mark
    store(tmp_path, one, two)
    assert {t.id for t in content_folder.read_archive(tmp_path)} == {"3k7650", "3k7795"}
    names = sorted(p.name for p in (tmp_path / "threads").rglob("*.md"))
    assert names == ["2025-02-11-fog-116525-2.md", "2025-02-11-fog-116525.md"]
    again = store(tmp_path, two, one)
    assert (again.created, again.updated, again.unchanged) == ({}, {}, 2)


def test_a_thread_does_not_take_the_file_of_posts_that_it_left(tmp_path: Path) -> None:
    store(tmp_path, WHOLE)
    path = only_file(tmp_path)
    line = next(line for line in path.read_text("utf-8").split("\n") if '"id": "3ka"' in line)
    edit(path, line + "\n", "")
    edit(path, "<!-- post 3ka -->\n\nOne\n", "")
    edit(path, "\nTwo", "\nMine")
    before = path.read_bytes()
    store(tmp_path, thread(ONE))
    assert path.read_bytes() == before
