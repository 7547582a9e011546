"""The builder's laws: only what changed is written, nothing foreign is touched, errors have names."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

import pytest
from trees import tree

from sitegen.config import settings as configs
from sitegen.config.schema import Config
from sitegen.content import store
from sitegen.content.archive_index import ArchiveIndex
from sitegen.errors import (
    AddressError,
    ContentError,
    OutputError,
    SitegenError,
    ThemeError,
    UsageError,
)
from sitegen.model import Author, Post, Thread
from sitegen.site import build as builds

ADA = Author("ada.example", None, "Ada")


def thread(identity: str, *texts: str, day: int = 1, tags: tuple[str, ...] = ()) -> Thread:
    """Return a thread of invented posts."""
    posts = [
        Post(
            id=f"{identity}{at}", network="bluesky", text=text, author=ADA, tags=tags,
            created_at=f"2024-{1 + day // 28:02}-{1 + day % 28:02}T10:{at:02}:00Z",
            reply_to=f"{identity}{at - 1}" if at else None,
        )
        for at, text in enumerate(texts)
    ]  # fmt: skip
    return Thread(posts[0].id, "bluesky", tuple(posts))


def site(folder: Path, *threads: Thread, toml: str = "") -> Config:
    """Write a site's sources and return its config."""
    store.write(store.merge(ArchiveIndex(folder / "content"), threads, ()))
    (folder / "sitegen.toml").write_text(toml, "utf-8")
    return configs.load(folder / "sitegen.toml")


def cold(config: Config) -> dict[str, bytes]:
    """Return the site as a first build makes it."""
    with tempfile.TemporaryDirectory() as name:
        paths = config.paths._replace(output=f"{name}/public", cache=f"{name}/cache")
        elsewhere = config._replace(paths=paths)
        builds.build(elsewhere)
        return tree(elsewhere.output)


ALL_FEEDS = '[build]\njson_feeds = "all"\ntag_feed_threads = 1\n'


def test_small_tags_and_listings_have_fewer_feeds_unless_they_are_wanted(tmp_path: Path) -> None:
    def feeds(name: str, toml: str = "") -> list[str]:
        threads = [thread(f"{name}{n}", "Fog", tags=("fog", f"t{n // 4}")) for n in range(5)]
        (tmp_path / name).mkdir()
        config = site(tmp_path / name, *threads, toml=toml)
        builds.build(config)
        return sorted(f for f in tree(config.output) if f.endswith((".xml", ".json")))

    account = "profile/bluesky-ada.example"
    assert feeds("a") == ["feed.json", "feed.xml", f"{account}.xml", "tag/fog.xml"]
    assert feeds("b", '[build]\njson_feeds = "none"\ntag_feeds = false\n') == [
        "feed.xml", f"{account}.xml",
    ]  # fmt: skip
    assert feeds("c", ALL_FEEDS) == [
        "feed.json", "feed.xml", f"{account}.json", f"{account}.xml", "tag/fog.json", "tag/fog.xml",
        "tag/t0.json", "tag/t0.xml", "tag/t1.json", "tag/t1.xml",
    ]  # fmt: skip


def test_an_edit_writes_only_the_pages_that_show_it(tmp_path: Path) -> None:
    days = {"a": 0, "b": 40, "c": 80, "d": 120}
    threads = [thread(k, f"Text {k}", day=v, tags=(k,)) for k, v in days.items()]
    config = site(tmp_path, *threads, toml=ALL_FEEDS)
    builds.build(config)
    path = next(p for p in (config.content / "threads").rglob("*.md") if "text-b" in p.name)
    path.write_text(path.read_text("utf-8").replace("\nText b", "\nOther b"), "utf-8")
    report = builds.build(config)
    account = "profile/bluesky-ada.example"
    assert set(report.written) == {
        "thread/bluesky-b0.html", "index.html", "date/2024.html", "date/2024-02.html", "tag/b.html",
        "feed.xml", "feed.json", "tag/b.xml", "tag/b.json",
        f"{account}.html", f"{account}.xml", f"{account}.json",
        "search/index.js", "search/0/words-0.js", "search/0/positions-0.js", "search/posts/0.js",
    }  # fmt: skip


def test_a_deleted_thread_leaves_no_trace(tmp_path: Path) -> None:
    config = site(
        tmp_path, thread("a", "Secret words", "More", tags=("only",)), thread("b", "Kept", "Too")
    )
    builds.build(config)
    next(p for p in config.content.rglob("*.md") if "secret" in p.name).unlink()
    report = builds.build(config)
    assert "thread/bluesky-a1.html" in report.removed
    assert not [name for name, data in tree(config.output).items() if b"Secret" in data]
    assert not (config.output / "tag").exists()


def test_what_a_person_put_into_the_output_stays(tmp_path: Path) -> None:
    config = site(tmp_path, thread("a", "One"))
    builds.build(config)
    (config.output / "CNAME").write_text("ada.example")
    next(config.content.rglob("*.md")).unlink()
    builds.build(config, min_share=0)
    assert (config.output / "CNAME").read_text() == "ada.example"


def test_a_page_does_not_replace_a_file_that_sitegen_did_not_make(tmp_path: Path) -> None:
    config = site(tmp_path, thread("a", "One"))
    builds.build(config)
    (config.output / "about.html").write_text("mine")
    (config.content / "about.md").write_text("# About")
    with pytest.raises(OutputError, match="not sitegen's"):
        builds.build(config)
    assert (config.output / "about.html").read_text() == "mine"


@pytest.mark.parametrize(
    "where", [".", "..", "content", "content/x", "/", "~", "full", "repo", "file"]
)
def test_an_output_folder_that_is_not_ours_is_refused(
    tmp_path: Path, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = site(tmp_path / "site", thread("a", "One"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    (tmp_path / "site" / "full").mkdir()
    (tmp_path / "site" / "full" / "photo.jpg").write_bytes(b"photo")
    (tmp_path / "site" / "repo" / ".git").mkdir(parents=True)
    (tmp_path / "site" / "file").write_bytes(b"file")
    output = str(Path(where).expanduser()) if where == "~" else where
    before = tree(tmp_path)
    with pytest.raises(OutputError if where == "full" else UsageError) as caught:
        builds.build(config._replace(paths=config.paths._replace(output=output)))
    assert caught.value.hint
    after = {k: v for k, v in tree(tmp_path).items() if not k.startswith("site/.sitegen")}
    assert after == before


def test_every_broken_file_is_named_and_the_old_site_stays(tmp_path: Path) -> None:
    config = site(tmp_path, thread("a", "One"), thread("b", "Two"))
    builds.build(config)
    before = tree(config.output)
    for path in config.content.rglob("*.md"):
        path.write_text("no front matter", "utf-8")
    with pytest.raises(SitegenError) as caught:
        builds.build(config)
    lines = str(caught.value).split("\n")
    assert len(lines) == 2
    assert all(".md:1: error: " in line and "hint:" in line for line in lines)
    assert tree(config.output) == before


def test_two_pages_at_one_address_are_both_named(tmp_path: Path) -> None:
    config = site(tmp_path, thread("a", "One", tags=("x",)))
    (config.content / "Tags.md").write_text("# Mine")
    (config.content / "tags.md").write_text("# Mine too")
    with pytest.raises(AddressError) as caught:
        builds.build(config)
    assert "tags.md" in caught.value.message
    assert "the list of tags" in caught.value.message
    assert not config.output.exists()


@pytest.mark.parametrize(
    ("template", "line", "what"),
    [
        (
            "{% extends 'base.html' %}\n{% block main %}{{ nothing.here }}{% endblock %}",
            2,
            "there is no variable nothing",
        ),
        ("\n\n{% if %}", 3, "TemplateSyntaxError"),
        ("\n{{ 1 / 0 }}", 2, "ZeroDivisionError"),
        ("{% include 'missing.html' %}", 1, "there is no template missing.html"),
    ],
)
def test_a_broken_template_is_named_with_its_line(
    tmp_path: Path, template: str, line: int, what: str
) -> None:
    config = site(tmp_path, thread("a", "One"))
    builds.build(config)
    before = tree(config.output)
    config.templates.mkdir()
    (config.templates / "thread.html").write_text(template)
    with pytest.raises(ThemeError) as caught:
        builds.build(config)
    assert caught.value.path == str(config.templates / "thread.html")
    assert caught.value.line == line
    assert what in caught.value.message
    assert tree(config.output) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    config = site(tmp_path, thread("a", "One"))
    (config.content / "threads").chmod(0)
    try:
        with pytest.raises(ContentError, match="cannot be read"):
            builds.build(config)
    finally:
        (config.content / "threads").chmod(0o755)


def test_a_reply_a_day_and_an_account_have_addresses_that_stay(tmp_path: Path) -> None:
    config = site(tmp_path, thread("a", "One", "Two", tags=("AI",)))
    builds.build(config)
    reply = (config.output / "thread/bluesky-a1.html").read_text("utf-8")
    assert 'href="bluesky-a0.html#post-a1"' in reply
    for name in (
        "tag/ai.html",
        "date/2024-01.html",
        "date/2024.html",
        "profile/bluesky-ada.example.html",
    ):
        assert (config.output / name).is_file()


def test_nothing_of_a_hidden_post_is_shown_anywhere(tmp_path: Path) -> None:
    config = site(tmp_path, thread("a", "Secretroot words", "Plain reply"), thread("b", "Other"))
    path = next(p for p in config.content.rglob("*.md") if "secretroot" in p.name)
    text = path.read_text("utf-8").replace('{"id": "a0"', '{"id": "a0", "hide": true', 1)
    text = text.replace(
        '"hide": true', '"hide": true, "media": [{"kind": "image", "path": "media/s.png"}]'
    )
    path.write_text(text, "utf-8")
    (config.content / "media").mkdir()
    (config.content / "media" / "s.png").write_bytes(b"secret")
    builds.build(config)
    assert [n for n, data in tree(config.output).items() if b"ecretroot" in data] == []
    assert "media/s.png" not in tree(config.output)
    assert b"Plain reply" in tree(config.output)["index.html"]


def test_footnotes_written_by_hand_lead_to_their_own_post(tmp_path: Path) -> None:
    config = site(tmp_path, thread("1", "Fog one", "Fog two"), thread("2", "Fog three"))
    for path in (config.content / "threads").rglob("*.md"):
        text = path.read_text("utf-8")
        path.write_text(re.sub(r"(?m)^Fog .*$", r"\g<0>[^a]\n\n[^a]: *Haar*", text), "utf-8")
    pages = cold(config)
    for name, data in pages.items():
        ids = re.findall(r' id="(fn[^"]*)"', data.decode())
        links = re.findall(r' href="#(fn[^"]*)"', data.decode())
        assert len(ids) == len(set(ids)), name
        assert set(links) == set(ids), name
    for own in (b"fn-thread-bluesky-10-1", b"fn-thread-bluesky-11-1"):
        assert b' id="%b"' % own in pages["thread/bluesky-10.html"]


@pytest.mark.parametrize("size", [1, 2, 3])
@pytest.mark.parametrize("count", range(6))
def test_every_thread_is_on_one_page_of_the_index(size: int, count: int, tmp_path: Path) -> None:
    threads = [thread(f"t{n}", f"Fog {n}.", day=n) for n in range(count)]
    config = site(tmp_path, *threads, toml=f"[build]\npage_size = {size}\njobs = 1\n")
    config.content.mkdir(exist_ok=True)
    builds.build(config)
    index = (config.output / "index.html").read_text("utf-8")
    pages = [p.read_text("utf-8") for p in (config.output / "page").glob("*.html")]
    shown = [text.count('<article class="post h-entry">') for text in (index, *pages)]
    assert sum(shown) == count
    assert all(shown) or count == 0
