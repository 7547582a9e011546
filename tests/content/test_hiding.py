"""Whether a post is shown: by its line, by its visibility, and by who set that."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from test_content import edit, only_file, post, store, thread
from version_1 import convert, downgrade

from sitegen.content import content_folder
from sitegen.content.format.heading import heading
from sitegen.content.format.stored import Heading
from sitegen.model import Post, Thread

LINE = '{"id": "3ka"'
CLOSED = ("followers", "direct", "unknown")


def thread_with(visibility: str | None, **fields: object) -> Thread:
    """Return a thread of two posts, the first with a visibility."""
    return thread(post("3ka", "One", visibility=visibility, **fields), post("3kb", "Two"))


def hidden(folder: Path) -> list[str]:
    """Return the ids of the hidden posts."""
    ((_, stored),) = content_folder.read_threads(folder)
    return [one.post.id for one in stored if one.hidden]


def without_written(path: Path, key: str = "") -> None:
    """Remove all digests from a file, or those of one key."""
    text = path.read_text("utf-8")
    pattern = rf'"{key}": "[0-9a-f]+"(?:, )?' if key else r"(?m)^written: .*\n"
    path.write_text(re.sub(pattern, "", text), "utf-8")


@pytest.mark.parametrize("visibility", CLOSED)
def test_an_included_post_says_that_it_is_shown(tmp_path: Path, visibility: str) -> None:
    store(tmp_path, thread_with(visibility))
    assert f'"visibility": "{visibility}", "hide": false}}' in only_file(tmp_path).read_text()
    assert hidden(tmp_path) == []
    assert not store(tmp_path, thread_with(visibility)).updated


def test_a_public_post_says_nothing_of_hiding(tmp_path: Path) -> None:
    store(tmp_path, thread_with("unlisted"))
    assert "hide" not in only_file(tmp_path).read_text()


def test_what_a_source_marks_as_hidden_is_not_opened_by_its_visibility(tmp_path: Path) -> None:
    store(tmp_path, thread_with("followers", extra=(("hide", "true"),)))
    assert hidden(tmp_path) == ["3ka"]
    store(tmp_path, thread_with("followers"))
    assert hidden(tmp_path) == ["3ka"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('"visibility": "direct"', True),
        ('"visibility": "direct", "hide": false', False),
        ('"visibility": "direct", "hide": false, "draft": true', True),
        ('"visibility": "direct", "hide": true', True),
        ('"visibility": "unlisted"', False),
        ('"hide": false', False),
        ('"extra": {"visibility": "direct"}', True),
        ('"extra": {"visibility": "direct"}, "hide": false', False),
        ('"extra": {"hide": true}, "hide": false', True),
    ],
)
def test_the_line_decides(tmp_path: Path, line: str, *, expected: bool) -> None:
    store(tmp_path, thread_with(None))
    edit(only_file(tmp_path), LINE, f"{LINE}, {line}")
    without_written(only_file(tmp_path))
    assert hidden(tmp_path) == (["3ka"] if expected else [])


@pytest.mark.parametrize("visibility", CLOSED)
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (', "hide": false', ', "hide": true'),
        (', "hide": false', ""),
        (', "hide": false', ', "hide": false, "draft": true'),
    ],
)
def test_what_a_person_hides_stays_hidden_through_imports(
    tmp_path: Path, visibility: str, old: str, new: str
) -> None:
    store(tmp_path, thread_with(visibility))
    edit(only_file(tmp_path), old, new)
    for again in (thread_with(visibility), thread_with(visibility, warning="Wet")):
        assert store(tmp_path, again).conflicts == ()
        assert hidden(tmp_path) == ["3ka"]


@pytest.mark.parametrize("visibility", CLOSED)
@pytest.mark.parametrize("key", ["visibility", "hide", "draft"])
def test_a_post_that_a_person_hid_is_not_opened_by_what_a_source_says(
    tmp_path: Path, visibility: str, key: str
) -> None:
    store(tmp_path, thread_with(None))
    value = f'"{visibility}"' if key == "visibility" else "true"
    edit(only_file(tmp_path), LINE, f'{LINE}, "{key}": {value}')
    assert hidden(tmp_path) == ["3ka"]
    for _ in range(2):
        store(tmp_path, thread_with(visibility))
        assert hidden(tmp_path) == ["3ka"]


@pytest.mark.parametrize("visibility", CLOSED)
def test_a_file_of_version_1_is_shown_as_ever_and_says_so_after_an_import(
    tmp_path: Path, visibility: str
) -> None:
    store(tmp_path, thread_with(visibility))
    downgrade(tmp_path)
    assert '"hide"' not in only_file(tmp_path).read_text()
    assert hidden(tmp_path) == []
    convert(tmp_path)
    assert hidden(tmp_path) == []
    store(tmp_path, thread_with(visibility))
    assert hidden(tmp_path) == []
    assert '"hide": false' in only_file(tmp_path).read_text()


def test_a_visibility_that_a_person_closed_in_version_1_stays_closed(tmp_path: Path) -> None:
    store(tmp_path, thread_with("followers"))
    downgrade(tmp_path)
    edit(only_file(tmp_path), '"followers"', '"direct"')
    assert hidden(tmp_path) == ["3ka"]
    convert(tmp_path)
    for visibility in ("followers", "direct", "followers"):
        store(tmp_path, thread_with(visibility))
        assert hidden(tmp_path) == ["3ka"]


def tagged(*tags: str, **fields: object) -> Post:
    """Return a post with tags."""
    return post("3kb", "Two", tags=tags, reply_to="3ka", **fields)


@pytest.mark.parametrize("first", [(), ("fog",)])
@pytest.mark.parametrize("keep_digests", [True, False])
def test_no_tags_of_a_persons_own_stay_none(
    tmp_path: Path, first: tuple[str, ...], *, keep_digests: bool
) -> None:
    store(tmp_path, thread(tagged(*first)))
    path = only_file(tmp_path)
    lines = [line for line in path.read_text().splitlines(True) if not line.startswith("tags:")]
    path.write_text("".join(lines).replace("posts:\n", "tags: []\nposts:\n", 1))
    if not keep_digests:
        without_written(path)
    root = post("3ka", "One", tags=("weir",))
    for again in (thread(tagged("fog", "rain")), thread(root, tagged("fog")), thread(root)):
        store(tmp_path, again)
        assert "\ntags: []\n" in only_file(tmp_path).read_text()


def heading_of(folder: Path) -> Heading:
    """Return the heading of the only thread."""
    ((file, stored),) = content_folder.read_threads(folder)
    return heading(file, stored)


TAGGED = thread(
    post("3ka", "One", tags=("fog", "Rain"), created_at="2021-01-02T03:04:05Z"),
    post("3kb", "Two", tags=("rain", "weir", "boat"), created_at="2022-02-03T04:05:06Z"),
)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('tags: ["fog", "Rain", "weir", "boat"]\n', ("rain", "weir", "boat")),
        ('tags: ["RAIN", "weir"]\n', ("rain", "weir")),
        ("tags: boat, mine\n", ("boat",)),
        ("tags: [fog]\n", ()),
        ("tags: []\n", ()),
        ("", ()),
    ],
)
def test_the_tags_of_a_thread_with_a_hidden_post_are_those_of_the_others(
    tmp_path: Path, line: str, expected: tuple[str, ...]
) -> None:
    store(tmp_path, TAGGED)
    downgrade(tmp_path)
    path = only_file(tmp_path)
    path.write_text(re.sub(r"(?m)^tags: .*\n", line, path.read_text()))
    edit(path, LINE, f'{LINE}, "hide": true')
    assert heading_of(tmp_path).tags == expected
    without_written(path)
    assert heading_of(tmp_path).tags == (expected if line else None)


@pytest.mark.parametrize("date", ["2021-01-02T03:04:05Z", "2019-05-06", "6 May 2019"])
def test_the_date_of_a_thread_with_a_hidden_post_is_not_in_its_heading(
    tmp_path: Path, date: str
) -> None:
    store(tmp_path, TAGGED)
    path = only_file(tmp_path)
    path.write_text(re.sub(r"(?m)^date: .*\n", f"date: {date}\n", path.read_text()))
    assert heading_of(tmp_path).date
    edit(path, LINE, f'{LINE}, "hide": true')
    assert heading_of(tmp_path).date is None


@pytest.mark.parametrize("visibility", CLOSED)
def test_an_export_marks_what_a_visibility_hides(tmp_path: Path, visibility: str) -> None:
    store(tmp_path, thread_with(visibility))

    def marks() -> list[bool]:
        (found,) = content_folder.read_archive(tmp_path)
        return [("hide", "true") in one.extra for one in found.posts]

    assert marks() == [False, False]
    edit(only_file(tmp_path), ', "hide": false', "")
    assert marks() == [True, False]
