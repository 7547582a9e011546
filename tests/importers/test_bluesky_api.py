"""Answers of Bluesky's API: the same posts as a repository holds, each once, and all accounted for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.errors import SourceError
from sitegen.importers import Imported, Options, Source
from sitegen.importers.bluesky.api import BlueskyApi
from sitegen.importers.bluesky.car import read_repository
from sitegen.importers.bundles import open_bundle
from sitegen.model import Post

from . import expected
from .bluesky_writer import DID, post, repository, tid
from .test_bluesky_car import ODD, posts, some

CASES = Path(__file__).parent / "bluesky_api"
AUTHOR = {"did": DID, "handle": "linden.example"}


def read(path: Path, **options: Any) -> Imported:
    """Read a file or a folder, and check that it accounts for all its records."""
    members = open_bundle(path)
    source = Source(path, b"" if members else path.read_bytes()[:65_536], members)
    assert BlueskyApi().detect(source)
    found = BlueskyApi().read(source, Options(**options))
    assert found.records == len(posts(found)) + len(found.exclusions)
    return found


def page(folder: Path, value: Any) -> Path:
    path = folder / "page.json"
    path.write_text(json.dumps(value), "utf-8")
    return path


def view(key: str, record: Any, **more: Any) -> dict[str, Any]:
    uri = f"at://{DID}/app.bsky.feed.post/{key}"
    return {
        "uri": uri,
        "cid": "c",
        "author": AUTHOR,
        "record": record,
        "indexedAt": "2025-06-01T10:00:01Z",
    } | more


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)
def test_a_folder_of_answers_is_read_whole(case: Path, refresh: bool) -> None:
    expected.holds(read(case / "input", account="linden.example"), case / "expected.json", refresh)


def test_posts_are_the_same_in_a_repository_and_in_the_api(tmp_path: Path) -> None:
    records = json.loads((CASES.parent / "bluesky_car/whole/records.json").read_text("utf-8"))[
        "records"
    ]
    only = {
        key: value
        for key, value in records.items()
        if "BLOB" not in json.dumps(value) and "$bytes" not in json.dumps(value)
    }
    kept = {key: value for key, value in only.items() if "repost" not in key}
    listed = [
        {"uri": f"at://{DID}/{key}", "cid": "x", "value": value} for key, value in kept.items()
    ]
    one = read_repository(repository(kept), Path("a.car"), Options(), "linden.example")
    other = read(page(tmp_path, {"records": listed}), account="linden.example")
    assert {p.id: without_state(p) for p in posts(one)} == {
        p.id: without_state(p) for p in posts(other)
    }
    assert len(posts(one)) > 10
    assert one.profiles == other.profiles
    assert sorted(e.reason for e in one.exclusions) == sorted(e.reason for e in other.exclusions)


def without_state(post: Post) -> str:
    """Return all of a post but what only a whole repository can tell."""
    return repr(post).replace("state='deleted'", "state=None")


@given(
    st.lists(ODD, max_size=4),
    st.sampled_from(["feed", "posts", "records", "thread", "profiles", "follows", "post"]),
)
def test_answers_of_any_shape_are_accounted_for(odd: list[Any], name: str) -> None:
    from collections import Counter

    from sitegen.importers.bluesky.findings import Findings
    from sitegen.importers.bluesky.pages import Pages
    from sitegen.importers.bluesky.views import Reader

    shapes = [
        odd, [{"post": item, "reason": item, "reply": {"root": item, "parent": item}} for item in odd],
        [view(tid(1), item, embed=item, labels=item, threadgate={"record": item}) for item in odd],
        [{"post": view(tid(2), item, author=item), "reason": {"$type": "app.bsky.feed.defs#reasonRepost", "by": item}} for item in odd],
        [{"uri": f"at://{DID}/app.bsky.feed.repost/{tid(3)}", "value": item} for item in odd], {"post": odd, "replies": odd, "parent": odd},
    ]  # fmt: skip
    for shape in shapes:
        findings = Findings()
        pages = Pages(Counter())
        pages.add("page.json", {name: without_bytes(shape)})
        Reader(pages, findings, Options(), {}).read()
        found = findings.imported("x", {})
        assert found.records == len(posts(found)) + len(found.exclusions)


def without_bytes(value: Any) -> Any:
    """Return a value as JSON could have it."""
    if isinstance(value, dict):
        return {key: without_bytes(item) for key, item in value.items()}
    if isinstance(value, list):
        return [without_bytes(item) for item in value]
    return value.hex() if isinstance(value, bytes) else value


def test_one_who_asks_not_to_be_shown_is_shown_when_told_so(tmp_path: Path) -> None:
    asks = {"labels": [{"src": DID, "val": "!no-unauthenticated"}]}
    path = page(tmp_path, {"posts": [view(tid(1), post("hello"), author=AUTHOR | asks)]})
    hidden = read(path)
    assert (posts(hidden), hidden.profiles, len(hidden.notes)) == ([], (), 1)
    shown = read(path, include=frozenset(["logged-out"]))
    assert ([p.text for p in posts(shown)], shown.notes) == (["hello"], ())


def test_a_thread_is_whole_though_its_root_and_an_answer_are_gone(tmp_path: Path) -> None:
    gone = {"uri": f"at://{DID}/app.bsky.feed.post/{tid(9)}"}
    reply = {"reply": {"root": gone, "parent": {"uri": f"at://{DID}/app.bsky.feed.post/{tid(8)}"}}}
    views = [view(tid(n), post(str(n), **reply)) for n in (1, 2)]
    assert len(read(page(tmp_path, {"posts": views})).threads) == 1


def test_a_thread_ten_thousand_deep_is_too_deep_for_json_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "deep.json"
    start = (
        '{"thread": {"post": {"uri": "at://x", "$type": "app.bsky.feed.defs#postView"}, "parent": '
    )
    path.write_text(start + '{"parent": ' * 100_000 + "1" + "}" * 100_002)
    with pytest.raises(SourceError, match="too deep"):
        read(path)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('{"feed": [{"post": {"uri": "at://did:plc:a/app.bsky', "is no JSON"),
        ('{"error": "InvalidRequest", "message": "Profile not found"}', "Profile not found"),
        ('{"feed": [], "x": NaN, "y": "at://"}', "holds no posts"),
        ('{"feed": []}', "holds no posts"),
    ],
)
def test_what_is_no_answer_is_an_error(text: str, what: str, tmp_path: Path) -> None:
    path = tmp_path / "page.json"
    path.write_text(text)
    with pytest.raises(SourceError, match=what):
        read(path)


def test_pages_one_a_line_are_read(tmp_path: Path) -> None:
    path = tmp_path / "pages.jsonl"
    lines = [{"posts": [view(tid(n), post(str(n)))]} for n in range(3)]
    path.write_text("\ufeff" + "".join(json.dumps(line) + "\n\n" for line in lines), "utf-8")
    assert [p.text for p in posts(read(path))] == ["0", "1", "2"]


def test_half_of_a_surrogate_pair_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "page.json"
    path.write_text(json.dumps({"posts": [view(tid(1), post("a \ud83d b"))]}))
    assert [p.text for p in posts(read(path))] == ["a \ud83d b"]


@pytest.mark.parametrize(
    "head",
    [b"", b"{}", b"[]", b'{"id": "1", "network": "x", "text": "at://"}', b"text", b"<html>", b'{"items": []}',
     b'{"@context": "https://www.w3.org/ns/activitystreams", "orderedItems": []}', b"window.YTD = []"],
)  # fmt: skip
def test_other_sources_are_not_claimed(head: bytes, tmp_path: Path) -> None:
    assert BlueskyApi().detect(Source(tmp_path / "a.json", head)) is None
    (tmp_path / "a.json").write_bytes(head)
    assert BlueskyApi().detect(Source(tmp_path, b"", open_bundle(tmp_path))) is None


def test_ten_thousand_answers_in_a_row_are_one_thread(tmp_path: Path) -> None:
    records = some(3_000)
    listed = [
        {"uri": f"at://{DID}/{key}", "cid": "x", "value": value} for key, value in records.items()
    ]
    assert [len(t.posts) for t in read(page(tmp_path, {"records": listed})).threads] == [3_000]
