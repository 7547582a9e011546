"""The kept repository: replaced whole or not at all, brought up to date with what is new."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen import locks
from sitegen.errors import BusyError, OutputError, SourceError
from sitegen.sources import Options
from sitegen.sources.bluesky.live import repository_cache
from sitegen.sources.bluesky.live.fetch import imported

from .fetching_once import Importing
from .made_account import DID, HANDLE, Keeper, car, cbor, cid, text_of
from .small_server import Asked, Reply, as_json

ME = f"bluesky:{HANDLE}"


def test_nothing_is_fetched_where_nothing_changed(keeper: Keeper, importing: Importing) -> None:
    keeper.show(b"a sheet of bats")
    first = importing.fetch(ME)
    keeper.loopback.forget()
    importing.progress.clear()
    again = importing.fetch(ME)
    assert [method.rsplit(".", 1)[-1] for method in keeper.loopback.methods] == [
        "resolveHandle", DID, "getLatestCommit",
    ]  # fmt: skip
    assert importing.progress == []
    assert again.car.read_bytes() == first.car.read_bytes() == keeper.car()


def test_what_is_new_is_asked_for_from_the_last_commit_on(
    keeper: Keeper, importing: Importing
) -> None:
    keeper.write("Fog.")
    importing.fetch(ME)
    before = {bytes(cid(block)) for block in keeper.blocks()[1]}
    keeper.write("Bats.")
    asked = since(keeper, lambda: [b for b in keeper.blocks()[1] if cid(b) not in before])
    fetched = importing.fetch(ME)
    assert asked == ["3l00000000002"]
    assert keeper.loopback.methods.count("com.atproto.sync.getRepo") == 2
    found = repository_cache.read(fetched.car.read_bytes(), DID)
    assert found is not None
    assert len(found.entries) == 2
    assert found.blocks.ranges.keys() == {bytes(cid(block)) for block in keeper.blocks()[1]}


def since(keeper: Keeper, blocks: Callable[[], list[bytes]]) -> list[str]:
    """Let the server know of `since`; return what it was asked."""
    asked: list[str] = []

    def answer(question: Asked) -> Reply | None:
        if "since" in question.params:
            asked.append(question.params["since"])
            return Reply(200, car(keeper.blocks()[0], blocks()))
        return None

    keeper.override = answer
    return asked


@pytest.mark.parametrize("news", ["nothing", "half", "refused", "noise"])
def test_where_the_new_part_does_not_make_a_whole_all_is_fetched(
    keeper: Keeper, importing: Importing, news: str
) -> None:
    keeper.write("Fog.")
    importing.fetch(ME)
    keeper.write("Bats.")
    asked = since(keeper, lambda: keeper.blocks()[1][:1])
    part = keeper.override
    other = {
        "nothing": Reply(200),
        "refused": as_json({"error": "No"}, 400),
        "noise": Reply(200, b"x" * 99),
    }

    def answer(question: Asked) -> Reply | None:
        return other.get(news, part(question)) if "since" in question.params else None

    keeper.override = answer
    fetched = importing.fetch(ME)
    assert asked == (["3l00000000002"] if news == "half" else asked)
    assert keeper.loopback.methods.count("com.atproto.sync.getRepo") == 3
    assert fetched.car.read_bytes() == keeper.car()


def test_a_server_that_went_back_gives_all(keeper: Keeper, importing: Importing) -> None:
    keeper.write("Fog.")
    keeper.write("Bats.")
    importing.fetch(ME)
    keeper.posts.pop()
    keeper.rev -= 1
    fetched = importing.fetch(ME)
    assert all("since" not in asked.params for asked in keeper.loopback.asked)
    assert fetched.car.read_bytes() == keeper.car()


def damaged(keeper: Keeper) -> dict[str, bytes]:
    """Return repositories that are wrong in one way each."""
    root, blocks = keeper.blocks()
    whole = keeper.car()
    other = cbor({"did": "did:plc:" + "z" * 24, "rev": "3l1", "data": cid(blocks[1]), "version": 3,
                  "prev": None, "sig": b""})  # fmt: skip
    return {
        "empty": b"",
        "cut": whole[:-9],
        "flipped": whole[:-9] + bytes((whole[-9] ^ 1,)) + whole[-8:],
        "a record is missing": car(root, blocks[:-1]),
        "the tree is missing": car(root, [blocks[0], *blocks[2:]]),
        "the commit is missing": car(root, blocks[1:]),
        "another root": car(cid(blocks[1]), blocks),
        "another's": car(cid(other), [other, *blocks[1:]]),
        "no CAR": b"<html>Please log in</html>",
        "garbage after it": whole + b"garbage",
    }


@pytest.mark.parametrize("kind", [
    "empty", "cut", "flipped", "a record is missing", "the tree is missing", "the commit is missing",
    "another root", "another's", "no CAR", "garbage after it",
])  # fmt: skip
def test_what_is_not_whole_replaces_nothing(
    keeper: Keeper, importing: Importing, kind: str
) -> None:
    keeper.write("Fog.")
    before = importing.fetch(ME).car.read_bytes()
    keeper.write("Bats.")
    body = damaged(keeper)[kind]
    keeper.override = lambda asked: Reply(200, body) if "getRepo" in asked.path else None
    with pytest.raises(SourceError, match="damaged or not whole"):
        importing.fetch(ME)
    kept = importing.cache / f"did-plc-{'k' * 24}" / "repo.car"
    assert kept.read_bytes() == before
    keeper.override = lambda asked: None
    assert importing.fetch(ME).car.read_bytes() == keeper.car()


@given(st.data())
def test_no_damage_to_the_kept_copy_is_taken_for_the_repository(data: st.DataObject) -> None:
    keeper = object.__new__(Keeper)
    keeper.posts, keeper.files, keeper.rev = [], {}, 1
    keeper.write("Fog.")
    keeper.show(b"bats")
    whole = keeper.car()
    at = data.draw(st.integers(0, len(whole) - 1))
    bit = 1 << data.draw(st.integers(0, 7))
    flipped = whole[:at] + bytes((whole[at] ^ bit,)) + whole[at + 1 :]
    sound = repository_cache.read(whole, DID)
    assert sound is not None
    found = repository_cache.read(flipped, DID)
    assert found is None or (found.commit, found.entries) == (sound.commit, sound.entries)
    assert repository_cache.read(whole[:at], DID) is None


def test_what_it_is_packed_into_reads_the_same(keeper: Keeper) -> None:
    keeper.write("Fog.")
    root, blocks = keeper.blocks()
    past = cbor({"text": "of the past"})
    found = repository_cache.read(car(root, [blocks[0], past, *blocks[1:]]), DID)
    assert found is not None
    assert found.to_car() == keeper.car()


def test_a_tree_that_leads_back_into_itself_comes_to_an_end() -> None:
    """No hash can name what holds it, but a tree can name one part of itself many times."""
    leaf = cbor({"l": None, "e": []})
    for _ in range(40):
        leaf_cid = cid(leaf)
        leaf = cbor({"l": leaf_cid, "e": [
            {"p": 0, "k": b"a/b", "v": leaf_cid, "t": leaf_cid} for _ in range(4)
        ]})  # fmt: skip
    stated = {"did": DID, "rev": "3l2", "data": cid(leaf), "version": 3, "prev": None, "sig": b""}
    assert repository_cache.read(car(cid(cbor(stated)), [cbor(stated), leaf]), DID) is None


def test_the_pictures_of_link_cards_are_not_fetched(keeper: Keeper, importing: Importing) -> None:
    shown = keeper.show(b"a sheet of bats")
    thumb = {"$type": "blob", "ref": cid(b"card", 0x55), "mimeType": "image/png", "size": 4}
    card = {"uri": "https://moor.example", "title": "Moor", "description": "", "thumb": thumb}
    keeper.write("Look:")
    keeper.posts[-1]["embed"] = {"$type": "app.bsky.embed.external", "external": card}
    fetched = importing.fetch(ME)
    assert [path.name for path in fetched.blobs.iterdir()] == [shown]
    assert fetched.notes == ()


def test_a_file_is_found_in_every_form(keeper: Keeper) -> None:
    first, second = cid(b"1", 0x55), cid(b"2", 0x55)
    keeper.write("Old, and new.")
    keeper.posts[-1]["embed"] = {"a": [{"cid": text_of(first), "mimeType": "image/png"},
                                       {"b": {"ref": second, "mimeType": "image/png"}},
                                       {"ref": 5, "cid": 6, "mimeType": []}, {"mimeType": None}]}  # fmt: skip
    found = repository_cache.read(keeper.car(), DID)
    assert found is not None
    assert found.files() == (text_of(first), text_of(second))


def test_two_imports_of_an_account_do_not_meet(keeper: Keeper, importing: Importing) -> None:
    folder = importing.fetch(ME).car.parent
    with (
        locks.hold(folder / "lock", "another import of this account"),
        pytest.raises(BusyError, match="another import of this account"),
    ):
        importing.fetch(ME)


def test_a_cache_that_cannot_be_written_is_told(
    keeper: Keeper, importing: Importing, tmp_path: Path
) -> None:
    folder = importing.cache / f"did-plc-{'k' * 24}"
    (folder / "blobs").mkdir(parents=True)
    (folder / "repo.car").mkdir()
    with pytest.raises(OutputError, match="cannot be written"):
        importing.fetch(ME)


def test_a_state_of_the_account_is_told_with_the_copy_that_is_kept(
    keeper: Keeper, importing: Importing
) -> None:
    keeper.write("Fog.")
    kept = importing.fetch(ME).car
    gone = as_json({"error": "RepoSuspended", "message": "no"}, 400)
    keeper.override = lambda asked: gone if "sync" in asked.path else None
    with pytest.raises(SourceError) as caught:
        importing.fetch(ME)
    assert str(caught.value) == (
        f"{ME}: error: is suspended by its server. hint: ask those who run the server. "
        f"What was fetched before can be imported: {kept}"
    )


def test_an_account_without_posts_is_imported(keeper: Keeper, importing: Importing) -> None:
    found = imported(importing.fetch(ME), Options())
    assert (found.records, found.threads, found.found) == (
        0,
        (),
        "a Bluesky account, from its server",
    )
