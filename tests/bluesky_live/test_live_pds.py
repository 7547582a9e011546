"""The live account against the real server: first, again, after changes, after interruptions."""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from pathlib import Path

import httpx2
import pytest

from sitegen.errors import SourceError
from sitegen.sources import Options
from sitegen.sources.bluesky.live import repository_cache
from sitegen.sources.bluesky.live.fetch import Endpoints, Fetched, imported

from .fetching_once import Importing
from .real_server import Member, Pds
from .small_server import Asked, Loopback, Reply, as_json

# To start the server takes longer than most tests together that ask small ones.
pytestmark = [pytest.mark.live, pytest.mark.slow]

LOOKED_UP = 3  # the handle, the document, the newest commit


def png(width: int, height: int, shade: int) -> bytes:
    """Make a picture of one shade."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    rows = (b"\0" + bytes([shade]) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows, 0)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def records(fetched: Fetched) -> Counter[str]:
    """Count an account's records by their kinds."""
    found = repository_cache.read(fetched.car.read_bytes(), fetched.did)
    assert found is not None
    return Counter(key.decode().split("/")[0] for key, _ in found.entries)


def names(fetched: Fetched) -> list[str]:
    return sorted(path.name for path in fetched.blobs.iterdir())


@pytest.fixture
def importing(pds: Pds, tmp_path: Path) -> Importing:
    return Importing(pds.endpoints, tmp_path / "cache")


def keeper(pds: Pds, handle: str) -> Member:
    """Make an account with a profile, a thread and a picture."""
    member = pds.join(handle)
    portrait = member.upload(png(8, 8, 200))
    member.describe(displayName="The keeper", description="Counts bats.", avatar=portrait)
    root = member.post("Nineteen tonight. 🦇")
    up = {"uri": root.uri, "cid": root.cid}
    member.post("And one on the roof.", reply={"root": up, "parent": up})
    member.picture("The tower in the fog", png(64, 48, 90), "A tower, hardly to be seen")
    return member


def test_everything_is_fetched_the_first_time(pds: Pds, importing: Importing) -> None:
    member = keeper(pds, "first-keeper.test")
    fetched = importing.fetch("bluesky:first-keeper.test")
    assert (fetched.did, fetched.handle, fetched.notes) == (member.did, "first-keeper.test", ())
    assert records(fetched) == {"app.bsky.feed.post": 3, "app.bsky.actor.profile": 1}
    assert len(names(fetched)) == 2
    assert fetched.requests == LOOKED_UP + 3
    assert ("files", 2, 2) in importing.progress
    assert importing.progress[0][0] == "repository"


def test_what_is_fetched_becomes_posts_and_a_profile(pds: Pds, importing: Importing) -> None:
    member = keeper(pds, "posts-keeper.test")
    found = imported(importing.fetch("bluesky:posts-keeper.test"), Options())
    posts = sorted((p for t in found.threads for p in t.posts), key=lambda p: p.created_at or "")
    assert [post.text for post in posts] == [
        "Nineteen tonight. 🦇", "And one on the roof.", "The tower in the fog",
    ]  # fmt: skip
    assert (posts[0].author.handle, posts[0].author.id) == ("posts-keeper.test", member.did)
    path = posts[2].media[0].path
    assert path is not None
    with found.attachments[path].open() as file:
        assert file.read() == png(64, 48, 90)
    assert found.profiles[0].avatar in found.attachments
    assert found.records == len(posts) + len(found.exclusions)
    assert found.complete == (("bluesky", member.did),)


def test_nothing_is_fetched_the_second_time(pds: Pds, importing: Importing) -> None:
    keeper(pds, "second-keeper.test")
    first = importing.fetch("bluesky:second-keeper.test")
    importing.progress.clear()
    again = importing.fetch("bluesky:second-keeper.test")
    assert again.requests == LOOKED_UP
    assert again.bytes_fetched < 1000
    assert importing.progress == []
    assert again.car.read_bytes() == first.car.read_bytes()


def test_only_a_new_post_and_its_picture_are_fetched_later(pds: Pds, importing: Importing) -> None:
    member = keeper(pds, "later-keeper.test")
    member.write_all([
        {"$type": "app.bsky.feed.post", "text": f"Night {n}", "createdAt": "2026-04-01T20:00:00Z"}
        for n in range(200)
    ])  # fmt: skip
    first = importing.fetch("bluesky:later-keeper.test")
    before = set(names(first))
    picture = png(640, 480, 33)
    member.picture("At last", picture, "One bat")
    again = importing.fetch("bluesky:later-keeper.test")
    assert again.requests == LOOKED_UP + 2
    assert len(set(names(again)) - before) == 1
    assert again.bytes_fetched - len(picture) < first.bytes_fetched / 4
    assert records(again)["app.bsky.feed.post"] == 204


def test_what_is_merged_has_the_same_blocks_as_the_whole(
    pds: Pds, importing: Importing, tmp_path: Path
) -> None:
    member = keeper(pds, "merged-keeper.test")
    importing.fetch("bluesky:merged-keeper.test")
    for n in range(30):
        member.post(f"Night {n}")
    member.delete(member.posts[1])
    member.delete(member.posts[12])
    merged = importing.fetch("bluesky:merged-keeper.test")
    whole = Importing(pds.endpoints, tmp_path / "other").fetch("bluesky:merged-keeper.test")
    kept = [repository_cache.read(f.car.read_bytes(), member.did) for f in (merged, whole)]
    assert kept[0] is not None
    assert kept[1] is not None
    assert kept[0].entries == kept[1].entries
    assert kept[0].blocks.ranges.keys() == kept[1].blocks.ranges.keys()


def test_what_is_deleted_there_goes_from_the_cache(pds: Pds, importing: Importing) -> None:
    member = keeper(pds, "deleted-keeper.test")
    first = importing.fetch("bluesky:deleted-keeper.test")
    member.delete(member.posts[2])
    again = importing.fetch("bluesky:deleted-keeper.test")
    assert records(again)["app.bsky.feed.post"] == 2
    assert len(names(first)) == 1
    assert b"The tower in the fog" not in again.car.read_bytes()


def test_a_changed_handle_is_the_same_account(pds: Pds, importing: Importing) -> None:
    member = keeper(pds, "before-keeper.test")
    first = importing.fetch("bluesky:before-keeper.test")
    member.call("com.atproto.identity.updateHandle", {"handle": "after-keeper.test"})
    again = importing.fetch("bluesky:after-keeper.test")
    by_did = importing.fetch(f"bluesky:{member.did}")
    assert (again.did, again.handle, again.car) == (first.did, "after-keeper.test", first.car)
    assert (by_did.did, by_did.handle) == (first.did, "after-keeper.test")
    with pytest.raises(SourceError, match="no such account"):
        importing.fetch("bluesky:before-keeper.test")


def test_an_account_that_is_away_is_told_in_one_line(pds: Pds, importing: Importing) -> None:
    member = keeper(pds, "resting-keeper.test")
    kept = importing.fetch(f"bluesky:{member.did}").car
    member.call("com.atproto.server.deactivateAccount")
    with pytest.raises(SourceError, match="deactivated by its owner") as caught:
        importing.fetch(f"https://bsky.app/profile/{member.did}")
    assert str(kept) in str(caught.value)
    assert kept.exists()
    pds.take_down(member)
    with pytest.raises(SourceError, match="taken down by its server"):
        importing.fetch(f"bluesky:{member.did}")


def test_an_account_that_never_was_is_told_in_one_line(importing: Importing) -> None:
    with pytest.raises(SourceError) as caught:
        importing.fetch("bluesky:nobody-keeper.test")
    assert str(caught.value).startswith("bluesky:nobody-keeper.test: error: no such account. hint:")
    with pytest.raises(SourceError, match="is not registered"):
        importing.fetch("bluesky:did:plc:" + "a" * 24)


def test_an_interrupted_import_goes_on_where_it_was(
    pds: Pds, loopback: Loopback, tmp_path: Path
) -> None:
    member = keeper(pds, "broken-keeper.test")
    for n in range(20):
        member.picture(f"Sheet {n}", png(40, 40, n), "A sheet")
    between = Between(pds, loopback, member, answered=3)
    importing = Importing(Endpoints(loopback.address, loopback.address), tmp_path / "cache")
    with pytest.raises(SourceError, match="files are left to fetch"):
        importing.fetch("bluesky:broken-keeper.test")
    between.files = iter(range(1000))
    loopback.forget()
    there = {path.name for path in (tmp_path / "cache").glob("*/blobs/*")}
    assert len(there) == 3
    fetched = importing.fetch("bluesky:broken-keeper.test")
    wanted = [a.params["cid"] for a in loopback.asked if a.method.endswith("getBlob")]
    assert len(wanted) == 22 - 3
    assert not set(wanted) & there
    assert len(names(fetched)) == 22
    assert "com.atproto.sync.getRepo" not in loopback.methods


class Between:
    """Stands before the real server, and after some files answers that it cannot."""

    def __init__(self, pds: Pds, loopback: Loopback, member: Member, answered: int) -> None:
        self.pds = pds
        self.address = loopback.address
        self.files = iter(range(answered))
        self.did = member.did
        loopback.script = self.answer

    def answer(self, asked: Asked) -> Reply:
        """Hand a question on; in the document this stands where the server did."""
        if asked.path == f"/{self.did}":
            document = httpx2.get(f"{self.pds.directory}/{self.did}").json()
            document["service"][0]["serviceEndpoint"] = self.address
            return as_json(document)
        if asked.method.endswith("getBlob") and next(self.files, None) is None:
            return Reply(503)
        found = httpx2.get(self.pds.address + asked.path, params=asked.params)
        kind = {"content-type": found.headers["content-type"]}
        return Reply(found.status_code, found.content, kind)


def test_a_damaged_copy_is_fetched_anew(pds: Pds, importing: Importing) -> None:
    keeper(pds, "damaged-keeper.test")
    first = importing.fetch("bluesky:damaged-keeper.test")
    sound = first.car.read_bytes()
    middle = len(sound) // 2
    first.car.write_bytes(sound[:middle] + bytes([sound[middle] ^ 1]) + sound[middle + 1 :])
    importing.fetch("bluesky:damaged-keeper.test")
    assert records(first)["app.bsky.feed.post"] == 3


def test_an_empty_account_is_one(pds: Pds, importing: Importing) -> None:
    pds.join("empty-keeper.test")
    fetched = importing.fetch("bluesky:empty-keeper.test")
    assert not records(fetched)
    assert names(fetched) == []
