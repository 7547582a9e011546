"""A medium is shown as what its bytes say, else as its post states, else as its name says."""

from __future__ import annotations

import html
import os
import re
from pathlib import Path

import pytest
from media.pictures import box, picture, saved
from test_build import cold, site, thread
from trees import tree

from sitegen import library
from sitegen.config.schema import Config
from sitegen.content.post_media import media_block
from sitegen.formats.media_kinds import kind_by_name
from sitegen.media.missing import survey_media
from sitegen.site import build as builds

JPEG = saved(picture(), "JPEG")
FILM = box(b"ftyp", b"isom", bytes(4), b"isommp42")
SONG = b"fLaC\0\0\0\x22"
PAGE = b"<!doctype html><script>1</script>"
UNKNOWN = b"Dear Ada"
# By name: the bytes of a file, its line in the media block, the kind in the post's line, and the
# kind that is shown.
CASES: dict[str, tuple[bytes, str, str | None, str]] = {
    "film.png": (FILM, "![]", None, "video"),
    "song.png": (SONG, "![]", None, "audio"),
    "scan.jpg": (PAGE, "![]", None, "file"),
    "notes.png": (b"%PDF-1.7\n", "![]", None, "file"),
    "photo.xyz": (JPEG, "[]", None, "image"),
    "photo": (JPEG, "[]", None, "image"),
    "photo.mp4": (JPEG, "[]", "video", "image"),
    "photo.jpg": (JPEG, "[]", "file", "image"),
    "photo.pdf": (JPEG, "![]", None, "image"),
    "linked.jpg": (JPEG, "[]", None, "image"),
    "film.mp4": (FILM, "![]", None, "video"),
    "radio.mp4": (FILM, "[]", "audio", "audio"),
    "radio.m4a": (FILM, "[]", None, "audio"),
    "song.mp4": (SONG, "[]", None, "audio"),
    "unknown.png": (UNKNOWN, "[]", None, "image"),
    "unknown.ogv": (UNKNOWN, "![]", None, "video"),
    "unknown.jpg": (UNKNOWN, "[]", "video", "video"),
    "unknown.xyz": (UNKNOWN, "[]", None, "file"),
    "unknown.abc": (UNKNOWN, "[]", "audio", "audio"),
    "drawn.xyz": (UNKNOWN, "![]", None, "image"),
}
BASE = '[site]\nbase_url = "https://ada.example/"\n'


def put(config: Config, name: str, data: bytes) -> None:
    """Put a file into content/, old enough for its signature to be trusted."""
    path = config.content / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, ns=(10**18, 10**18))


def thread_text(cases: dict[str, tuple[bytes, str, str | None, str]], warning: str = "") -> str:
    """Return the file of a thread of one post that shows media."""
    kinds = [f'{{"file": "{n}", "kind": "{kind}"}}' for n, (_, _, kind, _) in cases.items() if kind]
    media = f', "media": [{", ".join(kinds)}]' if kinds else ""
    lines = [f"{form}(../media/{name})" for name, (_, form, _, _) in cases.items()]
    return (
        '---\nnetwork: "bluesky"\nposts:\n'
        f'  - {{"id": "k"{warning}{media}}}\n---\n\n<!-- post k -->\n\nOn the moor\n\n'
        + "\n".join(lines)
        + "\n"
    )


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Return a site with a post that shows all media, not built."""
    found = site(tmp_path, thread("a", "Fog"), toml=BASE)
    put(found, "threads/k.md", thread_text(CASES).encode())
    for name, (data, *_) in CASES.items():
        put(found, f"media/{name}", data)
    return found


def shown(config: Config, page: str = "thread/bluesky-k.html") -> dict[str, str]:
    """Return the kinds of the media that a page shows, by their published names."""
    text = (config.output / page).read_text("utf-8")
    tags = {"img": "image", "video": "video", "audio": "audio"}
    found = re.findall(r'<(img|video|audio) [^>]*?src="(?:\.\./)*media/([^"]+)"', text)
    files = re.findall(r'<a href="(?:\.\./)*media/([^"]+)" download>', text)
    return {name: tags[tag] for tag, name in found} | dict.fromkeys(files, "file")


def published(name: str) -> str:
    """Return the name under which a medium is published: a page is one to download."""
    return f"{name}.txt" if CASES[name][0] == PAGE else name


@pytest.mark.parametrize("page", ["thread/bluesky-k.html", "index.html"])
def test_bytes_decide_then_the_post_then_the_name(config: Config, page: str) -> None:
    builds.build(config)
    expected = {published(name): kind for name, (*_, kind) in CASES.items()}
    found = shown(config, page)
    if page == "index.html":  # which shows the first media of a post alone
        assert found
        expected = {name: expected[name] for name in found}
    assert found == expected


def test_feeds_have_only_pictures_as_images(config: Config) -> None:
    builds.build(config)
    feed = (config.output / "feed.xml").read_text("utf-8")
    names = re.findall(r'img src="https://ada\.example/media/([^"]+)"', html.unescape(feed))
    assert sorted(names) == sorted(name for name, (*_, kind) in CASES.items() if kind == "image")


@pytest.mark.parametrize(
    ("names", "preview"),
    [
        (("film.png", "photo.xyz", "linked.jpg"), "photo.xyz"),
        (("scan.jpg", "unknown.png"), "unknown.png"),
        (("film.png", "radio.m4a"), None),
    ],
)
def test_a_link_preview_shows_the_first_medium_that_is_a_picture(
    config: Config, names: tuple[str, ...], preview: str | None
) -> None:
    put(config, "threads/k.md", thread_text({name: CASES[name] for name in names}).encode())
    builds.build(config)
    page = (config.output / "thread/bluesky-k.html").read_text("utf-8")
    images = re.findall(r'property="og:image" content="https://ada\.example/media/([^"]+)"', page)
    assert images == ([preview] if preview else [])


def test_other_bytes_are_shown_as_what_they_are(config: Config) -> None:
    builds.build(config)
    for number, data in enumerate((SONG, JPEG, UNKNOWN, PAGE, FILM), 1):
        path = config.content / "media/film.png"
        path.write_bytes(data)
        os.utime(path, ns=(10**18 + number, 10**18 + number))
        builds.build(config)
        assert tree(config.output) == cold(config)
    assert shown(config)["film.png"] == "video"


def test_another_kind_in_the_line_of_a_post_is_seen(config: Config) -> None:
    builds.build(config)
    for kind in ("audio", "image", None):
        cases = CASES | {"unknown.jpg": (UNKNOWN, "[]", kind, "")}
        put(config, "threads/k.md", thread_text(cases).encode())
        os.utime(config.content / "threads/k.md")
        builds.build(config)
        assert shown(config)["unknown.jpg"] == (kind or "image")
        assert tree(config.output) == cold(config)


def test_an_avatar_that_is_no_picture_is_not_shown(config: Config) -> None:
    profile = '---\nnetwork: "bluesky"\nid: "ada.example"\navatar: "media/{}"\n---\n'
    for name, is_shown in (("film.png", False), ("photo.xyz", True), ("unknown.png", True)):
        put(config, "profiles/ada.md", profile.format(name).encode())
        os.utime(config.content / "profiles/ada.md")
        builds.build(config)
        text = (config.output / "profile/bluesky-ada.example.html").read_text("utf-8")
        assert (f'src="../media/{name}"' in text) == is_shown


def test_what_is_shown_as_a_picture_or_film_needs_a_description(config: Config) -> None:
    survey = survey_media(config.content)
    visual = {f"media/{name}" for name, (*_, kind) in CASES.items() if kind in ("image", "video")}
    assert {each.shown for each in survey.without_alt} == visual


def test_an_import_leaves_the_lines_of_a_person_as_they_are(config: Config) -> None:
    before = (config.content / "threads/k.md").read_bytes()
    source = config.root / "posts.jsonl"
    source.write_text('{"id": "n", "network": "bluesky", "text": "New"}\n', "utf-8")
    library.import_sources(config, [source])
    library.import_sources(config, [source])
    assert (config.content / "threads/k.md").read_bytes() == before


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.jpg", "image"), ("a.JPEG", "image"), ("a.heif", "image"), ("a.jxl", "image"),
        ("a.svg", "image"), ("a.bmp", "image"), ("a.tif", "image"), ("b/a.tiff", "image"),
        ("a.ogv", "video"), ("a.m4v", "video"), ("a.aac", "audio"), ("a.oga", "audio"),
        ("a.pdf", None), ("a.srt", None), ("a.bin", None), ("png", None), (".png", None),
        ("b/.png", None), ("a.b/png", None), ("a.png.", None), ("", None),
    ],
)  # fmt: skip
def test_one_table_has_the_endings_of_names(name: str, kind: str | None) -> None:
    assert kind_by_name(name) == kind
    assert media_block.kind_of(name, is_image=False) == (kind or "file")
    assert media_block.kind_of(name, is_image=True) == (kind or "image")
