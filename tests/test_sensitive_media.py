"""Sensitive media: closed wherever a post is shown, while its words stay open."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from checkers import chromium
from media.pictures import picture, saved
from msgspec.structs import replace
from test_build import cold, site, thread
from trees import differences, tree

from sitegen import exchange
from sitegen.config.schema import Config
from sitegen.content import content_folder, store
from sitegen.content.archive_index import ArchiveIndex
from sitegen.model import Card, Media, Post, Thread
from sitegen.site import build as builds
from sitegen.sources import Options, Source
from sitegen.sources.json_lines.importer import JsonLines

TOML = '[site]\nbase_url = "https://moor.example/"\n[build]\njson_feeds = "all"\n'
FOLD = re.compile(r'<details class="warning"><summary>Sensitive media</summary>.*?</details>', re.S)
SECRET = re.compile(r"secret|A bare heron")


def archive(*, sensitive: bool = True) -> list[Thread]:
    """Return threads with pictures, as root, reply and quote, with words and without."""
    shown = {"media": (Media("image", "media/secret.png", "A bare heron"),), "sensitive": sensitive}
    card = Card("Herons", "", "https://heron.example/", "media/secret-card.png")
    root, reply, other = thread("a", "At the weir", "Once more", "And home").posts
    alone, link, quote = (thread(f"{n}", f"Fog {n}", day=3).posts[0] for n in "bcd")
    posts: list[tuple[Post, ...]] = [
        (replace(root, **shown), replace(reply, **shown), other),
        (replace(alone, text="", **shown),),
        (replace(link, card=card, sensitive=sensitive),),
        (replace(quote, quote_of="b0"),),
    ]
    return [Thread(each[0].id, "bluesky", each) for each in posts]


def built(folder: Path, *, sensitive: bool = True) -> Config:
    """Build the site of this archive, and return its settings."""
    config = site(folder, *archive(sensitive=sensitive), toml=TOML)
    (config.content / "media").mkdir()
    for name in ("secret.png", "secret-card.png"):
        (config.content / "media" / name).write_bytes(saved(picture((640, 640)), "PNG"))
    builds.build(config)
    return config


def texts(config: Config) -> dict[str, str]:
    """Return the files of the site but its media."""
    files = tree(config.output)
    return {p: d.decode() for p, d in files.items() if not p.startswith((".", "media/", "static/"))}


def showing(config: Config) -> set[str]:
    """Return the files that show of sensitive media what is not folded away."""
    return {path for path, text in texts(config).items() if SECRET.search(FOLD.sub("", text))}


def test_sensitive_media_are_nowhere_but_in_a_fold(tmp_path: Path) -> None:
    config = built(tmp_path)
    assert showing(config) == set()
    made = texts(config)
    for path in ("index.html", "thread/bluesky-a0.html", "thread/bluesky-a1.html"):
        assert len(FOLD.findall(made[path])) >= 1
        words = "Once more" if path.endswith("a1.html") else "At the weir"
        assert words in FOLD.sub("", made[path])
    assert len(re.findall('alt="A bare heron"', made["thread/bluesky-a0.html"])) == 2
    assert "pictures.html" not in made
    assert ">Sensitive media</a></p>" in made["feed.xml"]
    assert "og:image" not in made["thread/bluesky-a0.html"]
    assert "Herons" in made["thread/bluesky-c0.html"]
    assert differences(tree(config.output), cold(config)) == []


def test_the_same_media_are_shown_in_many_places_if_they_are_not_sensitive(tmp_path: Path) -> None:
    paths = showing(built(tmp_path, sensitive=False))
    assert {
        "index.html", "pictures.html", "feed.xml", "feed.json", "thread/bluesky-a0.html",
        "thread/bluesky-a1.html", "thread/bluesky-b0.html", "thread/bluesky-c0.html",
        "thread/bluesky-d0.html", "date/2024-01.html",
    } <= paths  # fmt: skip


@pytest.mark.parametrize("closed", [{"sensitive": True}, {"warning": "Herons"}])
def test_a_file_that_another_post_shows_stays_closed_where_it_is_sensitive(
    tmp_path: Path, closed: dict[str, object]
) -> None:
    media = (Media("image", "media/secret.png", "A heron"),)
    root, reply = (replace(post, media=media) for post in thread("a", "At the weir", "Mist").posts)
    quote = replace(thread("b", "Fog", day=3).posts[0], quote_of="a1")
    posts = (root, replace(reply, **closed))
    config = site(tmp_path, Thread("a0", "bluesky", posts), Thread("b0", "bluesky", (quote,)))
    (config.content / "media").mkdir()
    (config.content / "media/secret.png").write_bytes(saved(picture((640, 640)), "PNG"))
    builds.build(config)
    made = texts(config)
    assert "thread/bluesky-a0.html" in made["pictures.html"]
    assert "a1" not in made["pictures.html"]
    assert made["search/posts/0.js"].count("media/secret") == 1
    assert "media/secret" not in made["thread/bluesky-b0.html"]


def test_a_warning_closes_words_and_media_in_one_fold(tmp_path: Path) -> None:
    post = replace(archive()[0].posts[0], warning="Herons")
    config = site(tmp_path, Thread("a0", "bluesky", (post,)))
    builds.build(config)
    page = texts(config)["thread/bluesky-a0.html"]
    assert page.count("<details") == 1
    assert "Sensitive media" not in page


def test_who_opens_media_by_hand_keeps_them_open(tmp_path: Path) -> None:
    config = built(tmp_path)
    for path in config.content.rglob("*.md"):
        text = path.read_text("utf-8")
        path.write_text(text.replace('"sensitive": true', '"sensitive": false'), "utf-8")
    store.write(store.merge(ArchiveIndex(config.content), archive(), ()))
    builds.build(config)
    assert "pictures.html" in showing(config)


def test_an_export_keeps_what_is_sensitive(tmp_path: Path) -> None:
    lines = exchange.lines(content_folder.read_archive(built(tmp_path).content))
    assert lines.count('"sensitive": true') == 4
    path = tmp_path / "posts.jsonl"
    path.write_text(lines, "utf-8")
    read = JsonLines().read(Source(path, b""), Options())
    sensitive = {post.id for thread in read.threads for post in thread.posts if post.sensitive}
    assert sensitive == {"a0", "a1", "b0", "c0"}


@pytest.mark.browser
@pytest.mark.skipif(chromium.CHROMIUM is None, reason="Chromium is not installed")
def test_sensitive_media_are_not_printed_nor_in_the_reading_view(tmp_path: Path) -> None:
    page = (built(tmp_path).output / "thread/bluesky-a0.html").as_uri()
    visible = "[...document.querySelectorAll('.media img')].some((each) => each.checkVisibility())"
    words = "document.querySelector('.e-content').checkVisibility()"
    with chromium.running(tmp_path / "profile") as browser, chromium.opened(browser, page) as tab:
        assert (tab.value(visible), tab.value(words)) == (False, True)
        tab.value("document.querySelector('.view-reading').click()")
        assert (tab.value(visible), tab.value(words)) == (False, True)
        tab.print()
        assert (tab.value(visible), tab.value(words)) == (False, True)
        tab.value("document.querySelector('.media').closest('details').open = true")
        assert tab.value(visible) is True
