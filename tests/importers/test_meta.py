"""Threads and Instagram exports of invented people: bundles, single files, and bad input."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.errors import SourceError
from sitegen.formats.archives import open_bundle
from sitegen.model import Post
from sitegen.sources import HEAD_BYTES, Imported, Importer, Options, Source
from sitegen.sources.accounting import Accounting
from sitegen.sources.meta.exports.escaped_json import decode, join_bytes
from sitegen.sources.meta.importer import InstagramExport, ThreadsExport
from sitegen.sources.meta.posts.captions import facets

from .expected import holds

CASES = Path(__file__).parent / "meta"
FOLDERS = sorted(folder for folder in CASES.iterdir() if (folder / "input").is_dir())
SECOND = 1_700_000_000


def source(path: Path) -> Source:
    head = b"" if path.is_dir() else path.read_bytes()[:HEAD_BYTES]
    return Source(path, head, open_bundle(path))


def importer(path: Path) -> Importer | None:
    found: Iterator[Importer] = iter((ThreadsExport(), InstagramExport()))
    return next((one for one in found if one.detect(source(path))), None)


def read(path: Path, options: Options | None = None) -> Imported:
    one = importer(path)
    assert one is not None
    imported = one.read(source(path), options or Options())
    assert imported.records == len(posts(imported)) + len(imported.exclusions)
    return imported


def posts(imported: Imported) -> list[Post]:
    return [post for thread in imported.threads for post in thread.posts]


def escaped(value: Any) -> Any:
    """Write texts as Meta does: each byte of UTF-8 as a character."""
    if isinstance(value, str):
        return value.encode().decode("latin-1")
    if isinstance(value, dict):
        return {escaped(key): escaped(inner) for key, inner in value.items()}
    return [escaped(inner) for inner in value] if isinstance(value, list) else value


def written(folder: Path, value: Any, name: str = "posts_1.json") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(escaped(value)), "utf-8")
    return path


def record(text: str = "", *uris: str, second: Any = SECOND, **more: Any) -> dict[str, Any]:
    media = [{"uri": uri, "creation_timestamp": second, "title": ""} for uri in uris or ("",)]
    return {"media": media, "title": text, "creation_timestamp": second, **more}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda p: p.name)
def test_an_export_imports_as_expected(folder: Path, refresh: bool) -> None:
    holds(read(folder / "input"), folder / "expected.json", refresh)


def test_nothing_private_is_in_what_was_read() -> None:
    for folder in FOLDERS:
        shown = repr(read(folder / "input"))
        for secret in ("51.5", "camera", "@mail.example", "+44", "1990", "SECRET"):
            assert secret not in shown, (folder, secret)


def test_a_single_file_finds_its_media_beside_it(tmp_path: Path) -> None:
    path = written(tmp_path, [record("a", "media/1.jpg", "media/2.jpg")], "top/media/posts_1.json")
    (tmp_path / "top/media/1.jpg").write_bytes(b"one")
    imported = read(path, Options("@Pat"))
    assert [medium.path for medium in posts(imported)[0].media] == ["media/1.jpg", None]
    with imported.attachments["media/1.jpg"].open() as file:
        assert file.read() == b"one"
    assert posts(imported)[0].author.handle == "pat"


@pytest.mark.parametrize(
    "uri",
    ["../secret.jpg", "/secret.jpg", "a/../../secret.jpg", "..\\secret.jpg", "secret.txt", "c:/secret.jpg",
     "link.jpg", "folder.jpg", "a\0.jpg", "https://host.example/secret.jpg", "x" * 5000 + ".jpg"],
)  # fmt: skip
def test_no_file_outside_the_export_is_ever_read(uri: str, tmp_path: Path) -> None:
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    inside = tmp_path / "inside"
    path = written(inside, [record("a", uri)])
    (inside / "secret.txt").write_bytes(b"secret")
    (inside / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    (inside / "folder.jpg").mkdir()
    for where in (path, inside):
        imported = read(where)
        assert imported.attachments == {}
        assert posts(imported)[0].media[0].origin == uri


def test_ids_are_the_same_in_any_order_and_after_a_caption_changed(tmp_path: Path) -> None:
    one = record("one", "media/posts/1_2_3_n_17912345678901234.jpg")
    same = [record("same"), record("same"), record("other")]
    ids = {post.text: post.id for post in posts(read(written(tmp_path, [one, *same])))}
    again = {post.text: post.id for post in posts(read(written(tmp_path, [*reversed(same), one])))}
    assert ids == again
    assert len({post.id for post in posts(read(written(tmp_path, [one, *same])))}) == 4
    edited = {
        **one,
        "title": "edited",
        "media": [{**one["media"][0], "uri": "other/9_n_17912345678901234.webp"}],
    }
    assert posts(read(written(tmp_path, [edited])))[0].id == ids["one"]


def test_the_same_post_in_two_files_is_one(tmp_path: Path) -> None:
    written(tmp_path, [record("a", "media/1.mp4")], "media/posts_1.json")
    written(tmp_path, {"ig_reels_media": [record("a", "media/1.mp4")]}, "media/reels.json")
    imported = read(tmp_path)
    assert len(posts(imported)) == 1
    assert [e.reason for e in imported.exclusions] == ["same post twice"]


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("media/stories.json", {"ig_stories": [{"uri": "a.jpg", "creation_timestamp": 1}]}, "not public"),
        ("media/archived_posts.json", {"ig_archived_post_media": [record("a")]}, "not public"),
        ("media/archived_posts.json", [record("a")], "not public"),
        ("media/recently_deleted_content.json", {"ig_recently_deleted_media": [record("a")]}, "deleted by its author"),
        ("media/drafts.json", [record("a")], "draft"),
        ("media/archivierte_beiträge.json", [record("a")], "not public"),
        ("media/reposts.json", [record("a")], "not a post"),
        ("media/x.json", {"ig_post_drafts": [record("a")]}, "draft"),
        ("media/other_content.json", {"ig_other_media": [record("a")]}, "unknown kind"),
        ("media/x.json", {"ig_never_heard_of": [record("a")]}, "not a post"),
        ("media/x.json", [{"what": 1}], "unknown kind"),
        ("threads/likes.json", {"text_post_app_media_likes": [{}]}, "not a post"),
        ("messages/inbox/pal_1/message_1.json", {"messages": ["a", "b"]}, "private message"),
        ("ads/seen.json", {"ads": []}, "not a post"),
        ("media/cut.json", None, "damaged"),
    ],
)  # fmt: skip
def test_what_is_no_public_post_is_named(
    name: str, value: Any, reason: str, tmp_path: Path
) -> None:
    written(tmp_path, [record("shown")], "media/posts_1.json")
    written(tmp_path, value, name)
    if value is None:
        (tmp_path / name).write_text('[{"media": [', "utf-8")
    imported = read(tmp_path)
    assert [post.text for post in posts(imported)] == ["shown"]
    assert [e.reason for e in imported.exclusions] == [reason]


@pytest.mark.parametrize(
    ("label", "value"), [("Private Account", "True"), ("Privates Konto", "Ja")]
)
def test_posts_of_a_private_account_need_an_include(label: str, value: str, tmp_path: Path) -> None:
    written(tmp_path, [record("mine")], "media/posts_1.json")
    data = {"Username": {"value": "pat"}, label: {"value": value}}
    profile = {"profile_user": [{"string_map_data": data}]}
    written(tmp_path, profile, "personal_information/personal_information.json")
    assert posts(read(tmp_path)) == []
    allowed = posts(read(tmp_path, Options(include=frozenset(["followers"]))))
    assert [(post.text, post.visibility) for post in allowed] == [("mine", "followers")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"media": 5}, {"media": [5]}, {"media": [{"uri": 5}]}, {"media": [{"title": []}]}, 5, None, "text", [],
        {"media": [], "creation_timestamp": -1}, {"media": [], "title": 1.5}, {"media": [], "label_values": 5},
    ],
)  # fmt: skip
def test_a_record_of_wrong_types_without_anything_to_show_is_damaged(
    wrong: Any, tmp_path: Path
) -> None:
    imported = read(written(tmp_path, [record("whole"), wrong]))
    assert [post.text for post in posts(imported)] == ["whole"]
    assert [e.reason for e in imported.exclusions] == ["damaged"]


def test_times(tmp_path: Path) -> None:
    times = [SECOND, SECOND * 1000, 0, None]
    values = [record(f"t{n}", second=second) for n, second in enumerate(times)]
    imported = read(written(tmp_path, values))
    assert {post.text: post.created_at for post in posts(imported)} == {
        "t0": "2023-11-14T22:13:20Z", "t1": "2023-11-14T22:13:20Z", "t2": None, "t3": None,
    }  # fmt: skip
    assert [(o.what, o.count) for o in imported.oddities] == [("posts without a time", 2)]


@pytest.mark.parametrize(
    ("texts", "joined"),
    [
        (["1/ a", "2/ b", "3/3 c"], [3]),
        (["1/3 a", "2/3 b", "1/2 c", "2/2 d"], [2, 2]),
        (["2/ a", "3/ b"], [1, 1]),
        (["1/ a", "3/ b"], [1, 1]),
        (["1/2 a", "2/5 b"], [1, 1]),
        (["a", "b"], [1, 1]),
    ],
)
def test_only_what_counts_on_from_one_is_a_thread(
    texts: list[str], joined: list[int], tmp_path: Path
) -> None:
    values = [record(text, second=SECOND + 60 * n) for n, text in enumerate(texts)]
    imported = read(
        written(tmp_path, {"text_post_app_text_posts": values}, "threads_and_replies.json")
    )
    assert [len(thread.posts) for thread in imported.threads] == joined


def test_a_day_later_is_another_thread(tmp_path: Path) -> None:
    values = [record("1/ a", second=SECOND), record("2/ b", second=SECOND + 90_000)]
    imported = read(written(tmp_path, {"text_post_app_text_posts": values}))
    assert len(imported.threads) == 2


@pytest.mark.parametrize(
    "data",
    [b"", b"[", b'[{"media": [', b'[{"media": NaN, "creation_timestamp": 1}]', b"\xff[]", b"[" * 100_000,
     b'[{"media": 1e999, "creation_timestamp": 1}]', b'{"ig_reels_media": ' + b'{"a":' * 100_000],
)  # fmt: skip
def test_a_file_that_is_no_json_is_refused_in_one_line(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "posts.json"
    path.write_bytes(data)
    with pytest.raises(SourceError) as caught:
        InstagramExport().read(source(path), Options())
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.hint


def test_an_export_as_html_says_how_to_get_the_other(tmp_path: Path) -> None:
    page = tmp_path / "your_instagram_activity" / "media" / "posts_1.html"
    page.parent.mkdir(parents=True)
    page.write_text("<html>", "utf-8")
    with pytest.raises(SourceError, match="HTML") as caught:
        read(tmp_path)
    assert "JSON" in str(caught.value.hint)


@pytest.mark.parametrize(
    "value",
    [
        [],
        {},
        {"a": 1},
        [{"id": "1", "network": "x", "text": "media"}],
        {"version": "1"},
        [1],
        "text",
    ],
)
def test_other_json_is_not_claimed(value: Any, tmp_path: Path) -> None:
    assert importer(written(tmp_path, value)) is None
    assert importer(tmp_path) is None


@given(st.text())
def test_every_text_comes_back_from_its_bytes(text: str) -> None:
    data = json.dumps(escaped({text: [text]})).encode()
    assert decode(data, "x.json", Accounting()) == {text: [text]}


@pytest.mark.parametrize("text", ["plain", "é", "Ã", "日本", "naïve Ã©…", "\xe2\x80"])
def test_what_is_no_escape_stays_as_it_is(text: str) -> None:
    assert join_bytes(text, Accounting()) == text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("#one#two #três.", ["one", "two", "três"]),
        ("#日本語タグ and #🌱 and #1", ["日本語タグ", "🌱"]),
        ("a#b c&#39; x/#y ##z", []),
        ("@some.one. and @Two_2, not a@b.example", ["some.one", "Two_2"]),
        ("https://a.example/#no?x=@no see (https://b.example/(c))", ["https://a.example/#no?x=@no", "https://b.example/(c)"]),
        ("#" * 50_000, []),
        ("#हिन्दी", ["हिन्दी"]),
    ],
)  # fmt: skip
def test_where_a_caption_leads(text: str, found: list[str]) -> None:
    assert [facet.value for facet in facets(text)] == found


@given(st.text(alphabet="#@a1._ /é🌱:ht"))
def test_facets_lie_in_the_text_in_order(text: str) -> None:
    at = 0
    for facet in facets(text):
        assert at <= facet.start < facet.end <= len(text)
        at = facet.end
