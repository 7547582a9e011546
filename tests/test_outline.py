"""The headings of pages: each page has one of the first level, and nobody's words bring another."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from html import escape, unescape
from itertools import pairwise
from pathlib import Path

import html5lib
import html_trees
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_build import cold, site, thread
from test_site_people import INSTITUTION, archive, everybody
from test_sites import NAMES, copied
from trees import differences, tree

from sitegen.config import settings as configs
from sitegen.config.schema import Config
from sitegen.model import Poll, PollOption, Post, Thread
from sitegen.site import build as builds
from sitegen.site.markup import headings
from sitegen.site.markup.markdown import below_title, document_html
from sitegen.site.markup.sanitise import clean

PROJECT = Path(__file__).parent.parent
WORDS = "# First\n\nText\n\n## Second\n\n# Third\n\nSetext\n======\n\n<h1>Own</h1>\n"
HEADING = re.compile(r"h[1-6]")


def sample(folder: Path) -> Config:
    """Copy the sources of the sample site."""
    shutil.copytree(PROJECT / "content", folder / "content")
    shutil.copy(PROJECT / "sitegen.toml", folder)
    return configs.load(folder / "sitegen.toml")


def with_headings(folder: Path) -> Config:
    """Return an institution whose posts, profiles and pages all have headings of the first level."""
    config = archive(folder, f"{INSTITUTION}\n[build]\npage_size = 2\n", *everybody())
    for path in config.content.rglob("*.md"):
        path.write_text(f"{path.read_text('utf-8').rstrip()}\n\n{WORDS}", "utf-8")
    for name in ("index", "about", "guides/one"):
        path = config.content / f"{name}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(WORDS, "utf-8")
    return config


def outlines(output: Path) -> Iterator[tuple[str, list[tuple[int, str]]]]:
    """Yield each page but redirects, which nobody reads, with the levels and texts of headings."""
    for path in sorted(output.rglob("*.html")):
        root = html_trees.parse(path.read_text("utf-8"))
        if not root.findall(".//meta[@http-equiv='refresh']"):
            found = [e for e in root.iter() if isinstance(e.tag, str) and HEADING.fullmatch(e.tag)]
            name = path.relative_to(output).as_posix()
            yield name, [(int(e.tag[1]), "".join(e.itertext())) for e in found]


@pytest.mark.parametrize(
    "name", [*NAMES, "headings", pytest.param("sample", marks=pytest.mark.slow)]
)
def test_every_page_has_one_heading_of_the_first_level_and_leaves_none_out(
    name: str, tmp_path: Path
) -> None:
    own = {"sample": sample, "headings": with_headings}
    config = own[name](tmp_path) if name in own else copied(name, tmp_path)
    builds.build(config)
    kinds = 0
    for page, outline in outlines(config.output):
        levels = [level for level, _ in outline]
        assert levels[:1] == [1], page
        assert levels.count(1) == 1, page
        assert all(low <= high + 1 for high, low in pairwise(levels)), page
        kinds += 1
    assert kinds > 5


def test_a_heading_that_is_the_title_of_a_page_is_shown_once(tmp_path: Path) -> None:
    config = site(tmp_path, thread("a", "Fog."))
    files = {
        "about": "# Fog & *sea*\n\nText\n",
        "plain": "# Fog & sea\n\n## Part\n",
        "other": "---\ntitle: Another\n---\n\n# Fog\n\n# Sea\n",
        "parts": "# Fog\n\n## Banks\n\n# Sea\n",
        "index": "# Welcome\n\n## Part\n",
    }
    for name, text in files.items():
        (config.content / f"{name}.md").write_text(text, "utf-8")
    builds.build(config)
    found = dict(outlines(config.output))
    assert found["plain.html"] == [(1, "Fog & sea"), (2, "Part")]
    assert found["other.html"] == [(1, "Another"), (2, "Fog"), (2, "Sea")]
    assert found["parts.html"] == [(1, "Fog"), (2, "Fog"), (3, "Banks"), (2, "Sea")]
    assert found["about.html"] == [(1, "Fog & sea")]
    assert found["index.html"][:3] == [(1, "Ada"), (2, "Welcome"), (3, "Part")]
    assert differences(tree(config.output), cold(config)) == []


# What a page begins with, its title elsewhere, and what is in the heading above its text.
TITLES = {
    "# A *warm* night": ("A warm night", "A <em>warm</em> night"),
    "## R&D &amp; `a < b`": ("R&D & a < b", "R&amp;D &amp; <code>a &lt; b</code>"),
    "# A \\*star\\*, 2 * 3": ("A *star*, 2 * 3", "A *star*, 2 * 3"),
    "# See [the *fog*](/fog)": (
        "See the fog",
        'See <a href="/fog">the <em>fog</em></a>',
    ),
    "A **cold** night\n===": ("A cold night", "A <strong>cold</strong> night"),
    "# ![Dome](media/dome.png) by night": ("Dome by night", "[Dome] by night"),
    "# Fog[^1]\n\n[^1]: Of May.": (
        "Fog",
        'Fog<sup id="fnref-1"><a href="#fn-1">1</a></sup>',
    ),
    "---\ntitle: A *plain* title\n---\n# Fog": ("A *plain* title", "A *plain* title"),
    "---\ntitle: A warm day\n---\n# A *warm* day": ("A warm day", "A <em>warm</em> day"),
    "# First *part*\n\n# Second": ("First part", "First part"),
    "Text *alone*": ("page10", "page10"),
}


def test_a_title_has_no_markup_but_in_the_heading_above_the_text(tmp_path: Path) -> None:
    config = site(tmp_path, toml='[site]\ntitle = "Moor"\n')
    config.content.mkdir(exist_ok=True)
    names = {text: f"page{number}" for number, text in enumerate(sorted(TITLES))}
    for text, name in names.items():
        (config.content / f"{name}.md").write_text(f"{text}\n", "utf-8")
    builds.build(config)
    menu = re.findall(r'<li><a href="(page\d+)\.html">(.*?)</a>', _page(config, "index"))
    assert {name: unescape(title) for name, title in menu} == {
        names[text]: title for text, (title, _) in TITLES.items()
    }
    for text, (title, heading) in TITLES.items():
        page = _page(config, names[text])
        assert re.findall("<title>(.*?) · Moor</title>", page) == [escape(title)]
        assert re.findall('<h1 class="p-name"><bdi>(.*?)</bdi></h1>', page) == [heading]
    assert differences(tree(config.output), cold(config)) == []


def _page(config: Config, name: str) -> str:
    return (config.output / f"{name}.html").read_text("utf-8")


PIECES = ("*a*", "**b c**", "`d < e`", "&amp;", "\\*", "*", "_", "<b>f</b>", "<", ">", '"', "h", " ",
          "[i](https://a.example/?x='<')", "#", "!", "<i title='<h1>'>j</i>")  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), min_size=1).map("".join))
def test_the_words_of_a_heading_are_its_text(words: str) -> None:
    html = document_html(f"# k{words}l\n\nText\n")
    heading = html5lib.parse(html, namespaceHTMLElements=False).find(".//h1")
    assert heading is not None
    title = headings.first_words(html)
    assert headings.may_begin(f"# k{words}l\n")
    assert title == " ".join("".join(heading.itertext()).split())
    shown = html5lib.parse(headings.title_html(html, title), namespaceHTMLElements=False)
    assert [*shown.itertext()] == [*heading.itertext()]
    assert headings.without_title(html, title) == "<p>Text</p>"


def test_a_title_with_an_id_stays_a_target() -> None:
    html = below_title(document_html("# Fog\n\n[TOC]\n", ("toc",)), "Fog")
    assert html.startswith('<div id="fog"></div>\n')
    assert '<a href="#fog"' in html


PARTS = st.sampled_from(
    [
        "<p>a &lt;h1&gt;</p>",
        '<p><a href="https://a.example/" title="<h1> a <h2> > &quot;">a</a></p>',
    ]
)


@given(st.lists(st.integers(1, 6).map(lambda level: f"<h{level}>a</h{level}>") | PARTS))
def test_headings_are_lowered_alike_and_nothing_else_changes(parts: list[str]) -> None:
    html = clean("".join(parts))
    levels = [int(part[2]) for part in parts if part.startswith("<h")]
    for highest in (headings.IN_PAGES, headings.IN_POSTS):
        lowered = headings.lower(html, highest)
        steps = max(0, highest - min(levels, default=highest))
        moved = {f"<h{n}>a</h{n}>": min(6, n + steps) for n in range(1, 7)}
        expected = [f"<h{moved[p]}>a</h{moved[p]}>" if p in moved else p for p in parts]
        assert lowered == clean("".join(expected))
        assert headings.lower(lowered, highest) == lowered


def test_an_answer_of_a_poll_without_words_has_a_heading_that_can_be_read(tmp_path: Path) -> None:
    poll = Poll((PollOption("Fog", 2), PollOption(" ", 1)))
    asked = Post("a", "bluesky", "What now?", "2024-05-01T10:00:00Z", poll=poll)
    config = site(tmp_path, Thread("a", "bluesky", (asked,)))
    builds.build(config)
    page = (config.output / "thread/bluesky-a.html").read_text("utf-8")
    assert re.findall(r"<th [^>]*>([^<]*)</th>", page) == ["Fog", "–"]
