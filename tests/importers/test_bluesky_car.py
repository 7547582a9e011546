"""Repositories of Bluesky: every record is a post or named, whatever was done to the file."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import short_law

from sitegen.errors import SourceError
from sitegen.model import Post
from sitegen.sources import Imported, Options, Source
from sitegen.sources.bluesky.repository.importer import BlueskyRepository, read_repository

from . import expected
from .bluesky_writer import (
    DID,
    Blocks,
    Link,
    blob_cid,
    car,
    cbor,
    cid,
    commit,
    from_json,
    post,
    put,
    repository,
    shown,
    tid,
    varint,
)  # fmt: skip

CASES = Path(__file__).parent / "bluesky_car"
HIDDEN = {"values": [{"val": "!no-unauthenticated"}]}


def read(data: bytes, **options: Any) -> Imported:
    """Read a repository, and check that it accounts for all its records."""
    found = read_repository(data, Path("a.car"), Options(**options), options.get("account"))
    assert found.records == len(posts(found)) + len(found.exclusions)
    return found


def posts(found: Imported) -> list[Post]:
    return [post for thread in found.threads for post in thread.posts]


def odd(found: Imported) -> dict[str, int]:
    return {oddity.what: oddity.count for oddity in found.oddities}


def texts(found: Imported) -> dict[str, str]:
    return {post.id: post.text for post in posts(found)}


def some(count: int) -> dict[str, Any]:
    """Return the records of a repository of so many posts, each of which answers the first."""
    first = {"uri": f"at://{DID}/app.bsky.feed.post/{tid(0)}", "cid": "x"}
    reply = {"reply": {"root": first, "parent": first}}
    made = {tid(i): post(f"post {i} 🌲", **(reply if i else {})) for i in range(count)}
    return {f"app.bsky.feed.post/{key}": record for key, record in made.items()}


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)
def test_a_repository_is_read_whole(case: Path, tmp_path: Path, refresh: bool) -> None:
    text = (case / "records.json").read_text("utf-8")
    given = json.loads(text)
    (tmp_path / "blobs").mkdir()
    for number, content in enumerate(given.get("blobs", []), 1):
        name = blob_cid(content.encode())
        (tmp_path / "blobs" / name).write_bytes(content.encode())
        text = text.replace(f"BLOB {number}", name)
    records = json.loads(text.replace("BLOB missing", blob_cid(b"missing")))["records"]
    path = tmp_path / "linden.car"
    path.write_bytes(repository(records, version=given.get("version", 3)))
    source = Source(path, path.read_bytes()[:65_536])
    assert BlueskyRepository().detect(source)
    found = BlueskyRepository().read(source, Options(account="linden.example"))
    expected.holds(found, case / "expected.json", refresh)


def test_posts_without_a_name_for_their_account_are_linked_by_its_did() -> None:
    (found,) = posts(read(repository(some(1)), account="not a handle"))
    assert found.author.handle is None
    assert found.url == f"https://bsky.app/profile/{DID}/post/{tid(0)}"


def test_an_account_that_asks_not_to_be_shown_is_not_unless_told_to() -> None:
    own = {"app.bsky.actor.profile/self": {"labels": HIDDEN, "displayName": "Linden"}}
    data = repository(some(3) | own)
    found = read(data)
    assert (posts(found), found.profiles, found.complete) == ([], (), ())
    assert sorted(e.reason for e in found.exclusions) == ["asked not to be shown"] * 3 + [
        "not a post"
    ]
    assert "--include logged-out" in found.notes[0]
    shown_all = read(data, include=frozenset(["logged-out"]))
    assert len(posts(shown_all)) == 3
    assert shown_all.notes == ()


def test_a_post_may_ask_so_for_itself() -> None:
    found = read(repository(some(2) | {f"app.bsky.feed.post/{tid(9)}": post("no", labels=HIDDEN)}))
    assert [e.reason for e in found.exclusions] == ["asked not to be shown"]


def test_a_repost_with_the_key_of_a_post_gets_a_name_of_its_own() -> None:
    subject = {"uri": f"at://did:plc:birch/app.bsky.feed.post/{tid(7)}"}
    twin = {f"app.bsky.feed.repost/{tid(0)}": {"subject": subject}}
    assert set(texts(read(repository(some(1) | twin)))) == {tid(0), f"repost-{tid(0)}@{DID}"}


@given(st.dictionaries(st.integers(0, 2000), st.text(max_size=20), max_size=40))
def test_every_record_of_a_repository_is_read_back(made: dict[int, str]) -> None:
    records = {f"app.bsky.feed.post/{tid(n)}": post(text) for n, text in made.items()}
    found = read(repository(records))
    assert texts(found) == {tid(n): text for n, text in made.items()}
    assert found.oddities == ()
    assert found.complete == (("bluesky", DID),)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8) | st.binary(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
NAMES = [
    "text", "createdAt", "langs", "tags", "reply", "embed", "facets", "entities", "labels", "subject", "images",
    "external", "record", "media", "items", "values", "index", "features", "uri", "root", "parent", "ref",
    "displayName", "pinnedPost", "avatar", "allow", "hiddenReplies", "$type", "mood",
]  # fmt: skip
KINDS = ["images", "gallery", "video", "external", "record", "recordWithMedia"]
KNOWN = [
    f"at://{DID}/app.bsky.feed.post/{tid(1)}", "https://linden.example/", "did:plc:birch",
    *[f"app.bsky.embed.{kind}" for kind in KINDS], "app.bsky.richtext.facet#link",
]  # fmt: skip
ODD = st.recursive(
    JSON | st.sampled_from(KNOWN),
    lambda inner: (
        st.dictionaries(st.sampled_from(NAMES), inner, max_size=5) | st.lists(inner, max_size=3)
    ),
    max_leaves=12,
)
ODD_KINDS = [
    "app.bsky.feed.post", "app.bsky.feed.repost", "app.bsky.actor.profile", "app.bsky.feed.threadgate",
    "app.bsky.feed.postgate", "example.kind",
]  # fmt: skip


@given(
    st.dictionaries(
        st.tuples(
            st.sampled_from(ODD_KINDS), st.sampled_from(["self", tid(1), tid(2), "~", " /é"])
        ),
        ODD,
        max_size=8,
    )
)
def test_records_of_any_shape_are_all_accounted_for(made: dict[tuple[str, str], Any]) -> None:
    found = read(repository({f"{kind}/{key}": value for (kind, key), value in made.items()}))
    assert found.records == len(made)


WHOLE = repository(some(12) | {"app.bsky.graph.follow/x": {"subject": "did:plc:birch"}})
TRUE = texts(read(WHOLE))


def never_wrong(data: bytes) -> None:
    """Check that what is read of a damaged file is true, and that the damage is reported."""
    try:
        found = read(data)
    except SourceError:
        return
    assert texts(found).items() <= TRUE.items()
    if data != WHOLE:
        assert found.oddities or "damaged" in {each.reason for each in found.exclusions}
        assert not found.complete


@short_law
@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_a_flipped_byte_never_makes_a_wrong_post(at: int, change: int) -> None:
    never_wrong(WHOLE[:at] + bytes([WHOLE[at] ^ change]) + WHOLE[at + 1 :])


def test_no_flipped_bit_of_the_header_goes_unsaid() -> None:
    for at in range(WHOLE[0] + 1):
        for bit in range(8):
            never_wrong(WHOLE[:at] + bytes([WHOLE[at] ^ 1 << bit]) + WHOLE[at + 1 :])


@given(st.integers(0, len(WHOLE) - 1))
def test_a_file_that_is_cut_off_gives_what_is_there(at: int) -> None:
    never_wrong(WHOLE[:at])


@given(st.integers(0, len(WHOLE)), st.integers(0, len(WHOLE)), st.binary(max_size=50))
def test_a_file_with_something_else_in_it_gives_what_is_there(
    start: int, end: int, other: bytes
) -> None:
    data = WHOLE[:start] + other + WHOLE[max(start, end) :]
    never_wrong(data)


@given(st.binary(max_size=200))
def test_bytes_of_any_kind_are_no_repository(noise: bytes) -> None:
    header = varint(len(cbor({"version": 1, "roots": []}))) + cbor({"version": 1, "roots": []})
    for data in (noise, header + noise):
        with pytest.raises(SourceError, match="no commit"):
            read(data)


def test_a_damaged_block_costs_its_record_only() -> None:
    at = WHOLE.index("post 5 🌲".encode())
    found = read(WHOLE[:at] + b"Q" + WHOLE[at + 1 :])
    assert texts(found) == {key: text for key, text in TRUE.items() if key != tid(5)}
    (lost,) = [e for e in found.exclusions if e.reason == "damaged"]
    assert lost.record == f"app.bsky.feed.post/{tid(5)}"
    assert odd(found)["damaged places in the file"] == 1


def test_a_damaged_length_costs_one_block_and_not_the_rest() -> None:
    at = WHOLE.index("post 5 🌲".encode())
    body = WHOLE.rindex(b"\x01\x71\x12\x20", 0, at)
    found = read(WHOLE[: body - 2] + b"\xff" + WHOLE[body - 1 :])
    assert len(texts(found)) == len(TRUE) - 1


def test_blocks_of_the_past_are_no_records() -> None:
    blocks: Blocks = {}
    commit(from_json(some(5)), blocks)
    old = set(blocks)
    root = commit(from_json(some(3)), blocks)
    now: Blocks = {}
    commit(from_json(some(3)), now)
    found = read(car(root, blocks))
    assert len(posts(found)) == 3
    assert odd(found) == {
        "blocks of the past, which the newest commit does not reach": len(old - set(now))
    }
    assert found.complete == (("bluesky", DID),)


def test_where_the_header_is_lost_the_newest_commit_is_taken_and_told() -> None:
    records, blocks = from_json(some(2)), Blocks()
    entries = {key: put(value, blocks) for key, value in records.items()}
    older = put({"l": None, "e": []}, blocks)
    first = sorted(entries)[0]
    newer = put(
        {"l": None, "e": [{"p": 0, "k": first.encode(), "v": entries[first], "t": None}]}, blocks
    )
    for rev, data in (("3lqk222222222", older), ("3lqk333333333", newer)):
        put({"did": DID, "version": 3, "rev": rev, "prev": None, "sig": b"", "data": data}, blocks)
    found = read(car(Link(cid(b"gone")), blocks))
    assert list(texts(found)) == [tid(0)]
    assert odd(found)["missing root, and the newest commit in the file taken for it"] == 1
    assert found.complete == ()


def with_tree(nodes: Any, blocks: Blocks) -> bytes:
    """Return a repository whose tree is what a function writes."""
    stated = {"did": DID, "version": 3, "rev": "3lqk222222222", "prev": None, "sig": b""}
    return car(put(stated | {"data": nodes(blocks)}, blocks), blocks)


def test_a_tree_that_has_its_parts_twice_and_twice_is_walked_once() -> None:
    def nodes(blocks: Blocks) -> Link:
        value = put(post("leaf"), blocks)
        at = put(
            {"l": None, "e": [{"p": 0, "k": b"app.bsky.feed.post/a", "v": value, "t": None}]},
            blocks,
        )
        for level in range(100):
            key = f"app.bsky.feed.post/{level}".encode()
            at = put({"l": at, "e": [{"p": 0, "k": key, "v": value, "t": at}]}, blocks)
        return at

    found = read(with_tree(nodes, {}))
    assert len(posts(found)) == 101
    assert odd(found)["parts of the tree that it has twice, taken once"] == 100


def test_a_tree_ten_thousand_deep_is_walked_without_recursion() -> None:
    def nodes(blocks: Blocks) -> Link:
        at = put({"l": None, "e": []}, blocks)
        for _ in range(10_000):
            at = put({"l": at, "e": []}, blocks)
        return at

    assert read(with_tree(nodes, {})).records == 0


def test_keys_that_cannot_be_known_are_counted() -> None:
    def nodes(blocks: Blocks) -> Link:
        value = put(post("leaf"), blocks)
        keys = [(0, b"app.bsky.feed.post/a"), (99, b"b"), (3, b"c"), (0, b"d" * 2000), (0, b"e/f")]
        entries = [{"p": p, "k": k, "v": value, "t": None} for p, k in keys]
        return put({"l": put({"e": "none"}, blocks), "e": entries}, blocks)

    found = read(with_tree(nodes, {}))
    assert len(posts(found)) == 1
    assert [e.reason for e in found.exclusions] == ["unknown kind"] + ["damaged"] * 3
    assert sum("missing" in what for what in odd(found)) == 1


def test_a_key_that_the_tree_has_twice_is_one_post() -> None:
    def nodes(blocks: Blocks) -> Link:
        key = f"app.bsky.feed.post/{tid(1)}".encode()
        values = [put(post(text), blocks) for text in ("one", "two")]
        entries = [{"p": 0, "k": key, "v": value, "t": None} for value in values]
        return put({"l": None, "e": entries}, blocks)

    found = read(with_tree(nodes, {}))
    assert (list(texts(found).values()), found.exclusions[0].reason) == (["one"], "same post twice")


def test_one_large_record_under_many_keys_is_a_bomb() -> None:
    def nodes(blocks: Blocks) -> Link:
        value = put(post("x" * 100_000), blocks)
        keys = [f"app.bsky.feed.post/{tid(i)}".encode() for i in range(100)]
        return put(
            {"l": None, "e": [{"p": 0, "k": k, "v": value, "t": None} for k in keys]}, blocks
        )

    with pytest.raises(SourceError, match="bomb"):
        read(with_tree(nodes, {}))


def test_deep_values_are_left_out_and_counted() -> None:
    deep: Any = 1
    for _ in range(300):
        deep = [deep]
    found = read(repository({f"app.bsky.feed.post/{tid(1)}": post("deep", mood=deep)}))
    assert posts(found)[0].extra == (("bluesky", '{"fields": {}}'),)
    assert odd(found) == {"fields that are too deep left out": 1}


def test_a_block_deeper_than_can_be_read_is_damaged() -> None:
    def nodes(blocks: Blocks) -> Link:
        deep = b"\x81" * 100_000 + b"\xf6"
        blocks[cid(deep)] = deep
        key = f"app.bsky.feed.post/{tid(1)}".encode()
        return put({"l": None, "e": [{"p": 0, "k": key, "v": cid(deep), "t": None}]}, blocks)

    assert [e.reason for e in read(with_tree(nodes, {})).exclusions] == ["damaged"]


def test_raw_blocks_are_tolerated() -> None:
    blocks: Blocks = {}
    root = commit(from_json(some(2)), blocks)
    raw = Link(b"\x01\x55" + cid(b"a picture")[2:])
    found = read(car(root, blocks | {raw: b"a picture"}))
    assert len(posts(found)) == 2
    assert list(odd(found).values()) == [1]


def test_a_folder_with_several_repositories_is_one_archive(tmp_path: Path) -> None:
    from sitegen.formats.archives import open_bundle

    answer = {"uri": f"at://{DID}/app.bsky.feed.post/{tid(0)}", "cid": "x"}
    other = {
        f"app.bsky.feed.post/{tid(50)}": post("hello", reply={"root": answer, "parent": answer})
    }
    picture = {
        "$type": "blob",
        "ref": {"$link": blob_cid(b"leaf")},
        "mimeType": "image/png",
        "size": 4,
    }
    embed = {"$type": "app.bsky.embed.images", "images": [{"alt": "", "image": picture}]}
    mine = some(2) | {f"app.bsky.feed.post/{tid(3)}": post("leaf", embed=embed)}
    (tmp_path / "linden.car").write_bytes(repository(mine))
    (tmp_path / "birch.car").write_bytes(repository(other, did="did:plc:birch"))
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / f"{blob_cid(b'leaf')}.png").write_bytes(b"leaf")
    (tmp_path / "fake.car").write_text("a picture of a car")
    source = Source(tmp_path, b"", open_bundle(tmp_path))
    assert BlueskyRepository().detect(source)
    found = BlueskyRepository().read(source, Options(account="linden.example"))
    (thread,) = [t for t in found.threads if len(t.posts) > 1]
    assert {p.text for p in thread.posts} == {"post 0 🌲", "post 1 🌲", "hello"}
    assert {name for _, name in found.complete} == {DID, "did:plc:birch"}
    assert odd(found) == {"files that are neither repositories nor blobs, not read": 1}
    assert all(p.author.handle is None and not p.elsewhere for p in posts(found))
    (attachment,) = found.attachments.values()
    with attachment.open() as file:
        assert file.read() == b"leaf"


def test_blobs_are_found_beside_a_file_but_never_behind_links(tmp_path: Path) -> None:
    names = [blob_cid(text) for text in (b"one", b"two", b"three")]
    for name, place in zip(names, ("", "linden_blobs", "blobs"), strict=True):
        (tmp_path / place).mkdir(exist_ok=True)
        (tmp_path / place / name).write_bytes(b"file")
    (tmp_path / blob_cid(b"secret")).symlink_to("/etc/hostname")
    shutil.copytree(tmp_path / "blobs", tmp_path / "deep" / "blobs")
    images = [{"alt": "", "image": {"ref": {"$link": n}}} for n in (*names, blob_cid(b"secret"))]
    embed = {"$type": "app.bsky.embed.images", "images": images}
    path = tmp_path / "linden.car"
    path.write_bytes(repository({f"app.bsky.feed.post/{tid(0)}": post("", embed=embed)}))
    found = BlueskyRepository().read(Source(path, b""), Options())
    assert set(found.attachments) == set(names)
    (only,) = posts(found)
    assert [m.path for m in only.media] == [*names, None]
    assert only.media[3].origin == blob_cid(b"secret")


def test_a_file_that_is_gone_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        BlueskyRepository().read(Source(tmp_path / "gone.car", b""), Options())


def test_only_what_begins_as_a_repository_is_claimed(tmp_path: Path) -> None:
    for head in (b"", b"{}", b"roots version", b"PK\x03\x04", WHOLE[100:]):
        assert BlueskyRepository().detect(Source(tmp_path / "a.car", head)) is None
    assert BlueskyRepository().detect(Source(tmp_path / "posts.txt", WHOLE))


def test_the_names_of_blocks_are_written_as_everywhere() -> None:
    assert shown(cid(cbor({}))) == "bafyreigbtj4x7ip5legnfznufuopl4sg4knzc2cof6duas4b3q2fy6swua"
