"""The shapes in which people have Meta's exports: odd places, single objects, wrong fields."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from sitegen.errors import SitegenError
from sitegen.formats.archives import open_bundle
from sitegen.ingest import pipeline
from sitegen.ingest.coverage import TrackedMembers
from sitegen.model import Media, Post
from sitegen.sources import HEAD_BYTES, Imported, Options, Source
from sitegen.sources.meta.exports.heads import kind_of_head
from sitegen.sources.meta.exports.layout import is_in_media, is_of_media
from sitegen.sources.meta.importer import InstagramExport
from sitegen.sources.registry import detect

from . import meta_writer as meta
from .sparse_zips import sparse_zip


def read(*paths: Path, options: Options | None = None) -> Imported:
    (found,) = pipeline.read(paths, options or Options())
    return found.imported


def posts(imported: Imported) -> list[Post]:
    return [post for thread in imported.threads for post in thread.posts]


def texts(imported: Imported) -> list[str]:
    return sorted(post.text for post in posts(imported))


ONE = meta.post("tide tables", "media/posts/202311/1_n_17800000000000001.jpg")
OLD = {
    "photos": [
        {"caption": "tide tables", "taken_at": "2018-01-01T00:00:00", "path": "photos/1.jpg"}
    ]
}
THREAD = {
    "media": [
        {"title": "tide tables", "creation_timestamp": 5, "text_app_post": {"is_reply": False}}
    ]
}


@pytest.mark.parametrize(
    "value",
    [
        [ONE], ONE, {"ig_reels_media": [ONE]}, {"ig_reels_media": ONE}, {**ONE, "media": ONE["media"][0]}, OLD,
        {"photos": OLD["photos"][0]}, {"text_post_app_text_posts": [THREAD]}, {"text_post_app_text_posts": THREAD},
        [THREAD], THREAD, [{"media": [], "label_values": [{"label": "Caption", "value": "tide tables"}]}],
        [{"media": [], "label_values": {"label": "Caption", "value": "tide tables"}}],
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "name", ["posts_1.json", "anything.json", "a/b c/mine.json", "wrapped/content/posts_1.json"]
)
def test_neither_names_nor_wrappers_nor_lists_of_one_matter(
    value: Any, name: str, tmp_path: Path
) -> None:
    top = meta.into(tmp_path, {name: meta.document(value)})
    for path in (
        top,
        top / name,
        meta.zipped(tmp_path / "zip" / "z.zip", {name: meta.document(value)}),
    ):
        imported = read(path)
        assert texts(imported) == ["tide tables"], path
        assert {post.network for post in posts(imported)} == {
            "threads" if "text_app_post" in json.dumps(value) else "instagram"
        }


@pytest.mark.parametrize(
    "value",
    [
        [{"timestamp": 1, "attachments": [{"data": [{"media": {"uri": "x", "creation_timestamp": 1}}]}], "data": [{"post": "x"}]}],
        {"media": [{"type": "photo"}], "text": "x"}, [{"media": []}], {"photos": ["a.jpg"]}, {"username": "ada"},
        {"data": {"media": [{"creation_timestamp": 1}]}}, {"items": [{"media": 1, "creation_timestamp": "x"}]},
        "media creation_timestamp", [[{"media": 1, "creation_timestamp": 2}]], {"note": '"media" "ig_reels_media":'},
    ],
)  # fmt: skip
def test_what_could_not_be_read_is_not_claimed(value: Any, tmp_path: Path) -> None:
    top = meta.into(tmp_path, {"posts_1.json": json.dumps(value).encode()})
    for path in (top, top / "posts_1.json"):
        try:
            importer, _ = detect(path)
        except SitegenError:
            continue
        assert not isinstance(importer, InstagramExport)


def test_a_profile_in_the_folder_above_an_odd_place_counts(tmp_path: Path) -> None:
    files = {
        "export/kept by me/mine.json": meta.document([ONE]),
        f"export/{meta.PROFILE}": meta.profile("ada.fen", "True"),
    }
    assert posts(read(meta.into(tmp_path, files))) == []


def test_only_files_of_one_caption_and_one_second_are_one_post_of_2018(tmp_path: Path) -> None:
    def file(caption: str, second: int, path: str) -> dict[str, str]:
        return {"caption": caption, "taken_at": f"2018-01-01T00:00:0{second}", "path": path}

    photos = [file("reed", 1, "1.jpg"), file("rush", 1, "2.jpg"), file("reed", 2, "3.jpg")]
    videos = [file("reed", 1, "4.mp4")]
    value = {"photos": photos, "videos": videos}
    imported = read(meta.into(tmp_path, {"media.json": meta.document(value)}))
    made = {(p.text, (p.created_at or "")[-3:], len(p.media)) for p in posts(imported)}
    assert made == {("reed", "01Z", 2), ("rush", "01Z", 1), ("reed", "02Z", 1)}


MP4 = b"\0\0\0\x18ftypmp42\0\0\0\0isommp42"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (meta.JPEG, "image"), (b"\x89PNG\r\n\x1a\n", "image"), (b"GIF89a", "image"), (b"RIFF\0\0\0\0WEBPVP8 ", "image"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "image"), (MP4, "video"), (b"\x1a\x45\xdf\xa3", "video"), (b"OggS", "audio"),
        (b"\0\0\0\x18ftypM4A \0\0\0\0", "audio"), (b"RIFF\0\0\0\0WAVEfmt ", "audio"), (b"ID3\x04", "audio"),
        (b"<html>", None), (b"", None), (b"SECRET=1", None), (b"RIFF\0\0\0\0AVI ", None), (b"MZ", None),
    ],
)  # fmt: skip
def test_a_file_without_an_extension_is_what_its_bytes_say(
    data: bytes, kind: str | None, tmp_path: Path
) -> None:
    uri = "media/posts/202311/55_n_17800000000000001"
    files = {uri: data, meta.POSTS: meta.document([meta.post("tide", uri)])}
    imported = read(meta.into(tmp_path, files | {meta.PROFILE: meta.profile("ada.fen")}))
    (medium,) = posts(imported)[0].media
    assert medium == Media(kind or "file", uri if kind else None, origin=uri)  # type: ignore[arg-type]
    assert set(imported.attachments) == ({uri} if kind else set())


GOOD = {
    "media": [{"uri": "a.jpg", "creation_timestamp": 1_700_000_000, "title": ""}],
    "title": "tide",
}


@pytest.mark.parametrize(
    "wrong",
    [
        {"creation_timestamp": "now"}, {"creation_timestamp": 10**30}, {"creation_timestamp": -1},
        {"creation_timestamp": 1.5}, {"label_values": 5}, {"label_values": ["x"]},
        {"label_values": [{"label": 5, "value": []}]}, {"label_values": [{"title": "Owner", "dict": 7}]},
    ],
)  # fmt: skip
def test_a_wrong_field_of_a_post_costs_that_field_only(wrong: Any, tmp_path: Path) -> None:
    imported = read(meta.into(tmp_path, {meta.POSTS: meta.document([{**GOOD, **wrong}])}))
    assert [(p.text, p.created_at, len(p.media)) for p in posts(imported)] == [
        ("tide", "2023-11-14T22:13:20Z", 1)
    ]
    assert any(odd.what.startswith('unreadable "') for odd in imported.oddities)


@pytest.mark.parametrize(
    "wrong",
    [
        {"uri": 5}, {"creation_timestamp": {}}, {"title": ["x"]}, {"text_app_post": "yes"}, {"cross_post_source": 1},
        {"text_app_post": {"is_reply": "yes", "in_reply_to_username": 4, "reply_control": []}},
        {"cross_post_source": {"source_app": 5}},
    ],
)  # fmt: skip
def test_a_wrong_field_of_a_medium_costs_that_field_only(wrong: Any, tmp_path: Path) -> None:
    medium = {"uri": "a.jpg", "creation_timestamp": 1_700_000_000}
    record = {"media": [{**medium, **wrong}, medium], "title": "tide"}
    imported = read(meta.into(tmp_path, {meta.POSTS: meta.document([record])}))
    assert [(p.text, p.created_at, len(p.media)) for p in posts(imported)] == [
        ("tide", "2023-11-14T22:13:20Z", 1)
    ]


@pytest.mark.parametrize(
    "wrong", [{"Name": 5}, {"Name": {"value": 7}}, {"Bio": ["x"]}, {"Website": None}, {"Name": {"value": None}}]
)  # fmt: skip
def test_a_wrong_field_of_a_profile_costs_that_field_only(wrong: Any, tmp_path: Path) -> None:
    data = {"Username": {"value": "ada.fen"}, "Private Account": {"value": "False"}, **wrong}
    profile = meta.document({"profile_user": {"string_map_data": data, "media_map_data": [1]}})
    imported = read(meta.into(tmp_path, {meta.POSTS: meta.document([GOOD]), meta.PROFILE: profile}))
    assert [(p.text, p.author.handle, p.visibility) for p in posts(imported)] == [
        ("tide", "ada.fen", None)
    ]


def test_the_title_of_a_post_is_its_text_and_other_titles_are_kept(tmp_path: Path) -> None:
    record = meta.post("the tide", "a.jpg")
    record["media"][0]["title"] = "a picture"
    (post,) = posts(read(meta.into(tmp_path, {meta.POSTS: meta.document([record])})))
    assert (post.text, dict(post.extra)) == ("the tide", {"media_titles": '["a picture"]'})


@pytest.mark.parametrize(
    "name",
    [
        "your_instagram_activity/messages/inbox/bo_1/message_1.json", "messages.json", "direct/posts_1.json",
        "old/messages/inbox/bo_1/posts_1.json", "your_instagram_activity/messages/broadcast/media/posts_1.json",
        "message_1.json", "messages/odd name.json",
    ],
)  # fmt: skip
def test_messages_are_never_opened(name: str, tmp_path: Path) -> None:
    files = {meta.POSTS: meta.document([ONE]), name: meta.document([meta.post("SECRET")])}
    importer, source = detect(meta.into(tmp_path, files))
    assert source.members is not None
    watched = TrackedMembers(source.members)
    imported = importer.read(type(source)(source.path, b"", watched), Options())
    assert name not in watched.opened
    assert ("private message", "not opened") in {(e.reason, e.detail) for e in imported.exclusions}
    assert "SECRET" not in repr(imported)


@pytest.mark.parametrize("name", ["Facebook", "instagram"])
def test_a_part_without_posts_is_claimed_where_it_is_instagrams(name: str, tmp_path: Path) -> None:
    files = {"connections/following.json": b"{}", "messages/inbox/bo_1/message_1.json": b"{}"}
    for file in files:
        path = meta.zipped(tmp_path / f"{name}-ada_part_3.zip", {file: b"{}"})
        claim = InstagramExport().detect(Source(path, b"", open_bundle(path)))
        assert claim == ("a part of an Instagram export" if name == "instagram" else None)
    path = meta.zipped(tmp_path / f"{name}-ada_part_3.zip", files)
    if name == "Facebook":
        with pytest.raises(SitegenError, match="not a source"):
            read(path)
    else:
        assert read(path).records == 2


def test_a_folder_of_archives_is_one_source_for_each(tmp_path: Path) -> None:
    posts_of = {"a": meta.export("ada.fen"), "b": meta.export("bo.marsh")}
    for name, files in posts_of.items():
        meta.zipped(tmp_path / f"{name}.zip", files)
    found = pipeline.read([tmp_path], Options())
    assert [each.name for each in found] == [str(tmp_path / "a.zip"), str(tmp_path / "b.zip")]


def test_an_archive_in_a_folder_of_archives_that_is_no_source_is_told(tmp_path: Path) -> None:
    meta.zipped(tmp_path / "a.zip", meta.export("ada.fen"))
    meta.zipped(tmp_path / "b.zip", {"readme": b"nothing"})
    with pytest.raises(SitegenError, match="not a source") as caught:
        pipeline.read([tmp_path], Options())
    assert str(tmp_path / "b.zip") in str(caught.value)


# Size


def test_a_zip64_is_a_part_like_any_other(tmp_path: Path) -> None:
    files = meta.export("ada.fen")
    media = {name: files.pop(name) for name in [*files] if name.startswith("media/")}
    with zipfile.ZipFile(tmp_path / "ada_part_2.zip", "w") as archive:
        for name, data in media.items():
            with archive.open(name, "w", force_zip64=True) as file:
                file.write(data)
    assert open_bundle(tmp_path / "ada_part_2.zip")
    imported = read(tmp_path / "ada_part_2.zip", meta.zipped(tmp_path / "ada_part_1.zip", files))
    assert {f.open().read() for f in imported.attachments.values()} == set(media.values())


# Much less than the archive has, and little more than Python and the importers take themselves.
LIMITED = """
import resource, sys
from pathlib import Path
from sitegen.ingest import pipeline
from sitegen.sources import Options
resource.setrlimit(resource.RLIMIT_AS, (1 << 29, 1 << 29))
(found,) = pipeline.read([Path(name) for name in sys.argv[1:]], Options())
total = 0
for attachment in found.imported.attachments.values():
    with attachment.open() as stream:
        while data := stream.read(1 << 20):
            total += len(data)
print(total)
"""


def limited(tmp_path: Path, size: int) -> int:
    """Read a download with a film of this size, in a process with little memory."""
    film = "media/posts/202311/1_n_17800000000000001.mp4"
    files = {meta.POSTS: meta.document([meta.post("the tide", film)])}
    first = meta.zipped(
        tmp_path / "ada_part_1.zip", files | {meta.PROFILE: meta.profile("ada.fen")}
    )
    sparse_zip(tmp_path / "ada_part_2.zip", size, film, "start_here.html")
    command = [sys.executable, "-c", LIMITED, str(first), str(tmp_path / "ada_part_2.zip")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


@pytest.mark.slow
def test_a_film_larger_than_the_memory_is_a_stream(tmp_path: Path) -> None:
    assert limited(tmp_path, 600 << 20) == 600 << 20


@pytest.mark.slow
def test_a_download_of_more_than_four_gigabytes_is_a_stream(tmp_path: Path) -> None:
    assert limited(tmp_path, 5 << 30) == 5 << 30
    (tmp_path / "ada_part_2.zip").unlink()


def test_the_beginning_of_a_file_is_looked_at_once_whatever_it_is() -> None:
    for head in (b'[{"' + rb"\"" * 40_000, b'{"a\\' * 20_000, b"[" * HEAD_BYTES, b'"' * HEAD_BYTES):
        assert kind_of_head(head) == "other"


def test_long_names_are_no_media() -> None:
    name = "media/posts/" * 5000 + "_"
    assert not is_of_media(name + "1" * 12)
    assert not is_in_media(name)
    assert is_of_media("media/posts/202311/1.jpg")
