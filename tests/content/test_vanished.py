"""What a source has no more: counted, marked or taken out, and never a policy of a person's."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from msgspec.structs import replace
from test_content import edit, only_file, post, thread
from trees import differences, tree

from sitegen.content import content_folder, store
from sitegen.content.archive_index import ArchiveIndex
from sitegen.content.changeset import orphaned_media
from sitegen.content.changeset.vanished import Policy, VanishedOptions
from sitegen.content.merge_options import MergeOptions
from sitegen.model import Author, Media, Post, Profile, Thread, Visibility

ADA = Author("ada.example", "did:ada", "Ada")
BO = Author("bo.example", "did:bo", "Bo")
COMPLETE = (("bluesky", "did:ada"),)
PURGE = MergeOptions(vanished=VanishedOptions("purge", COMPLETE))
WORDS: tuple[Policy, ...] = ("keep", "mark", "purge")


def said(identity: str, text: str, **fields: object) -> Post:
    """Return a post of an account that is known by its id."""
    return post(identity, text, **{"author": ADA, **fields})


ROOT = said("3ka", "The root of it", tags=("sky",))
REPLY = said("3kb", "A reply", reply_to="3ka", tags=("fog",))
ANSWER = said("3kc", "An answer to it", reply_to="3kb", author=BO)
OTHER = said("3kz", "Something else")
WHOLE = (thread(ROOT, REPLY, ANSWER), thread(OTHER))


def bring(
    folder: Path,
    *threads: Thread,
    policy: Policy = "keep",
    complete: tuple[tuple[str, str], ...] = COMPLETE,
) -> store.Changes:
    """Import a full export, as it were."""
    options = MergeOptions(vanished=VanishedOptions(policy, complete))
    changes = store.merge(ArchiveIndex(folder), threads, (), options=options)
    store.write(changes)
    return changes


def fates(changes: store.Changes) -> dict[str, str]:
    """Return what became of the posts that vanished, by their ids."""
    return {gone.id: gone.fate for gone in changes.vanished}


def file_of(folder: Path, words: str) -> Path:
    """Return the file with these words in its name."""
    (path,) = (folder / "threads").rglob(f"*{words}*.md")
    return path


def test_what_is_kept_is_counted_and_stays_byte_for_byte(tmp_path: Path) -> None:
    bring(tmp_path, *WHOLE)
    before = tree(tmp_path)
    changes = bring(tmp_path, thread(OTHER))
    assert fates(changes) == {"3ka": "kept", "3kb": "kept"}
    assert changes.updated == {}
    assert tree(tmp_path) == before
    assert {gone.path for gone in changes.vanished} == {file_of(tmp_path, "root")}


def test_a_mark_is_a_word_in_the_line_and_goes_when_the_post_is_back(tmp_path: Path) -> None:
    bring(tmp_path, *WHOLE)
    before = tree(tmp_path)
    path = file_of(tmp_path, "root")
    old = path.read_text("utf-8").split("\n")

    changes = bring(tmp_path, thread(ROOT), thread(OTHER), policy="mark")

    assert fates(changes) == {"3kb": "marked"}
    new = path.read_text("utf-8").split("\n")
    changed = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
    assert changed[0][1] == changed[0][0].removesuffix("}") + ', "vanished": true}'
    assert changed[1:] == []
    again = bring(tmp_path, thread(ROOT), thread(OTHER), policy="mark")
    assert (fates(again), again.updated) == ({"3kb": "kept"}, {})
    bring(tmp_path, *WHOLE, policy="mark")
    assert not differences(tree(tmp_path), before)


@pytest.mark.parametrize("by_hand", ["", ', "vanished": false'])
def test_a_mark_that_a_person_took_away_stays_away(tmp_path: Path, by_hand: str) -> None:
    bring(tmp_path, *WHOLE)
    some = (thread(ROOT), thread(OTHER))
    bring(tmp_path, *some, policy="mark")
    path = file_of(tmp_path, "root")
    edit(path, ', "vanished": true', by_hand)
    before = path.read_bytes()
    for policy in WORDS:
        changes = bring(tmp_path, *some, policy=policy)
        assert fates(changes) == {"3kb": "spared" if policy == "purge" else "kept"}
        assert path.read_bytes() == before
    assert bring(tmp_path, *WHOLE).conflicts == ()


def test_a_post_that_is_taken_out_leaves_nothing(tmp_path: Path) -> None:
    bring(tmp_path, *WHOLE)
    before = tree(tmp_path)
    changes = bring(tmp_path, thread(ROOT), thread(OTHER), policy="purge")
    assert fates(changes) == {"3kb": "purged"}
    text = file_of(tmp_path, "root").read_text("utf-8")
    assert "A reply" not in text
    assert "fog" not in text
    assert text.count("3kb") == text.count('"reply_to": "3kb"') == 1
    assert bring(tmp_path, thread(ROOT), thread(OTHER), policy="purge").updated == {}
    bring(tmp_path, *WHOLE, policy="purge")
    assert not differences(tree(tmp_path), before)


def test_a_file_whose_posts_have_all_gone_goes(tmp_path: Path) -> None:
    bring(tmp_path, *WHOLE)
    before, path = tree(tmp_path), file_of(tmp_path, "else")
    changes = bring(tmp_path, WHOLE[0], policy="purge")
    assert (fates(changes), changes.removed) == ({"3kz": "purged"}, (str(path),))
    assert not path.exists()
    bring(tmp_path, *WHOLE, policy="purge")
    assert not differences(tree(tmp_path), before)


def test_what_was_marked_is_taken_out_when_the_word_changes(tmp_path: Path) -> None:
    bring(tmp_path, *WHOLE)
    bring(tmp_path, WHOLE[0], policy="mark")
    assert fates(bring(tmp_path, WHOLE[0], policy="purge")) == {"3kz": "purged"}


def test_when_the_root_is_taken_out_the_file_speaks_for_the_next_post(tmp_path: Path) -> None:
    answer = replace(ANSWER, text="An answer", created_at="2025-02-12T09:00")
    bring(tmp_path, thread(ROOT, REPLY, answer, said("3kd", "Last", reply_to="3kc")), thread(OTHER))
    bring(tmp_path, thread(OTHER), thread(said("3kd", "Last", reply_to="3kc")), policy="purge")
    path = file_of(tmp_path, "root")
    head = path.read_text("utf-8").partition("posts:")[0]
    assert head == (
        "---\n"
        'title: "An answer"\n'
        'date: "2025-02-12T09:00:00"\n'
        'network: "bluesky"\n'
        'id: "3kc"\n'
        'author: "Bo"\n'
        'account: {"handle": "bo.example", "id": "did:bo", "name": "Bo"}\n'
    )
    ((posts),) = [t.posts for t in content_folder.read_archive(tmp_path) if t.id == "3kc"]
    assert [(p.id, p.author) for p in posts] == [("3kc", BO), ("3kd", ADA)]
    assert "root" not in path.read_text("utf-8")


EDITS = {
    "text": ("The root of it", "My own words"),
    "alt text": ('"alt": "A cloud"', '"alt": "A cumulus"'),
    "no alt text": (', "alt": "A cloud"', ""),
    "a part that was deleted": (', "langs": ["en"]', ""),
    "a part that was added": (', "langs": ["en"]', ', "langs": ["en"], "warning": "Fog"'),
    "a hidden post": ('{"id": "3ka"', '{"id": "3ka", "hide": true'),
    "a hidden thread": ("---\n\n", "hide: true\n---\n\n"),
    "title": ('title: "The root of it"', 'title: "What I call it"'),
    "no title": ('title: "The root of it"\n', ""),
    "a key of one's own": ("---\n\n", "cover: [a, b]\n---\n\n"),
    "a comment": ("---\n\n", "# mine\n---\n\n"),
    "words before the posts": ("---\n\n", "---\n\nA policy before.\n\n"),
    "a note of its own": (', "langs": ["en"]', ', "langs": ["en"], "extra": {"note": "mine"}'),
}


@pytest.mark.parametrize("name", EDITS)
def test_what_a_person_edited_is_marked_instead_of_taken_out(tmp_path: Path, name: str) -> None:
    root = replace(ROOT, langs=("en",), media=(Media("image", None, "A cloud"),))
    bring(tmp_path, thread(root), thread(OTHER))
    path = file_of(tmp_path, "root")
    edit(path, *EDITS[name])
    edited = path.read_text("utf-8")

    changes = bring(tmp_path, thread(OTHER), policy="purge")

    assert fates(changes) == {"3ka": "spared"}
    after = path.read_text("utf-8")
    assert '"vanished": true' in after
    assert EDITS[name][1] in after
    lines = Counter(edited.split("\n")) - Counter(after.split("\n"))
    assert all(line.startswith("  - ") for line in lines)
    again = bring(tmp_path, thread(OTHER), policy="purge")
    assert (fates(again), again.updated) == ({"3ka": "spared"}, {})


def test_an_unresolved_conflict_beside_a_file_spares_its_posts(tmp_path: Path) -> None:
    bring(tmp_path, *WHOLE)
    path = file_of(tmp_path, "else")
    beside = path.with_name(f"{path.name}.upstream")
    beside.write_text("theirs")
    assert fates(bring(tmp_path, WHOLE[0], policy="purge")) == {"3kz": "spared"}
    beside.unlink()
    assert fates(bring(tmp_path, WHOLE[0], policy="purge")) == {"3kz": "purged"}


UNPROVEN = {
    "another account's": (said("3kx", "Words", author=BO), COMPLETE),
    "known by a handle only": (said("3kx", "Words", author=Author("ada.example")), COMPLETE),
    "of nobody": (said("3kx", "Words", author=Author()), (*COMPLETE, ("bluesky", ""))),
    "on another network": (said("3kx", "Words", network="x"), COMPLETE),
    "of no full export": (said("3kx", "Words"), ()),
    "not for all": (said("3kx", "Words", visibility="followers"), COMPLETE),
}  # fmt: skip


@pytest.mark.parametrize("policy", WORDS)
@pytest.mark.parametrize("name", UNPROVEN)
def test_what_no_source_can_tell_of_has_not_vanished(
    tmp_path: Path, name: str, policy: Policy
) -> None:
    unproven, complete = UNPROVEN[name]
    bring(tmp_path, thread(unproven), thread(OTHER))
    before = tree(tmp_path)
    changes = bring(tmp_path, thread(OTHER), policy=policy, complete=complete)
    assert changes.vanished == ()
    assert tree(tmp_path) == before


@pytest.mark.parametrize("visibility", ["followers", "direct", "unlisted"])
def test_a_post_for_some_is_missing_where_such_posts_come_at_all(
    tmp_path: Path, visibility: Visibility
) -> None:
    one, two = (said(i, "Words", visibility=visibility) for i in ("3kx", "3ky"))
    bring(tmp_path, thread(one), thread(two))
    assert fates(bring(tmp_path, thread(one), policy="purge")) == {"3ky": "purged"}


def test_a_post_that_the_source_has_but_does_not_bring_has_not_vanished(tmp_path: Path) -> None:
    bring(tmp_path, *WHOLE)
    policy = VanishedOptions("purge", COMPLETE, frozenset({("bluesky", "3kz"), ("x", "3kb")}))
    changes = store.merge(ArchiveIndex(tmp_path), (thread(ROOT),), (), options=MergeOptions(policy))
    assert fates(changes) == {"3kb": "purged"}


@pytest.mark.parametrize("policy", WORDS)
def test_an_import_without_one_post_of_the_account_proves_nothing(
    tmp_path: Path, policy: Policy
) -> None:
    bring(tmp_path, *WHOLE)
    before = tree(tmp_path)
    changes = bring(tmp_path, thread(ANSWER), policy=policy)
    assert fates(changes) == {"3ka": "kept", "3kb": "kept", "3kz": "kept"}
    assert tree(tmp_path) == before


def test_a_repost_is_a_post_of_who_reposted(tmp_path: Path) -> None:
    bring(tmp_path, thread(said("3kr", "", repost_of="3kq")), thread(OTHER))
    assert fates(bring(tmp_path, thread(OTHER), policy="purge")) == {"3kr": "purged"}


@pytest.mark.parametrize("policy", WORDS)
def test_what_a_person_deleted_stays_deleted_though_its_thread_falls_apart(
    tmp_path: Path, policy: Policy
) -> None:
    bring(tmp_path, *WHOLE)
    path = file_of(tmp_path, "root")
    line = next(line for line in path.read_text("utf-8").split("\n") if '"id": "3kb"' in line)
    edit(path, f"{line}\n", "")
    edit(path, "<!-- post 3kb -->\n\nA reply\n", "")
    for _ in range(2):
        bring(tmp_path, thread(REPLY), thread(OTHER), policy=policy)
        assert [
            p.id for t in content_folder.read_archive(tmp_path) for p in t.posts if p.id == "3kb"
        ] == []


@pytest.mark.parametrize("policy", WORDS)
def test_a_deleted_post_stays_away_although_the_last_post_of_its_file_goes(
    tmp_path: Path, policy: Policy
) -> None:
    bring(tmp_path, thread(ROOT, REPLY), thread(OTHER))
    path = file_of(tmp_path, "root")
    line = next(line for line in path.read_text("utf-8").split("\n") if '"id": "3kb"' in line)
    edit(path, f"{line}\n", "")
    edit(path, "<!-- post 3kb -->\n\nA reply\n", "")
    for _ in range(2):
        changes = bring(tmp_path, thread(REPLY), thread(OTHER), policy=policy)
        assert fates(changes).get("3ka") in ("purged", "marked", "kept", None)
        files = [*(tmp_path / "threads").rglob("*.md")]
        assert len(files) == (1 if policy == "purge" else 2)
        assert not any("A reply" in path.read_text("utf-8") for path in files)


@pytest.mark.parametrize("policy", WORDS)
def test_a_source_without_the_root_does_not_speak_for_the_thread(
    tmp_path: Path, policy: Policy
) -> None:
    bring(tmp_path, *WHOLE)
    before = tree(tmp_path)
    bring(tmp_path, thread(REPLY, ANSWER), policy=policy, complete=())
    assert not differences(tree(tmp_path), before)


def with_media(identity: str, *names: str) -> Thread:
    """Return a post with pictures."""
    media = tuple(Media("image", f"media/{name}") for name in names)
    return thread(said(identity, f"Words of {identity}", media=media))


def pictures(folder: Path, *names: str) -> None:
    """Put pictures into the folder of media."""
    (folder / "media").mkdir(exist_ok=True)
    for name in names:
        (folder / "media" / name).write_bytes(name.encode())


def there(folder: Path) -> set[str]:
    """Return the names of the media files that are there."""
    return {path.name for path in (folder / "media").iterdir()}


def test_pictures_go_with_the_last_post_that_showed_them(tmp_path: Path) -> None:
    bring(
        tmp_path, with_media("3ka", "a1.png", "b2.png", "missing.png"), with_media("3kb", "b2.png")
    )
    pictures(tmp_path, "a1.png", "b2.png", "c3.png")
    changes = bring(tmp_path, with_media("3kb", "b2.png"), policy="purge")
    assert changes.orphans == (str(tmp_path / "media/a1.png"),)
    assert there(tmp_path) == {"b2.png", "c3.png"}
    assert not (tmp_path / orphaned_media.RECORD).exists()


@pytest.mark.parametrize("policy", ["keep", "mark"])
def test_pictures_of_posts_that_stay_stay(tmp_path: Path, policy: Policy) -> None:
    bring(tmp_path, with_media("3ka", "a1.png"), with_media("3kb", "b2.png"))
    pictures(tmp_path, "a1.png", "b2.png")
    assert bring(tmp_path, with_media("3kb", "b2.png"), policy=policy).orphans == ()
    assert there(tmp_path) == {"a1.png", "b2.png"}


NAMING = {
    "a page": ("about.md", "![Me](../media/a1.png)"),
    "a page in a folder": ("pages/more.html", "<img src=/media/A1.PNG>"),
    "a conflict": ("threads/2025/x.md.upstream", "media/a1.png."),
    "a profile": ("profiles/ada.md", '---\nnetwork: "n"\nid: "i"\navatar: "media/a1.png"\n---\n'),
    "data": ("data/list.json", '["media/a1.png"]'),
}


@pytest.mark.parametrize("name", NAMING)
def test_a_picture_that_a_person_shows_elsewhere_stays(tmp_path: Path, name: str) -> None:
    path, text = NAMING[name]
    bring(tmp_path, with_media("3ka", "a1.png"), thread(OTHER))
    pictures(tmp_path, "a1.png")
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text(text, "utf-8")
    changes = bring(tmp_path, thread(OTHER), policy="purge")
    assert (fates(changes), changes.orphans) == ({"3ka": "purged"}, ())
    assert there(tmp_path) == {"a1.png"}


@pytest.mark.parametrize(
    "name",
    ["../sitegen.toml", "sub/../../x.png", "a b.png", "-a.png", "A.PNG", ".hidden", "sub/a.png"],
)
def test_only_files_with_one_spelling_in_the_folder_of_media_go(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "content"
    bring(folder, with_media("3ka", name), thread(OTHER))
    path = folder / "media" / name
    (folder / "media/sub").mkdir(parents=True)
    path.write_bytes(b"mine")
    assert bring(folder, thread(OTHER), policy="purge").orphans == ()
    assert path.read_bytes() == b"mine"


def test_pictures_that_a_stopped_import_left_behind_go_with_the_next(tmp_path: Path) -> None:
    bring(tmp_path, with_media("3ka", "a1.png"), thread(OTHER))
    pictures(tmp_path, "a1.png")
    changes = store.merge(ArchiveIndex(tmp_path), (thread(OTHER),), (), options=PURGE)
    store.write(replace(changes, orphans=(), records=()))
    assert there(tmp_path) == {"a1.png"}
    assert len(bring(tmp_path).orphans) == 1
    assert there(tmp_path) == set()
    assert not (tmp_path / orphaned_media.RECORD).exists()


@pytest.mark.parametrize("data", [b"", b"{", b"{}", b"[1]", b"\xff", b'["../x", "media/../y"]'])
def test_a_broken_record_of_pictures_takes_nothing_away(tmp_path: Path, data: bytes) -> None:
    bring(tmp_path, thread(OTHER))
    (tmp_path / "y").write_bytes(b"mine")
    (tmp_path / orphaned_media.RECORD).write_bytes(data)
    assert bring(tmp_path, thread(OTHER)).orphans == ()
    assert (tmp_path / "y").exists()
    assert not (tmp_path / orphaned_media.RECORD).exists()


def test_profiles_stay_whatever_vanishes(tmp_path: Path) -> None:
    ada = Profile("did:ada", "bluesky", "ada.example", "Ada")
    store.write(store.merge(ArchiveIndex(tmp_path), WHOLE, (ada,)))
    changes = store.merge(ArchiveIndex(tmp_path), (thread(ROOT),), (), options=PURGE)
    store.write(changes)
    assert [stored.profile for _, stored in content_folder.read_profiles(tmp_path)] == [ada]
    assert only_file(tmp_path).name.endswith(".md")
