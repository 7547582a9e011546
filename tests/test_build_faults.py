"""What broke builds or their pages once: foreign files, odd names, odd texts, odd addresses."""

from __future__ import annotations

import os
import re
import xml.etree.ElementTree as ET
from datetime import datetime
from pathlib import Path

import pytest
from msgspec.structs import replace
from test_build import cold, site, thread
from trees import differences, tree

from sitegen import files
from sitegen.config.schema import Config
from sitegen.content import store
from sitegen.content.archive_index import ArchiveIndex
from sitegen.errors import ContentError, OutputError, SeveralErrors, ThemeError
from sitegen.model import Author, Media, Post, Profile, Thread
from sitegen.site import build as builds
from sitegen.site import url_encoding, urls
from sitegen.site.render.theme import Theme


def lone(post: Post) -> Thread:
    """Return a thread of one post."""
    return Thread(post.id, post.network, (post,))


def dated(identity: str, created_at: str | None) -> Thread:
    """Return a thread of that time."""
    post = thread(identity, f"Words {identity}").posts[0]
    return lone(replace(post, created_at=created_at))


def page(config: Config, path: str) -> str:
    """Return a page of the site."""
    return (config.output / path).read_text("utf-8")


def test_a_foreign_file_is_refused_as_often_as_one_asks(tmp_path: Path) -> None:
    toml = "[build]\ntag_feed_threads = 1\n"
    config = site(tmp_path, thread("a", "One", tags=("one",)), toml=toml)
    builds.build(config)
    for name in ("tag/two.html", "tag/two.xml"):
        (config.output / name).write_text("mine")
    store.write(store.merge(ArchiveIndex(config.content), (thread("b", "Two", tags=("two",)),), ()))
    before = tree(config.output)
    for _ in range(2):
        with pytest.raises(SeveralErrors) as caught:
            builds.build(config)
        assert [str(e.path) for e in caught.value.errors] == [
            str(config.output / "tag/two.html"), str(config.output / "tag/two.xml"),
        ]  # fmt: skip
        assert tree(config.output) == before
    for name in ("tag/two.html", "tag/two.xml"):
        (config.output / name).unlink()
    builds.build(config)
    assert not differences(tree(config.output), cold(config))


@pytest.mark.parametrize("kind", ["file", "link"])
def test_what_stands_where_a_folder_must_be_is_refused(tmp_path: Path, kind: str) -> None:
    config = site(tmp_path, thread("a", "One"))
    builds.build(config)
    (tmp_path / "elsewhere").mkdir()
    place = config.output / "tag"
    place.write_text("mine") if kind == "file" else place.symlink_to(tmp_path / "elsewhere")
    store.write(store.merge(ArchiveIndex(config.content), (thread("b", "Two", tags=("two",)),), ()))
    for _ in range(2):
        with pytest.raises(OutputError, match="not sitegen's"):
            builds.build(config)
    assert not list((tmp_path / "elsewhere").iterdir())


def test_half_a_file_of_a_build_that_was_killed_is_neither_read_nor_kept(tmp_path: Path) -> None:
    config = site(tmp_path, thread("a", "One"))
    builds.build(config)
    half = f"{files.PARTIAL}"
    (config.output / f"thread/x.html{half}").write_text("half")
    (config.content / "media").mkdir()
    (config.content / f"media/a.png{half}").write_bytes(b"half")
    builds.build(config)
    assert not [name for name in tree(config.output) if name.endswith(half)]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such files here")
@pytest.mark.parametrize("name", ["content/media/pipe.png", "content/pipe.md", "static/pipe"])
def test_what_is_no_regular_file_does_not_hold_up_a_build(tmp_path: Path, name: str) -> None:
    config = site(tmp_path, thread("a", "One"))
    (tmp_path / name).parent.mkdir(exist_ok=True)
    os.mkfifo(tmp_path / name)
    builds.build(config)
    assert not [path for path in tree(config.output) if "pipe" in path]


@pytest.mark.parametrize("name", [b"a\xff.png", b"a\nb.png", b"a\x1b.png"])
@pytest.mark.parametrize(
    ("where", "error"), [("content/media", ContentError), ("static", ThemeError)]
)
def test_a_name_that_no_page_can_link_to_is_named(
    tmp_path: Path, name: bytes, where: str, error: type[Exception]
) -> None:
    config = site(tmp_path, thread("a", "One"))
    (tmp_path / where).mkdir(exist_ok=True)
    try:
        Path(os.fsdecode(os.fsencode(tmp_path / where) + b"/" + name)).write_bytes(b"x")
    except OSError:
        pytest.skip("this disk refuses such names")
    with pytest.raises(error) as caught:
        builds.build(config)
    assert repr(os.fsdecode(name))[1:-1] in str(caught.value)
    assert str(caught.value).isprintable()
    assert "another name" in str(caught.value)


@pytest.mark.parametrize(
    "tag",
    [
        '{% include ["a.html"] %}', "{% set n = 'a.html' %}{% include n %}", '{%+ include "a.html" %}',
        '{% include "a." ~ "html" %}', '{%include"a.html"%}', '{% include "b.html" if none else "a.html" %}',
        '{% include "a." "html" %}', "{% import 'a.html' as a with context %}{{ a }}",
        '{% include "a\\x2ehtml" %}', "{%\n include\n 'a.html'\n ignore missing %}",
    ],
)  # fmt: skip
def test_a_page_follows_what_it_includes_however_it_says_so(tmp_path: Path, tag: str) -> None:
    config = site(tmp_path, thread("a", "One"))
    config.templates.mkdir()
    (config.templates / "404.html").write_text(tag)
    (config.templates / "a.html").write_text("first")
    builds.build(config)
    assert page(config, "404.html") == "first"
    (config.templates / "a.html").write_text("second")
    builds.build(config)
    assert page(config, "404.html") == "second"


def test_a_template_that_names_what_it_includes_depends_on_that_alone() -> None:
    sources = {
        "a": '{% extends "b" %}{% from "c" import d, e as f %}',
        "b": "1",
        "c": "2",
        "d": "3",
    }
    digests = [
        Theme({}, sources | changed, {}, "").digest("a") for changed in ({}, {"d": "4"}, {"c": "5"})
    ]
    assert digests[0] == digests[1] != digests[2]


@pytest.mark.parametrize("warning", [None, "Spiders"])
def test_a_preview_shows_an_image_that_is_there_and_that_nobody_is_warned_of(
    tmp_path: Path, warning: str | None
) -> None:
    media = (Media("video", "media/a.mp4"), Media("image", "media/b.png"))
    post = replace(thread("a", "One").posts[0], media=media, warning=warning)
    config = site(tmp_path, lone(post), toml='[site]\nbase_url = "https://ada.example"\n')
    (config.content / "media").mkdir()
    (config.content / "media/a.mp4").write_bytes(b"film")
    builds.build(config)
    assert "og:image" not in page(config, "thread/bluesky-a0.html")
    (config.content / "media/b.png").write_bytes(b"picture")
    builds.build(config)
    found = re.findall('og:image" content="([^"]*)', page(config, "thread/bluesky-a0.html"))
    assert found == ([] if warning else ["https://ada.example/media/b.png"])


@pytest.mark.parametrize("address", [urls.post, urls.profile, urls.person])
def test_a_network_with_a_hyphen_shares_no_address(address: object) -> None:
    assert callable(address)
    assert address("a", "b-c") != address("a-b", "c")
    assert address("bluesky", "b-c").endswith("/bluesky-b-c.html")


def test_a_feed_was_updated_when_its_latest_thread_was_written(tmp_path: Path) -> None:
    times = (
        "2024-01-01T23:30:00-05:00",
        "2024-01-02T03:00:00+00:00",
        "2024-01-02T04:00:00+05:53:28",
    )
    threads = [dated(f"t{at}x", time) for at, time in enumerate((*times, "yesterday", None))]
    config = site(tmp_path, *threads)
    builds.build(config)
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ET.fromstring(page(config, "feed.xml"))
    assert feed.findtext(f"{atom}updated") == times[0]
    stamps = [entry.findtext(f"{atom}updated") or "" for entry in feed.iter(f"{atom}entry")]
    assert "2024-01-01T22:06:32Z" in stamps
    for stamp in stamps:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)", stamp)
        assert datetime.fromisoformat(stamp)


@pytest.mark.parametrize("iso", ["0001-01-01T00:00:00+00:00:01", "9999-12-31T23:59:59-00:00:01"])
def test_the_first_and_the_last_moment_do_not_stop_a_build(tmp_path: Path, iso: str) -> None:
    config = site(tmp_path, dated("a", iso))
    builds.build(config)
    assert "<updated>1970-01-01T00:00:00Z</updated>" in page(config, "feed.xml")


@pytest.mark.parametrize("iso", ["yesterday", "2024-02-30T00:00:00Z", None])
def test_a_date_that_nobody_can_read_is_shown_as_it_was_written(
    tmp_path: Path, iso: str | None
) -> None:
    base = '[site]\nbase_url = "https://ada.example"\n'
    config = site(tmp_path, dated("a", iso), toml=base)
    builds.build(config)
    shown = f"<bdi>{iso}</bdi>" if iso else "Date not known"
    for path in ("index.html", "thread/bluesky-a0.html", "profile/bluesky-ada.example.html"):
        text = page(config, path)
        assert shown in text, path
        assert "<time" not in text
        assert "published_time" not in text


def test_no_control_character_reaches_a_page(tmp_path: Path) -> None:
    author = Author("a\x01da.example", None, "A\x02da\ufffe")
    post = replace(
        thread("a", "One\x03 #t\x04 @b\x05o", tags=("t\x04",)).posts[0],
        author=author, mentions=("b\x05o",), warning="W\x06\x7f",
    )  # fmt: skip
    config = site(tmp_path, lone(post))
    builds.build(config)
    for name, data in tree(config.output).items():
        if name.endswith(".html"):
            text = data.decode("utf-8")
            assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]", text), name


@pytest.mark.parametrize("avatar", ["//evil.example/a.png", "media/none.png", "media/ada.png"])
def test_an_avatar_is_a_file_of_the_archive_or_not_shown(tmp_path: Path, avatar: str) -> None:
    profile = Profile("ada.example", "bluesky", "ada.example", "Ada", avatar=avatar)
    config = site(tmp_path, thread("a", "One"))
    store.write(store.merge(ArchiveIndex(config.content), (), (profile,)))
    (config.content / "media").mkdir()
    (config.content / "media/ada.png").write_bytes(b"picture")
    report = builds.build(config)
    text = page(config, "profile/bluesky-ada.example.html")
    is_there = avatar == "media/ada.png"
    assert ("<img" in text) is is_there
    assert [avatar in warning for warning in report.warnings] == ([] if is_there else [True])
    assert "evil" not in text


@pytest.mark.parametrize("exists", [True, False])
def test_an_output_folder_may_be_a_link(tmp_path: Path, exists: bool) -> None:
    config = site(tmp_path / "site", thread("a", "One"))
    if exists:
        (tmp_path / "www").mkdir()
    config.output.symlink_to(tmp_path / "www")
    for _ in range(2):
        builds.build(config)
        assert config.output.is_symlink()
        assert not differences(tree(tmp_path / "www"), cold(config))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["site", "www"]


def test_an_address_of_half_a_character_is_none() -> None:
    assert urls.mention_url("mastodon", "a\ud800@b.example") is None
    assert urls.mention_url("mastodon", "é@b.example") == "https://b.example/@%C3%A9"
    assert url_encoding.percent_encode("media/\ud800.png") == "media/%3F.png"


def test_a_base_url_is_percent_encoded_once(tmp_path: Path) -> None:
    toml = '[site]\nbase_url = "https://ada.example/café/a%20b"\n'
    config = site(tmp_path, thread("a", "One"), toml=toml)
    builds.build(config)
    base = "https://ada.example/caf%C3%A9/a%20b/"
    for name in ("feed.xml", "feed.json", "sitemap.xml", "robots.txt", "index.html"):
        text = page(config, name)
        assert base in text, name
        assert "café" not in text, name
    assert 'href="/caf%C3%A9/a%20b/' in page(config, "404.html")


@pytest.mark.parametrize(
    ("base_url", "top"),
    [("", "/"), ("https://x.example", "/"), ("https://x.example/repo", "/repo/"), ("https://x.example/a/b/", "/a/b/")],
)  # fmt: skip
def test_the_404_page_leads_to_the_same_places_from_any_depth(
    tmp_path: Path, base_url: str, top: str
) -> None:
    config = site(tmp_path, thread("a", "One"), toml=f'[site]\nbase_url = "{base_url}"\n')
    builds.build(config)
    links = re.findall(r'(?:href|src)="([^"#][^"]*)"', page(config, "404.html"))
    assert {link for link in links if not link.startswith(top)} == set()
    assert any(link.partition("?")[0] == f"{top}static/style.css" for link in links)


def test_a_cache_of_another_format_costs_time_and_nothing_else(tmp_path: Path) -> None:
    """What an older sitegen kept may be sound in itself, and still not what this one reads."""
    config = site(tmp_path, thread("a", "One"), thread("b", "Two"))
    for path in config.content.rglob("*.md"):
        os.utime(path, (10**9, 10**9))  # old enough to be known by its times
    builds.build(config)
    expected = tree(config.output)
    (kept,) = config.cache.glob("*/state")
    head, _, rest = kept.read_bytes().partition(b"\n")
    kept.write_bytes(head + b"0\n" + rest.replace(b"Two", b"Old"))
    (config.content / "about.md").write_text("# About")
    report = builds.build(config)
    assert set(tree(config.output)) == {*expected, "about.html"}
    assert not differences(tree(config.output), cold(config))
    assert report.threads == 2
