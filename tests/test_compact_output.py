"""What pages and feeds leave out to be small, without a loss for those who read them."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path
from urllib.parse import quote, unquote

from english import ENGLISH
from hypothesis import given
from hypothesis import strategies as st
from test_build import site, thread

from sitegen.config.schema import Config
from sitegen.model import Thread
from sitegen.site import build as builds
from sitegen.site import url_encoding
from sitegen.site.outputs.entry_html import Resolve
from sitegen.site.outputs.feeds import FeedEntries
from sitegen.site.parsing.file_reader import Reader
from sitegen.site.render import theme
from sitegen.site.render.renderer import Renderer
from sitegen.site.views.contexts import FeedContext, Page
from sitegen.site.views.links import Feed
from sitegen.site.views.page_refs import ThreadPart
from sitegen.site.views.summary import Entry
from sitegen.site.views.template_values import PostView, SiteView

ATOM = "{http://www.w3.org/2005/Atom}"
TOML = '[site]\ntitle = "Ada"\nbase_url = "https://ada.example/"\n'
POST = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8">
POLICY
<meta name="viewport" content="width=device-width"><meta name="referrer" content="same-origin">
<title>Two. · Ada</title>
<meta name="description" content="Ada">
<link rel="icon" href="../static/favicon.svg">
<link rel="stylesheet" href="../static/style.css">
</head><body class="kind-post">
<header class="masthead">
<p class="masthead-title"><a href="../index.html"><bdi>Ada</bdi></a></p>
</header>
<main>
<h1 class="place">Post 2 of 2 in <a href="bluesky-a0.html#post-a1">One.</a></h1>
<article class="post h-entry">
<header class="post-head"><h2 class="when"><a class="u-url u-uid" href="bluesky-a1.html"><time class="dt-published" datetime="2024-01-02T10:01:00Z">2 January 2024, 10:01</time></a></h2></header>
<div class="e-content text"><p>Two.</p></div>
</article>
<nav class="ways"><a class="way-previous" rel="prev" href="bluesky-a0.html">Previous post</a></nav>
</main>
</body></html>"""


def built(folder: Path, *threads: Thread, toml: str = "") -> Config:
    config = site(folder, *threads, toml=TOML + toml)
    builds.build(config)
    return config


def test_the_page_of_a_reply_has_the_reply_and_its_place(tmp_path: Path) -> None:
    config = site(tmp_path, thread("a", "One.", "Two."))
    builds.build(config)
    text = (config.output / "thread/bluesky-a1.html").read_text("utf-8")
    assert re.sub(r"<meta http-equiv=.*>", "POLICY", text) == POST


def test_a_post_about_which_there_is_nothing_to_say_has_no_footer(tmp_path: Path) -> None:
    config = built(tmp_path, thread("a", "One.", "Two."))
    text = (config.output / "thread/bluesky-a0.html").read_text("utf-8")
    assert "post-foot" not in text
    assert "\n\n" not in text


def test_pages_link_to_names_in_any_script_as_they_are(tmp_path: Path) -> None:
    config = built(tmp_path, thread("a", "One.", tags=("ветер", "50%")))
    text = (config.output / "thread/bluesky-a0.html").read_text("utf-8")
    links = re.findall(r'rel="tag" href="\.\./([^"]+)"', text)
    assert links[0] == "tag/ветер.html"
    assert all((config.output / unquote(link)).is_file() for link in links)
    sitemap = (config.output / "sitemap.xml").read_text("utf-8")
    assert f"<loc>https://ada.example/tag/{quote('ветер')}.html</loc>" in sitemap


@given(st.text())
def test_both_spellings_of_an_address_lead_to_the_same_file(path: str) -> None:
    as_is = url_encoding.iri(path)
    assert unquote(as_is) == unquote(url_encoding.percent_encode(path))
    assert not set(as_is) & set(' "<>\\^`{|}?%\x7f\u202e') - {"%"}
    assert all(c < "\x7f" or c.isprintable() for c in as_is)


def test_a_feed_has_html_that_ends_like_cdata_and_control_characters(tmp_path: Path) -> None:
    config = built(tmp_path, thread("a", "x]]>y & <b> \x0b z"))
    feed = ET.fromstring((config.output / "feed.xml").read_text("utf-8"))
    content = [entry.findtext(f"{ATOM}content") for entry in feed.iter(f"{ATOM}entry")]
    assert content == ["<p>x]]&gt;y &amp; &lt;b&gt; \ufffd z</p>"]


def test_an_entry_is_rendered_once_for_all_feeds_that_have_it(tmp_path: Path) -> None:
    config = site(tmp_path, thread("a", "One.", "Two."), toml=TOML)
    reader = Reader(config.content, ENGLISH)
    (source,) = (
        path.relative_to(config.content) for path in config.content.rglob("threads/**/*.md")
    )
    entry = reader.item(source.as_posix())
    assert isinstance(entry, Entry)
    renderer = Renderer(theme.load(config), config, ENGLISH, reader)
    renderer.threads.entries = {entry.source: entry}
    rendered: list[str] = []

    def body(view: PostView, place: Resolve) -> str:
        rendered.append(view.post.id)
        return renderer.post_body(view, place)

    entries = FeedEntries(renderer.threads.thread, body, renderer.credited, ENGLISH)
    part = ThreadPart(entry.source, characters=2_000)
    site_view = SiteView(
        "Ada", "", "en", "ltr", "https://ada.example/", None, (), (), (), (), (), (), ""
    )
    feeds = [FeedContext((part,), f"tag/{n}.html", Feed("", "", "")) for n in "ab"]
    pages = [
        Page(f"tag/{n}.xml", "atom.xml", feed, "") for n, feed in zip("ab", feeds, strict=True)
    ]
    both = [entries.of(page, site_view, feed) for page, feed in zip(pages, feeds, strict=True)]
    assert both[0] == both[1]
    assert rendered == ["a0", "a1"]


def test_the_feed_of_a_tag_has_as_many_threads_as_the_settings_say(tmp_path: Path) -> None:
    threads = [thread(f"t{n:02}", f"Post {n}.", tags=("fog",)) for n in range(12)]

    def entries(name: str, toml: str) -> int:
        config = built(tmp_path / name, *threads, toml=toml)
        return (config.output / "tag/fog.xml").read_text("utf-8").count("<entry>")

    assert entries("a", "") == 10
    assert entries("b", "[build]\ntag_feed_size = 3\nfeed_size = 1\n") == 3
