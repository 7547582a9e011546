"""One packed file of any source is read as the file in it, and no bomb fills the disk."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable
from pathlib import Path

import pytest

from importers import bluesky_writer
from sitegen.errors import SourceError
from sitegen.sources import Imported, Options, registry

HERE = Path(__file__).parent
KINDS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
}
LINES = (
    b'{"id": "1", "network": "moor", "text": "Sedge"}\n'
    b'{"id": "2", "network": "moor", "text": "Rush", "reply_to": "1"}\n'
)
TWEETS = (
    b'window.YTD.tweets.part0 = [{"tweet": {"id_str": "7", "full_text": "Bittern", '
    b'"created_at": "Wed Oct 10 20:19:24 +0000 2018"}}]'
)
POST = {
    "$type": "app.bsky.feed.post",
    "text": "Curlews",
    "createdAt": "2024-05-01T10:00:00Z",
}
FILES: dict[str, bytes | Path] = {
    "feed.xml": HERE / "feed/atom/input.xml",
    "feed.json": HERE / "feed/json_feed/input.json",
    "notes.html": HERE / "hfeed/feed/input.html",
    "outbox.json": HERE / "mastodon/other_software/input.json",
    "page.txt": HERE / "page_text/wells/input.txt",
    "saved.html": HERE / "saved_page/profile/input.html",
    "repo.car": bluesky_writer.repository({"app.bsky.feed.post/3kzz": POST}),
    "posts.jsonl": LINES,
    "tweets.js": TWEETS,
}


@pytest.fixture(autouse=True)
def _temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))


def read(path: Path) -> Imported:
    importer, source = registry.detect(path)
    return importer.read(source, Options())


def left_over(path: Path) -> list[Path]:
    return list((path / "temporary").iterdir())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", FILES)
def test_a_packed_file_is_read_as_what_is_in_it(name: str, kind: str, tmp_path: Path) -> None:
    found = FILES[name]
    data = found.read_bytes() if isinstance(found, Path) else found
    plain, packed = tmp_path / name, tmp_path / f"{name}.{kind}"
    plain.write_bytes(data)
    packed.write_bytes(KINDS[kind](data))
    assert read(packed) == read(plain)
    assert read(packed).records
    assert left_over(tmp_path) == []


def test_files_beside_a_packed_file_are_found(tmp_path: Path) -> None:
    blob = b"a picture"
    image = {"$type": "blob", "ref": {"$link": bluesky_writer.blob_cid(blob)},
             "mimeType": "image/jpeg", "size": len(blob)}  # fmt: skip
    embed = {"$type": "app.bsky.embed.images", "images": [{"alt": "", "image": image}]}
    repository = bluesky_writer.repository({"app.bsky.feed.post/3kzz": POST | {"embed": embed}})
    (tmp_path / "blobs").mkdir()
    (tmp_path / "blobs" / bluesky_writer.blob_cid(blob)).write_bytes(blob)
    (tmp_path / "repo.car.gz").write_bytes(gzip.compress(repository))
    (attachment,) = read(tmp_path / "repo.car.gz").attachments.values()
    with attachment.open() as stream:
        assert stream.read() == blob


def test_protection_beside_a_packed_file_counts(tmp_path: Path) -> None:
    event = b'[{"protectedHistory": {"protectedAt": "2024-05-01T00:00:00Z", "action": "Protect"}}]'
    (tmp_path / "protected-history.js").write_bytes(event)
    (tmp_path / "tweets.js.gz").write_bytes(gzip.compress(TWEETS))
    assert not read(tmp_path / "tweets.js.gz").threads


def test_the_name_need_not_say_that_a_file_is_packed(tmp_path: Path) -> None:
    (tmp_path / "posts").write_bytes(gzip.compress(LINES))
    assert read(tmp_path / "posts").records == 2


def test_a_file_in_several_members_is_read_to_its_end(tmp_path: Path) -> None:
    first, second = LINES.splitlines(keepends=True)
    (tmp_path / "posts.gz").write_bytes(gzip.compress(first) + gzip.compress(second))
    assert read(tmp_path / "posts.gz").records == 2


@pytest.mark.slow
@pytest.mark.parametrize("pack", KINDS.values())
def test_a_file_that_grows_too_much_is_a_bomb(
    pack: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    (tmp_path / "x").write_bytes(pack(LINES + bytes(40 << 20)))
    with pytest.raises(SourceError, match="a bomb"):
        registry.detect(tmp_path / "x")
    assert left_over(tmp_path) == []


@pytest.mark.parametrize("pack", KINDS.values())
def test_errors_name_the_file_that_the_person_named(
    pack: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    path = tmp_path / "posts.packed"
    path.write_bytes(pack(LINES + b'{"id": 3, "network": "moor", "text": ""}'))
    with pytest.raises(SourceError) as caught:
        read(path)
    assert caught.value.location == f"{path}:3"
    assert left_over(tmp_path) == []


def test_what_is_in_a_packed_file_and_no_source_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "x.gz").write_bytes(gzip.compress(b"\0\1\2 nothing of ours"))
    with pytest.raises(SourceError, match="not a source") as caught:
        registry.detect(tmp_path / "x.gz")
    assert caught.value.location == str(tmp_path / "x.gz")
    assert left_over(tmp_path) == []


def test_a_packed_file_that_is_cut_off_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "x.gz").write_bytes(gzip.compress(LINES * 999)[:-9])
    with pytest.raises(SourceError, match="cut off"):
        registry.detect(tmp_path / "x.gz")
    assert left_over(tmp_path) == []


def test_an_archive_in_a_packed_file_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "x.gz").write_bytes(gzip.compress(gzip.compress(LINES)))
    with pytest.raises(SourceError, match="not a source"):
        registry.detect(tmp_path / "x.gz")
