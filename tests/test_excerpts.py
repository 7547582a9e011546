"""How much of a long thread timelines and feeds show, and the way to the rest."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from test_build import site, thread
from test_growth import long, one, post, tagged
from trees import tree

from sitegen.config import settings as configs
from sitegen.content.format.stored import StoredPost
from sitegen.model import Card, Facet, Media, Post, Thread
from sitegen.site import build as builds
from sitegen.site import urls
from sitegen.site.views.excerpts import FACET_COST, MIN_TEXT, excerpt

TOML = """[site]
base_url = "https://ada.example/"
[build]
json_feeds = "all"
tag_feed_threads = 1
"""
WORDS = "Fog comes over the moor. "
REST = "The rest of this post"


def built(folder: Path, threads: list[Thread]) -> dict[str, str]:
    """Build a site; return its texts."""
    config = site(folder, *threads, toml=TOML)
    builds.build(config)
    return {name: data.decode() for name, data in tree(config.output).items()}


def test_a_long_post_is_cut_everywhere_but_on_its_own_page(tmp_path: Path) -> None:
    text = WORDS * 2_000 + "The end."
    files = built(tmp_path, one(text=text, tags=("moor",)))
    assert "The end." in files["thread/bluesky-p0.html"]
    assert REST not in files["thread/bluesky-p0.html"]
    most = {"index.html": 700, "feed.xml": 20_000, "feed.json": 20_000, "tag/moor.xml": 2_000,
            "tag/moor.json": 2_000, "profile/bluesky-ada.example.xml": 2_000}  # fmt: skip
    for name, length in most.items():
        assert "The end." not in files[name], name
        assert length * 0.9 < files[name].count("Fog comes") * len(WORDS) <= length + 300, name
        assert files[name].count(REST) == 1, name
        assert "thread/bluesky-p0.html" in files[name].partition(REST)[0][-80:], name


def test_an_ordinary_thread_is_whole_everywhere(tmp_path: Path) -> None:
    files = built(tmp_path, long([post(n, text=f"{WORDS}{n}", tags=("moor",)) for n in range(5)]))
    for name in ("feed.xml", "feed.json", "tag/moor.xml", "tag/moor.json"):
        assert files[name].count("Fog comes") >= 5, name
    assert not [name for name, text in files.items() if REST in text or "more tag" in text]


def test_a_feed_of_a_tag_says_how_many_posts_there_are_besides(tmp_path: Path) -> None:
    files = built(tmp_path, long([post(n, text=WORDS, tags=("moor",)) for n in range(50)]))
    assert "30 more posts in this thread" in files["tag/moor.json"]
    assert (
        '<a href=\\"https://ada.example/thread/bluesky-p0.html\\">30 more' in files["tag/moor.json"]
    )
    assert "more posts" not in files["feed.json"]
    assert "49 more posts in this thread" in files["index.html"]


def test_eight_tags_stand_on_the_front_page_and_a_link_to_the_rest(tmp_path: Path) -> None:
    files = built(tmp_path, tagged(25))
    assert files["index.html"].count('rel="tag"') == 8
    assert 'thread/bluesky-p0.html">17 more tags</a>' in files["index.html"]
    assert 'rel="tag"' not in files["tag/t3.html"]  # a line has none
    assert files["thread/bluesky-p0.html"].count('rel="tag"') == 25
    assert files["feed.xml"].count("<category ") == 20


def test_long_tags_leave_room_for_fewer(tmp_path: Path) -> None:
    tags = tuple(f"{'fog' * 20}{n}" for n in range(5))
    files = built(tmp_path, one(text="Fog", tags=tags))
    assert files["index.html"].count('rel="tag"') == 1
    assert 'thread/bluesky-p0.html">4 more tags</a>' in files["index.html"]


@pytest.mark.parametrize("count", [1, 8])
def test_up_to_eight_tags_all_stand_there(tmp_path: Path, count: int) -> None:
    files = built(tmp_path, tagged(count))
    assert files["index.html"].count('rel="tag"') == count
    assert "more tag" not in files["index.html"]


texts = st.text("ab \n#é", max_size=900)


@given(st.lists(texts, min_size=1, max_size=4), st.integers(50, 900), st.integers(0, 9))
def test_an_excerpt_is_the_beginning_of_a_thread(
    parts: list[str], characters: int, links: int
) -> None:
    posts = tuple(
        StoredPost(
            Post(str(at), "x", text, facets=tuple(
                Facet(n * 9, n * 9 + 5, "link", "https://a.example/") for n in range(links)
                if n * 9 + 5 <= len(text)
            ), media=tuple(Media("image", None, "A hill") for _ in range(links))),
            None, False,
        )
        for at, text in enumerate(parts)
    )  # fmt: skip
    found = excerpt(posts, characters)
    assert 1 <= len(found.posts) <= len(posts)
    for shown, stored in zip(found.posts, posts, strict=False):
        kept = shown.post.text.removesuffix("…") if found.is_cut else shown.post.text
        assert stored.post.text.startswith(kept)
        assert set(shown.post.facets) <= set(stored.post.facets)
        assert all(facet.end <= len(shown.post.text) for facet in shown.post.facets)
        length = len(shown.post.text) + FACET_COST * len(shown.post.facets)
        assert length <= max(characters, MIN_TEXT) + 2
    if not found.is_cut:
        assert found.posts == posts[: len(found.posts)]


def test_other_markdown_is_cut_as_the_text_that_it_shows(tmp_path: Path) -> None:
    config = site(tmp_path, *one(text="Fog"), toml="")
    path = next(config.content.rglob("*.md"))
    path.write_text(path.read_text("utf-8") + "\n# Hills\n\n" + "*Rain* and wind. " * 900, "utf-8")
    builds.build(configs.load(tmp_path / "sitegen.toml"))
    text = (config.output / "index.html").read_text("utf-8")
    assert REST in text
    assert "Hills" in text
    assert "<em>" not in text
    assert "<em>Rain</em>" in (config.output / "thread/bluesky-p0.html").read_text("utf-8")


@pytest.mark.parametrize("warning", ["Of foxes", ""])
def test_a_feed_has_nothing_of_what_is_behind_a_warning(tmp_path: Path, warning: str) -> None:
    media = (Media("image", "media/a.png", "Alt secret"), Media("image", None, "Gone secret"))
    card = Card("Card secret", "About secret", "https://secret.example/")
    root, reply = thread("a", "Open words", "Text secret", day=2).posts
    warned = replace(
        reply, warning=warning, media=media, card=card, quote_of="b0", links=(card.url or "",)
    )
    closed = Thread("a0", "bluesky", (root, warned))
    config = site(tmp_path, closed, thread("b", "Quoted secret", day=1), toml=TOML)
    (config.content / "media").mkdir()
    (config.content / "media/a.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    builds.build(config)
    for name in ("feed.xml", "feed.json"):
        text = (config.output / name).read_text("utf-8").replace('\\"', '"').replace("\\n", "\n")
        link = f'<a href="https://ada.example/{urls.post("bluesky", "a1")}">Show this post</a>'
        shown = f"<p>Content warning: <strong>{warning}</strong></p>\n<p>{link}</p>"
        assert f"<p>Open words</p>\n<hr>\n{shown}" in text
        # The quoted post has an entry of its own, below.
        assert re.findall(r"\w+ secret|media/", text) == ["Quoted secret"] * 2
