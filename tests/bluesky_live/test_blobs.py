"""The files of an account: fetched once, taken up where they broke off, never wrong."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from sitegen.errors import OutputError, SourceError
from sitegen.files import PARTIAL
from sitegen.sources import Options
from sitegen.sources.bluesky.live.blob_cache import digest_of
from sitegen.sources.bluesky.live.fetch import account_of, fetch, imported

from .fetching_once import Importing
from .made_account import HANDLE, Keeper, cid, text_of
from .small_server import Asked, Reply, as_json, ranged

ME = f"bluesky:{HANDLE}"
SHEET = bytes(range(256)) * 400


def blobs(importing: Importing) -> Path:
    return importing.cache / f"did-plc-{'k' * 24}" / "blobs"


def questions(keeper: Keeper) -> list[Asked]:
    return [asked for asked in keeper.loopback.asked if asked.method.endswith("getBlob")]


def cutting(keeper: Keeper, *cuts: int | None, ranges: bool = True) -> None:
    """Let the line break after so many bytes of a file, the first times."""
    left = iter(cuts)

    def answer(asked: Asked) -> Reply | None:
        if not asked.method.endswith("getBlob"):
            return None
        data, cut = keeper.files[asked.params["cid"]], next(left, None)
        return ranged(asked, data, cut) if ranges else Reply(200, data, cut=cut)

    keeper.override = answer


def test_a_file_that_broke_off_goes_on_where_it_was(keeper: Keeper, importing: Importing) -> None:
    name = keeper.show(SHEET)
    cutting(keeper, 70_000, 10_000)
    fetched = importing.fetch(ME)
    assert (fetched.blobs / name).read_bytes() == SHEET
    assert [asked.headers.get("range") for asked in questions(keeper)] == [
        None, "bytes=70000-", "bytes=80000-",
    ]  # fmt: skip
    assert fetched.bytes_fetched < len(SHEET) + 2000


def test_a_file_begins_anew_where_the_server_gives_no_parts(
    keeper: Keeper, importing: Importing
) -> None:
    name = keeper.show(SHEET)
    cutting(keeper, 70_000, ranges=False)
    fetched = importing.fetch(ME)
    assert (fetched.blobs / name).read_bytes() == SHEET
    assert len(questions(keeper)) == 2


def test_an_import_that_was_stopped_goes_on_where_it_was(
    keeper: Keeper, importing: Importing
) -> None:
    names = [keeper.show(SHEET + bytes((n,))) for n in range(3)]
    blobs(importing).mkdir(parents=True)
    (blobs(importing) / names[0]).write_bytes(SHEET + b"\0")
    (blobs(importing) / (names[1] + PARTIAL)).write_bytes(SHEET[:50_000])
    (blobs(importing) / (names[2] + PARTIAL)).write_bytes(SHEET + b"\2")  # whole, without its name
    importing.fetch(ME)
    assert [(a.params["cid"], a.headers["range"]) for a in questions(keeper)] == [
        (names[1], "bytes=50000-")
    ]
    assert sorted(path.name for path in blobs(importing).iterdir()) == sorted(names)


@pytest.mark.parametrize(
    "begun", [b"not the beginning", SHEET + b"too much"], ids=["other bytes", "too long"]
)
def test_what_was_begun_wrong_begins_anew(
    keeper: Keeper, importing: Importing, begun: bytes
) -> None:
    name = keeper.show(SHEET)
    blobs(importing).mkdir(parents=True)
    (blobs(importing) / (name + PARTIAL)).write_bytes(begun)
    fetched = importing.fetch(ME)
    assert (fetched.blobs / name).read_bytes() == SHEET


def test_a_server_that_gives_another_part_is_asked_for_all(
    keeper: Keeper, importing: Importing
) -> None:
    name = keeper.show(SHEET)
    blobs(importing).mkdir(parents=True)
    (blobs(importing) / (name + PARTIAL)).write_bytes(SHEET[:100])
    other = Reply(206, SHEET[5:], {"content-range": f"bytes 5-{len(SHEET) - 1}/{len(SHEET)}"})
    keeper.override = lambda asked: other if "range" in asked.headers else None
    fetched = importing.fetch(ME)
    assert (fetched.blobs / name).read_bytes() == SHEET
    assert [a.headers.get("range") for a in questions(keeper)] == ["bytes=100-", None]
    assert fetched.bytes_fetched < len(SHEET) + 2000  # the other part is left where it is


def test_a_file_that_is_not_what_its_name_says_is_never_kept(
    keeper: Keeper, importing: Importing
) -> None:
    wrong, right = keeper.show(SHEET), keeper.show(b"another sheet")
    keeper.files[wrong] = SHEET[:-1] + b"!"
    fetched = importing.fetch(ME)
    assert fetched.absent == {wrong: "has other bytes than its name says"}
    assert [p.name for p in fetched.blobs.iterdir() if p.name.startswith("b")] == [right]
    assert len(questions(keeper)) == 3


def test_a_file_that_the_server_has_not_is_told_and_the_rest_fetched(
    keeper: Keeper, importing: Importing
) -> None:
    gone, there = keeper.show(SHEET), keeper.show(b"another sheet")
    keeper.files.pop(gone)
    fetched = importing.fetch(ME)
    assert list(fetched.absent) == [gone]
    assert fetched.notes == (
        "1 file that posts show could not be had: answers 400 InvalidRequest (Blob not found)",
    )
    found = imported(fetched, Options())
    assert found.notes[0] == fetched.notes[0]
    media = {m.origin: m.path for t in found.threads for p in t.posts for m in p.media}
    assert media == {gone: None, there: there}


def test_what_the_server_has_not_is_asked_for_again_when_something_changed(
    keeper: Keeper, importing: Importing
) -> None:
    gone = keeper.show(SHEET)
    data = keeper.files.pop(gone)
    importing.fetch(ME)
    keeper.loopback.forget()
    assert list(importing.fetch(ME).absent) == [gone]
    assert questions(keeper) == []
    keeper.files[gone] = data
    keeper.write("Fog.")
    fetched = importing.fetch(ME)
    assert fetched.absent == {}
    assert (fetched.blobs / gone).read_bytes() == SHEET
    assert [path.name for path in fetched.blobs.iterdir()] == [gone]


def test_a_file_that_fails_for_now_does_not_keep_the_others(
    keeper: Keeper, importing: Importing
) -> None:
    ill, well = keeper.show(SHEET), keeper.show(b"another sheet")
    keeper.override = lambda asked: Reply(500) if asked.params.get("cid") == ill else None
    fetched = importing.fetch(ME)
    assert fetched.absent == {ill: "answers 500"}
    assert (fetched.blobs / well).exists()
    keeper.override = lambda asked: None
    assert importing.fetch(ME).absent == {}  # though nothing else changed


def test_where_file_after_file_fails_the_import_ends(keeper: Keeper, importing: Importing) -> None:
    for n in range(12):
        keeper.show(SHEET + bytes((n,)))
    keeper.override = lambda asked: Reply(502) if "getBlob" in asked.path else None
    with pytest.raises(SourceError) as caught:
        importing.fetch(ME)
    assert str(caught.value) == (
        "127.0.0.1: error: answers 502. hint: import again later: 7 of 12 files are left to fetch."
    )


def test_a_person_who_stops_it_waits_for_nothing(keeper: Keeper, importing: Importing) -> None:
    """Else the program would end only when every thread has waited as long as it was told."""
    there = keeper.show(SHEET)
    for n in range(6):
        keeper.show(SHEET + bytes((n,)))
    busy = Reply(429, headers={"retry-after": "500"})
    waiting = threading.Semaphore(0)

    def answer(asked: Asked) -> Reply | None:
        if not asked.method.endswith("getBlob"):
            return None
        if asked.params["cid"] != there:
            waiting.release()
            return busy
        waiting.acquire()  # until another has its answer
        return None

    def stop(what: str, done: int, total: int) -> None:
        if what == "files":
            raise KeyboardInterrupt

    keeper.override = answer
    account = account_of(ME)
    assert account is not None
    with pytest.raises(KeyboardInterrupt):
        fetch(account, keeper.endpoints, importing.cache, stop, importing.said.append)
    assert (blobs(importing) / there).exists()
    assert importing.said[0] == "127.0.0.1 answers 429; waiting for 500 s"


def test_an_account_that_goes_away_meanwhile_ends_the_import(
    keeper: Keeper, importing: Importing
) -> None:
    for n in range(9):
        keeper.show(SHEET + bytes((n,)))
    gone = as_json({"error": "RepoDeactivated"}, 400)
    keeper.override = lambda asked: gone if "getBlob" in asked.path else None
    with pytest.raises(SourceError, match="is deactivated by its owner"):
        importing.fetch(ME)


def test_what_no_post_shows_any_more_goes(keeper: Keeper, importing: Importing) -> None:
    kept, gone = keeper.show(SHEET), keeper.show(b"another sheet")
    fetched = importing.fetch(ME)
    (fetched.blobs / (gone + PARTIAL)).write_bytes(b"begun")
    keeper.posts.pop()
    keeper.rev += 1
    importing.fetch(ME)
    assert [path.name for path in fetched.blobs.iterdir()] == [kept]


@pytest.mark.parametrize(
    "name",
    ["../../../outside", "/etc/passwd", "b" + "a" * 58, "bafkrei", "", "b" * 5000, "\0", "مرصد"],
)
def test_a_name_that_is_none_leads_nowhere(keeper: Keeper, importing: Importing, name: str) -> None:
    keeper.write("Fog.")
    keeper.posts[-1]["embed"] = {"cid": name, "mimeType": "image/png"}
    fetched = importing.fetch(ME)
    assert fetched.absent == {name: "has a name that is no SHA-256 of a file"}
    assert questions(keeper) == []
    assert [path.name for path in fetched.blobs.iterdir()] == ["absent.json"]


def test_only_the_hash_of_raw_bytes_is_a_name() -> None:
    assert digest_of(text_of(cid(b"bats", 0x55))) == cid(b"bats")[4:]
    assert digest_of(text_of(cid(b"bats", 0x71))) is None


@pytest.mark.parametrize("kept", [b"", b"{", b"[]", b'{"files": {"a": 5}}', b"\xff"])
def test_a_damaged_list_of_absent_files_is_none(
    keeper: Keeper, importing: Importing, kept: bytes
) -> None:
    name = keeper.show(SHEET)
    blobs(importing).mkdir(parents=True)
    (blobs(importing) / "absent.json").write_bytes(kept)
    assert (importing.fetch(ME).blobs / name).exists()


@pytest.mark.parametrize("kind", ["letter", "nothing"])
def test_a_link_at_a_temporary_name_is_not_written_through(
    keeper: Keeper, importing: Importing, tmp_path_factory: pytest.TempPathFactory, kind: str
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "letter").write_bytes(b"Dear Mara")
    name = keeper.show(SHEET)
    blobs(importing).mkdir(parents=True)
    for place in (blobs(importing) / name, blobs(importing).parent / "repo.car"):
        place.with_name(place.name + PARTIAL).symlink_to(outside / kind)
    fetched = importing.fetch(ME)
    assert (fetched.blobs / name).read_bytes() == SHEET
    assert {path.name: path.read_bytes() for path in outside.iterdir()} == {"letter": b"Dear Mara"}
    assert not [path for path in blobs(importing).parent.rglob("*") if path.is_symlink()]


@pytest.mark.parametrize("depth", range(3))
def test_nothing_is_fetched_into_a_folder_that_is_a_link(
    keeper: Keeper, importing: Importing, tmp_path_factory: pytest.TempPathFactory, depth: int
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    keeper.show(SHEET)
    place = (importing.cache, blobs(importing).parent, blobs(importing))[depth]
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.exists():
        place.rmdir()
    place.symlink_to(outside)
    with pytest.raises(OutputError, match="is a link"):
        importing.fetch(ME)
    assert not [*outside.iterdir()]
