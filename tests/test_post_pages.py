"""The page of each post of a thread: what link previews show of it, and when it is made again."""

from __future__ import annotations

from pathlib import Path

import html_trees
import pytest
from msgspec.structs import replace
from test_build import cold, site, thread
from trees import differences, tree

from sitegen.config.schema import Config
from sitegen.model import Author, Media, Thread
from sitegen.site import build as builds

BASE = "https://ada.example/"
TOML = f'[site]\ntitle = "The moor"\nbase_url = "{BASE}"\n'
LONG = (
    "The ice let go of the dome in one long sigh, and nobody had a microphone ready to record it."
)
PNG = b"\x89PNG\r\n\x1a\n"


def posts(*texts: str, handle: str = "ada@moor.example") -> Thread:
    """Return a thread on Mastodon, each post with its own picture."""
    author = Author(handle, "https://moor.example/users/ada", "Ada")
    members = [
        replace(
            post,
            network="mastodon",
            author=author,
            media=(Media("image", f"media/{at}.png", f"Picture {at}"),),
        )
        for at, post in enumerate(thread("p", *texts).posts)
    ]
    return Thread("p0", "mastodon", tuple(members))


def built(folder: Path, written: Thread, toml: str = TOML) -> Config:
    config = site(folder, written, toml=toml)
    (config.content / "media").mkdir()
    for at in range(len(written.posts)):
        (config.content / f"media/{at}.png").write_bytes(PNG + bytes([at]))
    builds.build(config)
    return config


def head(config: Config, name: str) -> dict[str, str]:
    """Return the title of a page, its canonical address, and its metadata by name."""
    text = (config.output / f"thread/mastodon-{name}.html").read_text("utf-8")
    root = html_trees.parse(text)
    found = {
        "title": root.findtext("head/title") or "",
        **{link.attrib["rel"]: link.attrib["href"] for link in root.findall("head/link")},
    }
    for meta in root.findall("head/meta"):
        for name in ("name", "property"):
            if name in meta.attrib:
                found[meta.attrib[name]] = meta.attrib["content"]
    return {
        n: v
        for n, v in found.items()
        if n not in ("viewport", "color-scheme", "referrer", "icon", "stylesheet")
    }


def test_a_card_of_a_post_has_its_words_its_author_and_its_picture(tmp_path: Path) -> None:
    config = built(tmp_path, posts("First.", LONG, "Third."))
    title = "The ice let go of the dome in one long sigh, and nobody had a…"
    address = f"{BASE}thread/mastodon-p1.html"
    assert head(config, "p1") == {
        "title": f"{title} · The moor",
        "description": LONG,
        "og:description": LONG,
        "canonical": address,
        "og:url": address,
        "og:type": "article",
        "og:title": f"{title} · Ada",
        "og:site_name": "The moor",
        "author": "Ada",
        "og:author": "Ada",
        "fediverse:creator": "@ada@moor.example",
        "og:image": f"{BASE}media/1.png",
        "og:image:alt": "Picture 1",
        "twitter:card": "summary_large_image",
        "article:published_time": "2024-01-02T10:01:00Z",
    }


def test_a_card_of_a_thread_has_the_address_and_the_author_of_the_thread(tmp_path: Path) -> None:
    config = built(tmp_path, posts("First.", "Second."))
    found = head(config, "p0")
    assert found["og:url"] == found["canonical"] == f"{BASE}thread/mastodon-p0.html"
    names = ("og:title", "og:author", "fediverse:creator", "og:image", "og:image:alt")
    assert [found[name] for name in names] == [
        "First. · Ada", "Ada", "@ada@moor.example", f"{BASE}media/0.png", "Picture 0",
    ]  # fmt: skip


def test_a_card_shows_nothing_of_what_is_behind_a_warning(tmp_path: Path) -> None:
    written = posts("First.", "Second.", "Third.")
    members = list(written.posts)
    members[1] = replace(members[1], warning="Spiders")
    members[2] = replace(members[2], media=members[1].media)  # the same, without a warning
    config = built(tmp_path, replace(written, posts=tuple(members)))
    found = head(config, "p1")
    assert found["title"] == "Spiders · The moor"
    assert found.keys() & {"og:image", "og:image:alt", "twitter:card"} == set()
    assert "Second" not in str(found)
    assert head(config, "p2")["og:image"] == f"{BASE}media/1.png"
    after = (config.output / "thread/mastodon-p2.html").read_text("utf-8")
    assert "Second" not in after


def test_without_an_address_a_page_has_only_its_title_and_author(tmp_path: Path) -> None:
    config = built(tmp_path, posts("First.", LONG), toml="")
    title = "The ice let go of the dome in one long sigh, and nobody had a… · Ada"
    assert head(config, "p1") == {"title": title, "description": "Ada"}


@pytest.mark.parametrize("handle", ["ada", "@moor.example", "ada@"])
def test_an_account_without_its_server_is_no_creator(handle: str, tmp_path: Path) -> None:
    config = built(tmp_path, posts("First.", "Second.", handle=handle))
    assert "fediverse:creator" not in head(config, "p1")


def test_an_edit_makes_the_page_of_the_post_again_and_those_that_show_it(tmp_path: Path) -> None:
    config = built(tmp_path, posts(*(f"Words {n}." for n in range(9))))
    path = next(config.content.rglob("*.md"))
    path.write_text(path.read_text("utf-8").replace("Words 4.", "Other words."), "utf-8")
    written = {name for name in builds.build(config).written if name.startswith("thread/")}
    assert written == {f"thread/mastodon-p{n}.html" for n in (0, 4, 5)}  # the thread, its reply
    assert not differences(tree(config.output), cold(config))


def test_a_title_makes_all_pages_of_the_thread_again(tmp_path: Path) -> None:
    config = built(tmp_path, posts("First.", "Second.", "Third."))
    path = next(config.content.rglob("*.md"))
    path.write_text(path.read_text("utf-8").replace('title: "First."', 'title: "Ice"'), "utf-8")
    written = {name for name in builds.build(config).written if name.startswith("thread/")}
    assert written == {f"thread/mastodon-p{n}.html" for n in (0, 1, 2)}
    text = (config.output / "thread/mastodon-p2.html").read_text("utf-8")
    place = '<a href="mastodon-p0.html#post-p2">Ice</a>'
    assert f'<h1 class="place">Post 3 of 3 in {place}</h1>' in text
    assert not differences(tree(config.output), cold(config))
