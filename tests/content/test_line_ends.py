"""CRLF and spaces at the ends of lines never make a part look edited, in any part of any file."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import long_law
from msgspec.structs import replace
from strategies import MAYBE, TEXTS, archives

from sitegen.content import content_folder, store
from sitegen.content.archive_index import ArchiveIndex
from sitegen.content.format import profile_file, thread_file
from sitegen.content.format.draft import TEXT, profile_parts, thread_draft
from sitegen.content.format.recorded import digests
from sitegen.content.merge import profile_merge, rewrite
from sitegen.model import Author, Media, Post, Profile, Thread

EDITS: dict[str, Callable[[str], str]] = {
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "spaces at the ends": lambda text: text.replace("\n", "  \n"),
    "no spaces at the ends": lambda text: re.sub(" +$", "", text, flags=re.M),
    "CRLF and spaces": lambda text: text.replace("\n", " \r\n"),
    "a mark at the beginning": lambda text: f"\ufeff{text}",
    "more lines at the end": lambda text: f"{text}\n\n  \n",
    "no last line end": lambda text: text.rstrip("\n"),
}


@long_law
@given(archives(), st.sampled_from([*EDITS.values()]))
def test_the_digests_of_a_thread_do_not_depend_on_line_ends(
    threads: tuple[Thread, ...], edit: Callable[[str], str]
) -> None:
    for thread in threads:
        draft = thread_draft(thread)
        new = rewrite.new_thread_text(draft)
        file = thread_file.read("t.md", edit(new.text), new.recorded)
        for identity, parts in draft.posts.items():
            assert digests(file.parts_of(identity)) == digests(parts)
            assert new.recorded.posts[identity] == digests(parts)
        fields = {k: v for k, v in file.fields.items() if k != "posts"}
        assert digests(fields) == digests(draft.fields or {})


@given(
    st.builds(Profile, TEXTS, TEXTS, MAYBE, MAYBE, TEXTS, MAYBE), st.sampled_from([*EDITS.values()])
)
def test_the_digests_of_a_profile_do_not_depend_on_line_ends(
    profile: Profile, edit: Callable[[str], str]
) -> None:
    parts = profile_parts(profile)
    file = profile_file.read("p.md", edit(profile_merge.new_profile_text(parts)))
    found = {k: v for k, v in file.fields.items() if k != "written"} | {TEXT: file.body}
    assert digests(found) == digests(parts)


def thread_of(words: str, day: int) -> Thread:
    """Return a thread of which nothing is the same in another state."""
    post = Post(
        "a", "x", f"{words}\nand  \n\n    more", f"2024-01-0{day}", Author("ada.example", "1", words),
        media=(Media("image", f"media/{words}.png", words),), warning=f"{words}\nof it",
        tags=(words,), langs=(words,), url=f"https://x.example/{words}",
    )  # fmt: skip
    return Thread("a", "x", (post, replace(post, id="b", reply_to="a")))


def import_state(folder: Path, words: str, day: int) -> object:
    """Import a state of a thread and a profile; return what content/ then has."""
    profile = Profile("1", "x", "ada.example", words, f"{words}\nand more")
    changes = store.merge(ArchiveIndex(folder), (thread_of(words, day),), (profile,))
    assert not changes.conflicts
    store.write(changes)
    found = [stored for _, stored in content_folder.read_profiles(folder)]
    return content_folder.read_archive(folder), found


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_import_updates_each_part_of_a_file_whose_line_ends_changed(
    edit: Callable[[str], str], tmp_path: Path
) -> None:
    import_state(tmp_path / "one", "fog", 1)
    import_state(tmp_path / "other", "fog", 1)
    for path in (tmp_path / "other").rglob("*.md"):
        path.write_bytes(edit(path.read_text()).encode())
    new = import_state(tmp_path / "one", "rain", 2)
    assert import_state(tmp_path / "other", "rain", 2) == new


@pytest.mark.parametrize("words", ["fog", "rain"])
def test_a_file_that_has_crlf_keeps_it(words: str, tmp_path: Path) -> None:
    for name in ("one", "other"):
        import_state(tmp_path / name, "fog", 1)
    for path in (tmp_path / "other").rglob("*.md"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    for name in ("one", "other"):
        import_state(tmp_path / name, words, 2)
    for path in (tmp_path / "one").rglob("*.md"):
        other = tmp_path / "other" / path.relative_to(tmp_path / "one")
        assert other.read_bytes() == path.read_bytes().replace(b"\n", b"\r\n")


def test_a_file_of_both_keeps_what_it_has(tmp_path: Path) -> None:
    import_state(tmp_path, "fog", 1)
    path = next((tmp_path / "threads").rglob("*.md"))
    head, _, body = path.read_bytes().partition(b"\n---\n")
    path.write_bytes(head.replace(b"\n", b"\r\n") + b"\r\n---\n# Mine\r\n" + body)
    import_state(tmp_path, "rain", 2)
    assert b"\n# Mine\r\n" in path.read_bytes()
