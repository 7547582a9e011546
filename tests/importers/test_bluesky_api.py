"""Answers of Bluesky's API: the same posts as a repository holds, each once, and all accounted for."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.errors import SourceError
from sitegen.formats.archives import open_bundle
from sitegen.ingest import pipeline
from sitegen.model import Post
from sitegen.sources import Imported, Options, Source
from sitegen.sources.at_uris import tid_time
from sitegen.sources.bluesky.api.importer import BlueskyApi
from sitegen.sources.bluesky.repository.importer import read_repository

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

    from sitegen.sources.bluesky.api.post_views import PageConverter
    from sitegen.sources.bluesky.api.responses import Pages
    from sitegen.sources.bluesky.results import Results

    shapes = [
        odd, [{"post": item, "reason": item, "reply": {"root": item, "parent": item}} for item in odd],
        [view(tid(1), item, embed=item, labels=item, threadgate={"record": item}) for item in odd],
        [{"post": view(tid(2), item, author=item), "reason": {"$type": "app.bsky.feed.defs#reasonRepost", "by": item}} for item in odd],
        [{"uri": f"at://{DID}/app.bsky.feed.repost/{tid(3)}", "value": item} for item in odd], {"post": odd, "replies": odd, "parent": odd},
    ]  # fmt: skip
    for shape in shapes:
        findings = Results({})
        pages = Pages(Counter())
        pages.add("page.json", {name: without_bytes(shape)})
        PageConverter(pages, findings, Options(), {}).read()
        found = findings.build_import("x", {})
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


@pytest.mark.parametrize(
    "labels",
    [
        {"values": [{"val": "!No-Unauthenticated "}]},
        {"values": ["!no-unauthenticated"]},
        {"values": {"val": "!no-unauthenticated"}},
        [{"val": "!no-unauthenticated"}],
        "!no-unauthenticated",
    ],
)
def test_labels_of_any_shape_ask_not_to_be_shown(labels: Any, tmp_path: Path) -> None:
    def record(key: str, value: Any) -> dict[str, Any]:
        return {"uri": f"at://{DID}/{key}", "value": value}

    hidden = record(f"app.bsky.feed.post/{tid(1)}", post("Rook", labels=labels))
    shown = record(
        f"app.bsky.feed.post/{tid(2)}", post("Fog", labels={"values": [{"val": "!warn"}]})
    )
    found = read(page(tmp_path, {"records": [hidden, shown]}))
    assert [p.text for p in posts(found)] == ["Fog"]
    profile = {"$type": "app.bsky.actor.profile", "displayName": "Rook", "labels": labels}
    own = record("app.bsky.actor.profile/self", profile)
    assert not posts(read(page(tmp_path, {"records": [shown, own]})))


@pytest.mark.parametrize(
    "said",
    [{"visibility": "private"}, {"private": "ja"}, {"com.b:visibility": "kreis"}, {"draft": 1}],
)
def test_a_field_of_others_that_closes_a_record_does(said: dict[str, Any], tmp_path: Path) -> None:
    views = [view(tid(1), post("Rook", **said)), view(tid(2), post("Fog", visibility="public"))]
    path = page(tmp_path, {"posts": views})
    assert [p.text for p in posts(read(path))] == ["Fog"]
    assert len(posts(read(path, include=frozenset(["logged-out"])))) == 2


def test_what_another_source_says_of_an_account_hides_its_posts(tmp_path: Path) -> None:
    def saved(name: str, *records: tuple[str, Any]) -> Path:
        path = tmp_path / name
        found = [{"uri": f"at://{DID}/{key}", "value": value} for key, value in records]
        path.write_text(json.dumps({"records": found}), "utf-8")
        return path

    asks = {
        "$type": "app.bsky.actor.profile",
        "labels": {"values": [{"val": "!no-unauthenticated"}]},
    }
    fog = saved("posts.json", (f"app.bsky.feed.post/{tid(1)}", post("Fog")))
    own = saved("profile.json", ("app.bsky.actor.profile/self", asks))
    for sources in ((fog, own), (own, fog)):
        both = pipeline.read(sources, Options())
        assert not any(posts(each.imported) for each in both)
    facts = read(own).privacy
    assert facts == {("bluesky", DID): "private"}
    assert not posts(read(fog, privacy=facts))
    assert len(posts(read(fog, privacy=facts, include=frozenset(["logged-out"])))) == 1
    open_again = saved("again.json", ("app.bsky.actor.profile/self", asks | {"labels": {}}))
    assert read(open_again, privacy=facts).privacy == {("bluesky", DID): "public"}
    assert read(open_again).privacy == {}


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
        ('{"feed": [{"post": {"uri": "at://did:plc:a/app.bsky', "is not whole JSON"),
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


def dumped(value: Any, above: str = "") -> Any:
    """Write an answer as the Python SDK dumps it."""
    if isinstance(value, list):
        return [dumped(inner, above) for inner in value]
    if not isinstance(value, dict):
        return value
    special = {"$type": "py_type", "$link": "link"}
    names = {
        key: special.get(key) or re.sub(r"(?<=[a-z])([A-Z])", r"_\1", key).lower() for key in value
    }
    names = names if above != "record" else {k: names[k] if k in KNOWN else k for k in value}
    found = {names[key]: dumped(inner, key) for key, inner in value.items()}
    return {"embed_disabled": None, **found, "py_type": found.get("py_type")}


KNOWN = {"$type", "createdAt", "displayName", "pinnedPost"}


@pytest.mark.parametrize("name", ["feed/input/feed-1.json", "feed/input/feed-2.json", "thread/input/thread.json", "thread/input/flat.json", "records/input/posts.json"])  # fmt: skip
def test_a_dump_of_the_python_sdk_is_the_same_answer(name: str, tmp_path: Path) -> None:
    value = json.loads((CASES / name).read_text("utf-8"))
    one, other = read(page(tmp_path, value)), read(page(tmp_path, dumped(value)))
    assert posts(one) == posts(other)
    assert (one.profiles, one.exclusions) == (other.profiles, other.exclusions)


def wrapped_in_capture(inner: Any) -> Any:
    url = "https://pds.example/xrpc/app.bsky.feed.getAuthorFeed?actor=linden.example"
    content = {"text": base64.b64encode(json.dumps(inner).encode()).decode(), "encoding": "base64"}
    entry = {"request": {"url": url}, "response": {"status": 200, "content": content}}
    return {"log": {"version": "1.2", "creator": {"name": "browser"}, "entries": [entry]}}


WRAPPINGS: dict[str, Any] = {
    "list": lambda inner: [inner],
    "key": lambda inner: {"saved in spring": inner},
    "data": lambda inner: {"success": True, "headers": {"a": ["b", {"c": 1}]}, "data": inner},
    "body": lambda inner: {"statusCode": 200, "body": json.dumps(inner)},
    "posts": lambda inner: {"posts": [inner]},
    "capture": wrapped_in_capture,
}
NESTS = st.lists(st.sampled_from(sorted(WRAPPINGS)), max_size=4)
URI = f"at://{DID}/app.bsky.feed.post/"
ANSWERS: list[Any] = [
    {"feed": [{"post": view(tid(1), post("one"))}, {"post": view(tid(2), post("two"))}], "cursor": "x"},
    {"records": [{"uri": URI + tid(3), "cid": "x", "value": post("three")}]},
    {"thread": {"$type": "app.bsky.feed.defs#threadViewPost", "post": view(tid(4), post("four"))}},
    view(tid(5), post("five")),
    {"uri": URI + tid(6), "value": post("six")},
    {"mine": [{"uri": URI + tid(7), "value": post("seven")}], "notes": [1, "a"],
     "theirs": {URI + tid(8): post("eight")}},
]  # fmt: skip


@given(st.lists(st.sampled_from(range(len(ANSWERS))), min_size=1, max_size=3, unique=True), NESTS)
def test_no_wrapping_changes_what_is_read(
    tmp_path_factory: pytest.TempPathFactory, which: list[int], nest: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("w")
    value: Any = [ANSWERS[number] for number in which]
    plain = read(page(folder, value))
    for name in nest:
        value = WRAPPINGS[name](value)
    wrapped = read(page(folder, value))
    assert posts(wrapped) == posts(plain)
    assert (wrapped.exclusions, wrapped.profiles) == (plain.exclusions, plain.profiles)


def line(operation: str, key: str, text: str = "", **more: Any) -> dict[str, Any]:
    commit = {"rev": key, "operation": operation, "collection": "app.bsky.feed.post", "rkey": key}
    record = {} if operation == "delete" else {"record": post(text)}
    return {"did": DID, "time_us": 1_735_000_000_000_000, "kind": "commit", "commit": commit | record} | more  # fmt: skip


def stream(folder: Path, lines: list[Any]) -> Path:
    path = folder / "events.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return path


OPERATIONS = st.tuples(
    st.sampled_from(["create", "update", "delete"]), st.integers(1, 3), st.sampled_from("abc")
)


@given(st.lists(OPERATIONS, min_size=1, max_size=8))
def test_the_last_operation_on_a_post_says_what_it_is(
    tmp_path_factory: pytest.TempPathFactory, operations: list[tuple[str, int, str]]
) -> None:
    state: dict[str, str] = {}
    for operation, number, text in operations:
        if operation == "delete":
            state.pop(tid(number), None)
        else:
            state[tid(number)] = text
    lines = [line(operation, tid(number), text) for operation, number, text in operations]
    found = read(stream(tmp_path_factory.mktemp("j"), lines))
    assert {p.id: p.text for p in posts(found)} == state
    assert found.records == len(operations)
    reasons = [e.reason for e in found.exclusions]
    assert reasons.count("not a post") == sum(o == "delete" for o, _, _ in operations)


@pytest.mark.parametrize("turn", [1, -1])
def test_posts_of_two_accounts_with_one_key_stay_two(turn: int, tmp_path: Path) -> None:
    other = "did:plc:willow7twx3k5bq2mzsfhgyae"
    first, second = (f"at://{who}/app.bsky.feed.post/{tid(1)}" for who in (DID, other))
    gate = {"$type": "app.bsky.feed.threadgate", "post": second, "allow": []}
    answer = line("create", tid(2), "to the other", did=DID)
    answer["commit"]["record"]["reply"] = {"root": {"uri": second}, "parent": {"uri": second}}
    quote = line("create", tid(3), "of the first", did=other)
    quote["commit"]["record"]["embed"] = {
        "$type": "app.bsky.embed.record",
        "record": {"uri": first},
    }
    lines = [
        line("create", tid(1), "first"),
        line("create", tid(1), "second", did=other),
        line("create", tid(1), "second", did=other),
        answer,
        quote,
        {"did": other, "kind": "commit", "commit": {"operation": "create", "collection": "app.bsky.feed.threadgate", "rkey": tid(1), "record": gate}},
    ]  # fmt: skip
    found = read(stream(tmp_path, lines[::turn]))
    shown = {p.text: (p.id, p.url, p.reply_to, p.quote_of) for p in posts(found)}
    one, two = f"{tid(1)}@{DID}", f"{tid(1)}@{other}"
    web = "https://bsky.app/profile/{}/post/{}"
    assert shown == {
        "first": (one, web.format(DID, tid(1)), None, None),
        "second": (two, web.format(other, tid(1)), None, None),
        "to the other": (tid(2), web.format(DID, tid(2)), two, None),
        "of the first": (tid(3), web.format(other, tid(3)), None, one),
    }
    assert all(not p.elsewhere for p in posts(found))
    assert {len(thread.posts) for thread in found.threads} == {1, 2}
    assert found.records == 6 == len(posts(found)) + len(found.exclusions)
    gated = [p.text for p in posts(found) if "thread_gate" in repr(p.extra)]
    assert gated == ["second"]


def test_a_stream_of_events_is_accounted_for(tmp_path: Path) -> None:
    like = {
        "operation": "create",
        "collection": "app.bsky.feed.like",
        "rkey": tid(5),
        "record": {"subject": {}},
    }
    lines = [
        line("create", tid(1), "stays"),
        line("create", tid(2), "goes"),
        line("delete", tid(2), time_us=1_735_000_001_500_000),
        {"did": DID, "kind": "identity", "identity": {"did": DID, "handle": "linden.example"}},
        {"did": DID, "kind": "account", "account": {"active": True, "did": DID}},
        {"did": DID, "kind": "commit", "commit": like},
        {"did": DID, "type": "com", "commit": {"type": "c", "collection": "app.bsky.feed.post", "rkey": tid(6), "record": post("old kind of line")}},
        {"did": DID, "kind": "commit", "commit": {"operation": "create", "collection": "app.bsky.feed.post", "rkey": tid(7)}},
        {"did": DID, "kind": "commit", "commit": {"operation": "create"}},
    ]  # fmt: skip
    path = stream(tmp_path, lines)
    path.write_text(path.read_text("utf-8") + '{"did": "did:plc:oak3', "utf-8")
    found = read(path)
    assert {(p.text, p.author.handle) for p in posts(found)} == {
        ("stays", "linden.example"),
        ("old kind of line", "linden.example"),
    }
    assert sorted((e.reason, e.detail) for e in found.exclusions) == [
        ("damaged", "it does not say of what"),
        ("damaged", "it has no address, or no record"),
        ("damaged", "it has no record"),
        ("deleted by its author", ""),
        ("not a post", "account"),
        ("not a post", "deletion"),
        ("not a post", "identity"),
        ("not a post", "like"),
    ]
    assert found.until == "2024-12-24T00:26:41.500Z"


def unpacked(folder: Path) -> Path:
    for key, value in {
        f"app.bsky.feed.post/{tid(1)}": post("kept in a file"),
        f"app.bsky.feed.like/{tid(2)}": {"$type": "app.bsky.feed.like"},
        "app.bsky.actor.profile/self": {"$type": "app.bsky.actor.profile", "displayName": "Linden"},
    }.items():
        (folder / key).parent.mkdir(parents=True, exist_ok=True)
        (folder / f"{key}.json").write_text(json.dumps(value), "utf-8")
    return folder


def test_an_unpacked_repository_is_that_of_its_commit(tmp_path: Path) -> None:
    folder = unpacked(tmp_path / "mine")
    commit = {"did": DID, "rev": tid(3), "version": 3, "prev": None}
    (folder / "_commit.json").write_text(json.dumps(commit), "utf-8")
    found = read(folder)
    assert [(p.text, p.author.id, p.author.name) for p in posts(found)] == [
        ("kept in a file", DID, "Linden")
    ]
    assert sorted(e.detail for e in found.exclusions) == ["like", "profile"]
    assert found.until == tid_time(tid(3))
    assert posts(read(folder.parent)) == posts(found)


def test_an_unpacked_repository_without_its_name_is_refused_or_named(tmp_path: Path) -> None:
    folder = unpacked(tmp_path / "mine")
    with pytest.raises(SourceError, match="without the name") as refused:
        read(folder)
    assert "--account" in (refused.value.hint or "")
    named = posts(read(folder, account="linden.example"))
    assert [(p.text, p.author.handle) for p in named] == [("kept in a file", "linden.example")]
    assert posts(read(folder.rename(tmp_path / DID)))[0].author.id == DID


STRANGER = {"did": "did:plc:elm4elm4elm4elm4elm4elm4", "handle": "elm.example"}


def theirs(key: str, record: Any) -> dict[str, Any]:
    """Return a view of a post that another account wrote."""
    return view(key, record, author=STRANGER) | {
        "uri": f"at://{STRANGER['did']}/app.bsky.feed.post/{key}"
    }


def test_of_a_timeline_only_what_the_owner_did_comes_in(tmp_path: Path) -> None:
    by = {
        "$type": "app.bsky.feed.defs#reasonRepost",
        "by": AUTHOR,
        "indexedAt": "2025-06-01T00:00:00Z",
    }
    items = [
        {"post": view(tid(1), post("mine"))},
        {"post": theirs(tid(2), post("theirs"))},
        {"post": theirs(tid(3), post("theirs, shared")), "reason": by},
    ]  # fmt: skip
    found = read(page(tmp_path, {"feed": items}), account="@linden.example")
    assert {(p.text, p.author.handle) for p in posts(found)} == {
        ("mine", "linden.example"),
        ("theirs, shared", "linden.example"),
    }
    assert [e.reason for e in found.exclusions] == ["not of this account"]
    with pytest.raises(SourceError, match="2 accounts") as refused:
        read(page(tmp_path, {"feed": items}))
    assert "--account" in (refused.value.hint or "")


def test_what_others_wrote_in_ones_lists_is_no_post(tmp_path: Path) -> None:
    other = theirs(tid(2), post("theirs"))
    message = {
        "id": "1",
        "text": "between us",
        "sender": {"did": DID},
        "embed": {"record": {"record": other}},
    }
    value = {
        "posts": [view(tid(1), post("mine"))],
        "bookmarks": [{"subject": {"uri": other["uri"]}, "item": other}],
        "notifications": [other | {"reason": "mention"}],
        "drafts": [{"draft": {"posts": [{"text": "not yet"}]}}],
        "messages": [message],
        "convos": [{"id": "1", "members": [STRANGER], "lastMessage": message}],
    }  # fmt: skip
    found = read(page(tmp_path, value))
    assert [p.text for p in posts(found)] == ["mine"]
    assert [(e.reason, e.detail) for e in found.exclusions] == [
        ("not a post", "bookmark"),
        ("not a post", "notification"),
        ("draft", ""),
        ("private message", ""),
        ("private message", ""),
    ]
    assert "elm.example" not in repr(found)


def test_of_a_capture_only_answers_with_the_accounts_own_posts_are_read(tmp_path: Path) -> None:
    capture = wrapped_in_capture({"posts": [view(tid(1), post("mine"))]})
    body = json.dumps({"feed": [{"post": theirs(tid(2), post("home"))}]})
    for url in ("app.bsky.feed.getTimeline", "chat.bsky.convo.getMessages"):
        request = {"url": f"https://pds.example/xrpc/{url}", "postData": {"text": body}}
        entry = {"request": request, "response": {"content": {"text": body}}}
        capture["log"]["entries"].insert(0, entry)
    capture["log"]["pages"] = ["x" * 40] * 4_000
    capture["log"]["entries"] = capture["log"].pop("entries")
    assert [p.text for p in posts(read(page(tmp_path, capture)))] == ["mine"]


@pytest.mark.parametrize(
    "value",
    [
        {"follows": [STRANGER], "subject": None, "cursor": "at://"},
        {"data": {"likes": [{"actor": STRANGER, "createdAt": "2025-01-01T00:00:00Z"}], "uri": URI + tid(1)}},
        {"$type": "app.bsky.feed.post", "text": "of nobody", "createdAt": "2025-01-01T00:00:00Z"},
        {"notifications": [view(tid(1), post("theirs"))]},
        {"records": [{"uri": f"at://{DID}/app.bsky.feed.like/{tid(1)}", "value": {"subject": {}}}]},
    ],
)  # fmt: skip
def test_an_answer_without_posts_is_refused_with_the_cure(value: Any, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="holds no posts") as refused:
        read(page(tmp_path, value))
    assert (refused.value.exit_code, "getAuthorFeed" in (refused.value.hint or "")) == (2, True)


RECORD = post(
    "See example.org #reed", langs=["en"], tags=["fen"], labels={"values": [{"val": "graphic-media"}]},
    reply={"root": {"uri": URI + tid(8)}, "parent": {"uri": URI + tid(8)}},
    embed={"$type": "app.bsky.embed.external", "external": {"uri": "https://example.org/", "title": "t", "description": "d"}},
    facets=[{"index": {"byteStart": 4, "byteEnd": 15}, "features": [{"$type": "app.bsky.richtext.facet#link", "uri": "https://example.org/"}]}],
)  # fmt: skip
RECORD_PARTS = {
    "createdAt": {"created_at", "uncertain"}, "langs": {"langs"}, "tags": {"tags"}, "labels": {"warning"},
    "reply": {"reply_to", "elsewhere"}, "facets": {"facets", "links", "tags", "mentions", "extra"},
    "embed": {"card", "media", "quote_of", "elsewhere", "links", "extra"}, "entities": set(),
    "via": {"extra"},
}  # fmt: skip
VIEW_PARTS = {
    "likeCount": {"counts"}, "replyCount": {"counts"}, "indexedAt": set(), "author": {"author", "url", "elsewhere"},
    "embed": {"media"}, "labels": {"warning"}, "threadgate": {"extra"}, "viewer": set(), "cid": set(),
}  # fmt: skip


@given(st.sampled_from(sorted(RECORD_PARTS)), ODD)
def test_a_wrong_field_of_a_record_costs_that_field_alone(
    tmp_path_factory: pytest.TempPathFactory, name: str, junk: Any
) -> None:
    only_differs(tmp_path_factory, RECORD | {name: without_bytes(junk)}, {}, RECORD_PARTS[name])


@given(st.sampled_from(sorted(VIEW_PARTS)), ODD)
def test_a_wrong_field_of_a_view_costs_that_field_alone(
    tmp_path_factory: pytest.TempPathFactory, name: str, junk: Any
) -> None:
    only_differs(tmp_path_factory, RECORD, {name: without_bytes(junk)}, VIEW_PARTS[name])


def only_differs(
    folders: pytest.TempPathFactory, record: Any, more: dict[str, Any], fields: set[str]
) -> None:
    """Check that a view with strange fields makes the same post but for some of its fields."""
    folder = folders.mktemp("f")
    [whole] = posts(read(page(folder, {"posts": [view(tid(1), RECORD)]})))
    [changed] = posts(read(page(folder, {"posts": [view(tid(1), record, **more)]})))
    for field in set(Post.__struct_fields__) - fields:
        assert getattr(changed, field) == getattr(whole, field), field


def test_rows_with_a_record_and_its_place_are_read(tmp_path: Path) -> None:
    place = {"did": DID, "collection": "app.bsky.feed.post"}
    rows = [
        {"type": "record", "record": place | {"rkey": tid(1), "action": "create", "record": post("one")}},
        {"repo": DID, "collection": "app.bsky.feed.post", "rkey": tid(2), "value": post("two")},
        place | {"rkey": tid(3), "action": "create", "record": post("three")},
        place | {"rkey": tid(3), "action": "delete"},
    ]  # fmt: skip
    assert [p.text for p in posts(read(page(tmp_path, {"rows": rows})))] == ["one", "two"]


def test_records_by_their_keys_are_read_where_their_owner_is_named(tmp_path: Path) -> None:
    path = page(tmp_path, {"posts": {tid(1): post("one"), "draft": post("without a key")}})
    with pytest.raises(SourceError, match="nothing says whose"):
        read(path)
    found = read(path, account="linden.example")
    assert [(p.id, p.text, p.author.handle) for p in posts(found)] == [
        (tid(1), "one", "linden.example")
    ]
    assert [e.detail for e in found.exclusions] == ["nothing says whose it is"]


def test_utf_16_is_read(tmp_path: Path) -> None:
    path = page(tmp_path, {"mine": [view(tid(1), post("one"))]})
    path.write_bytes(path.read_text("utf-8").encode("utf-16"))
    assert [p.text for p in posts(read(path))] == ["one"]


@pytest.mark.parametrize(("text", "is_whole"), [(b"one", True), (b"ono", False)])
def test_the_revision_is_the_state_of_a_repository_also_of_a_damaged_one(
    text: bytes, is_whole: bool
) -> None:
    data = repository({f"app.bsky.feed.post/{tid(1)}": post("one")}).replace(b"one", text)
    found = read_repository(data, Path("a.car"), Options())
    assert found.until is not None
    assert bool(found.complete) == is_whole


def test_folders_that_are_called_by_a_host_are_no_repositories(tmp_path: Path) -> None:
    (tmp_path / "pds.linden.example").mkdir()
    page(tmp_path / "pds.linden.example", {"posts": [view(tid(1), post("one"))]})
    assert [p.text for p in posts(read(tmp_path))] == ["one"]


@pytest.mark.parametrize("is_reversed", [False, True])
def test_a_deletion_stands_whatever_the_order_of_the_lines(
    is_reversed: bool, tmp_path: Path
) -> None:
    where = {"collection": "app.bsky.feed.post", "rkey": tid(5)}
    create = {"rev": tid(6), "operation": "create", "record": post("the ferry is late"), **where}
    delete = {"rev": tid(7), "operation": "delete", **where}
    lines = [{"did": DID, "kind": "commit", "commit": each} for each in (create, delete)]
    path = tmp_path / "lines.jsonl"
    path.write_text("\n".join(map(json.dumps, lines[::-1] if is_reversed else lines)), "utf-8")
    found = read(path)
    assert not posts(found)
    assert found.records == len(found.exclusions) == 2
