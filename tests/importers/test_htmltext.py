"""HTML of posts: the exact text comes out, and what it leads to, of anything whatever."""

from __future__ import annotations

from html import escape

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from sitegen.formats.html.post_text import HtmlText, read
from sitegen.model import Facet, Media

TEXTS = [
    ("paragraphs", "<p>One</p><p>Two</p>", "One\n\nTwo"),
    ("line breaks", "<p>One<br>two<br/>three<br />four</p>", "One\ntwo\nthree\nfour"),
    ("a last break shows nothing", "<p>One<br></p><p>Two<br></p>", "One\n\nTwo"),
    ("breaks without paragraphs", "One<br><br>Two<br/>Three", "One\n\nTwo\nThree"),
    ("an empty line of an editor", "<div>One</div><div><br></div><div>Two</div>", "One\n\nTwo"),
    ("spaces of a post", "<p>a  b \t c</p><p> d </p><p> </p><p>e</p>", "a  b \t c\n\n d \n\n \n\ne"),
    ("layout of a page", "\n<div>\n  <p>\n    One\n    two\n  </p>\n  <p>Three</p>\n</div>\n", "One two\n\nThree"),
    ("layout between elements", "<div>a <b>b</b> <i> c</i>\n d </div> <div> e</div>", "a b c d\ne"),
    ("references once", "<p>&amp;lt; &lt;b&gt; &amp;amp; &quot;&#39;&#x27;&nbsp;&eacute;</p>", "&lt; <b> &amp; \"''\xa0é"),
    ("references that are none", "<p>&zothing; & &; &# AT&T &copy2</p>", "&zothing; & &; &# AT&T ©2"),
    ("references too long", f"<p>&#{'9' * 5000};&#{'0' * 5000}65;&#x{'f' * 5000};</p>", "\ufffdA\ufffd"),
    ("signs that open no tag", "<p>1 < 2 <3 <> a<b", "1 < 2 <3 <> a<b"),
    ("scripts, styles, comments", "a<script>if (a<b) '</p>'</script><style>p{}</style><!-- <p>c --><!x><?y?></>b", "ab"),
    ("comments that end at once", "a<!-->b<!--->c<!--d--!>e<!-- f", "abce<!-- f"),
    ("templates and heads", "<head><title>t</title></head><template>a<template>b</template>c</template>d", "d"),
    ("sections of characters", "<![CDATA[a <b> &amp;]]> c", "a <b> &amp; c"),
    ("lists", "<ul><li>a</li><li>b<ul><li>c<br>d</ul></li></ul>", "- a\n- b\n  - c\n    d"),
    ("numbers", '<ol start="9"><li>a<li>b<br>c<li value="3">d<li>e</ol>', "9. a\n10. b\n    c\n3. d\n4. e"),
    ("numbers downwards", '<ol reversed start="2"><li>a<li>b</ol><ol reversed><li>c</ol>', "2. a\n1. b\n\n- c"),
    ("items of paragraphs", "a<ul><li><p>b</p><p>c</p></li></ul>d", "a\n\n- b\n\n  c\n\nd"),
    ("items of items", "<ul><li><ol><li><blockquote>a<br>b", "- 1. > a\n     > b"),
    ("quotations", "<blockquote><p>a</p><p>b</p><blockquote>c<br>d</blockquote></blockquote>e", "> a\n>\n> b\n>\n> > c\n> > d\n\ne"),
    ("code", "<p>a</p><pre><code>\nif x:\n    y()\n\nz\n</code></pre><p>b <code>c  d</code></p>", "a\n\nif x:\n    y()\n\nz\n\nb c  d"),
    ("code in a quotation", "<blockquote><pre>a\n  b</pre></blockquote>", "> a\n>   b"),
    ("ruby", "<ruby>水<rp>(</rp><rt>みず</rt><rp>)</rp></ruby><ruby>木<rt>き</rt></ruby>", "水(みず)木(き)"),
    ("tables", "<table><tr><th>a<th>b</tr><tr><td>c</td><td>d</td></tr></table>", "a | b\nc | d"),
    ("a rule and a heading", "<h2>a</h2>b<hr>c <q>d</q>", "a\n\nb\n\n---\n\nc “d”"),
    ("scripts of other directions", "<p dir=rtl>مرحبا \u2067א\u2069 \u202eb\u202c</p>", "مرحبا \u2067א\u2069 \u202eb\u202c"),
    ("emoji", '<p>a <img alt=":blob_cat:" src="https://a.example/b.png"> <img class="emoji" alt="🦊" src="x"></p>', "a :blob_cat: 🦊"),
    ("controls", "<p>a\x00b\u2028c\ud800d</p>", "a\x00b\u2028c\ud800d"),
    ("broken nesting", "<b><p>a</i></b><p>b</blockquote></ul></li><div>c</p>", "a\n\nb\n\nc"),
    ("an attribute that never ends", '<p>a <a href="x>b <b>c</b> d', "a b c d"),
    ("a tag that never ends", "<p>a</p><p title='b", "a\n\n<p title='b"),
    ("signs within values", """<p title="a>b" data-x='<p>' c=d>e</p>""", "e"),
    ("nothing", "", ""),
    ("nothing but tags", "<p><br> <span></span></p><ul><li></li></ul>", ""),
]  # fmt: skip


@pytest.mark.parametrize(("html", "text"), [t[1:] for t in TEXTS], ids=[t[0] for t in TEXTS])
def test_the_text_is_what_a_reader_sees(html: str, text: str) -> None:
    assert read(html).text == text


LINKS = [
    (
        "a link shows its whole address",
        '<p>See <a href="https://www.well.example/long/way?q=1"><span class="invisible">https://www.</span>'
        '<span class="ellipsis">well.example/long</span><span class="invisible">/way?q=1</span></a>!</p>',
        HtmlText(
            "See https://www.well.example/long/way?q=1!",
            (Facet(4, 41, "link", "https://www.well.example/long/way?q=1"),),
            ("https://www.well.example/long/way?q=1",),
        ),
    ),
    (
        "places are code points",
        '🧭 é <a href="https://a.example/">水</a>',
        HtmlText("🧭 é 水", (Facet(4, 5, "link", "https://a.example/"),), ("https://a.example/",)),
    ),
    (
        "mentions have a host",
        '<span class="h-card"><a href="https://a.example/@bo" class="u-url mention">@<span>bo</span></a></span> '
        '<a class="mention" href="https://a.example/@cy@b.example">@cy</a> '
        '<a class="u-url mention" href="https://a.example/users/x">@di@c.example</a> <a class="mention">@ed</a>',
        HtmlText(
            "@bo @cy @di@c.example @ed",
            (
                Facet(0, 3, "mention", "bo@a.example"),
                Facet(4, 7, "mention", "cy@b.example"),
                Facet(8, 21, "mention", "di@c.example"),
                Facet(22, 25, "mention", "ed"),
            ),
            mentions=("bo@a.example", "cy@b.example", "di@c.example", "ed"),
        ),
    ),
    (
        "tags",
        '<a href="https://a.example/tags/moss" class="mention hashtag" rel="tag">#<span>Moss</span></a> '
        '<a href="https://a.example/t/水" rel="tag">＃水</a> <a href="https://a.example/c" rel="tag">ferns</a>',
        HtmlText(
            "#Moss ＃水 ferns",
            (
                Facet(0, 5, "tag", "Moss"),
                Facet(6, 8, "tag", "水"),
                Facet(9, 14, "link", "https://a.example/c"),
            ),
            ("https://a.example/c",),
            tags=("Moss", "水"),
        ),
    ),
    (
        "addresses that run code, or are none",
        '<a href="javascript:alert(1)">a</a><a href=" java\tscript:b">b</a><a href="data:text/html,x">c</a>'
        '<a href="VBScript:x">d</a><a href="http://[">e</a><a href="/f">f</a><a href="//g.example">g</a><a>h</a>',
        HtmlText("abcdefgh"),
    ),
    (
        "a link within a link ends it",
        '<a href="https://a.example/">a<a href="https://b.example/?x&copy=1&amp;y">b</a>c</a>',
        HtmlText(
            "abc",
            (Facet(0, 1, "link", "https://a.example/"), Facet(1, 2, "link", "https://b.example/?x&copy=1&y")),
            ("https://a.example/", "https://b.example/?x&copy=1&y"),
        ),
    ),
    (
        "spaces are no part of a link, and one without text leads somewhere, too",
        'a<a href="https://a.example/x y">\n b\n </a>c <a href="gemini://b.example/"><img src="https://b.example/c.png" alt=""></a>',
        HtmlText(
            "a b c",
            (Facet(2, 3, "link", "https://a.example/x%20y"),),
            ("https://a.example/x%20y", "gemini://b.example/"),
            images=(Media("image", origin="https://b.example/c.png"),),
        ),
    ),
    (
        "a link over paragraphs",
        '<a href="https://a.example/"><p>a</p><p>b</p></a><p>c</p>',
        HtmlText("a\n\nb\n\nc", (Facet(0, 4, "link", "https://a.example/"),), ("https://a.example/",)),
    ),
    (
        "pictures, films and sounds",
        '<p>a<img src="https://a.example/b.jpg" alt="A &quot;b&quot;"><img src="data:image/png;base64,xx">'
        '<video><source src="https://a.example/c.mp4"><source src="https://a.example/c.webm"></video>'
        '<audio src="https://a.example/d.ogg"></audio></p>',
        HtmlText(
            "a",
            images=(
                Media("image", alt='A "b"', origin="https://a.example/b.jpg"),
                Media("image"),
                Media("video", origin="https://a.example/c.mp4"),
                Media("audio", origin="https://a.example/d.ogg"),
            ),
        ),
    ),
    (
        "the address of a quoted post is no text",
        '<p class="quote-inline">RE: <a href="https://a.example/@bo/7">a.example/…</a></p><p>Yes.</p>',
        HtmlText("Yes.", quotes=("https://a.example/@bo/7",)),
    ),
    (
        "nor is one at the end, or without an end tag",
        '<p>Yes.<span class="quote-inline"><br>RE: <span><a href="https://a.example/@bo/7">x</a></span></span></p>'
        '<p class="quote-inline">RE: <a href="https://a.example/@bo/8">y</a><p>No.',
        HtmlText("Yes.\n\nNo.", quotes=("https://a.example/@bo/7", "https://a.example/@bo/8")),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("html", "found"), [t[1:] for t in LINKS], ids=[t[0] for t in LINKS])
def test_links_mentions_tags_and_pictures(html: str, found: HtmlText) -> None:
    assert read(html) == found


def test_relative_addresses_are_those_of_the_base() -> None:
    html = '<a href="../b?c#d">a</a><a href="//e.example">b</a><a href="#f">c</a><img src="g.png">'
    assert read(html, "https://a.example/x/y/") == HtmlText(
        "abc",
        (
            Facet(0, 1, "link", "https://a.example/x/b?c#d"),
            Facet(1, 2, "link", "https://e.example"),
            Facet(2, 3, "link", "https://a.example/x/y/#f"),
        ),
        ("https://a.example/x/b?c#d", "https://e.example", "https://a.example/x/y/#f"),
        images=(Media("image", origin="https://a.example/x/y/g.png"),),
    )


NEVER_ENDING = [
    "<a ", "<a b='", '<a b="<c>" ', "<a<", "</", "<!--", "<!-- -->", "<![CDATA[", "<?", "<script>", "<script></", "&", "&#1",
    "<div>", "<blockquote>", "<ul><li>", "<ol><li>a", "<template>", "<p class=quote-inline>", "<a href=x>", "<pre>\n",
    "<ul></blockquote>", "<span class=invisible>", " \n", "<br>", "<table><td>",
]  # fmt: skip


@pytest.mark.parametrize("part", NEVER_ENDING)
@pytest.mark.parametrize("end", ["", "'>"])
@pytest.mark.parametrize("count", [3_000, pytest.param(100_000, marks=pytest.mark.slow)])
def test_very_many_of_anything_are_read_at_once(part: str, end: str, count: int) -> None:
    """Any recursion fails here; whatever is quadratic takes minutes, of the larger number."""
    assert len(read(part * count + end).text) <= len(part) * 4 * count


# What Mastodon makes of a post (app/lib/text_formatter.rb): escaped, links, mentions and tags
# as elements, blank lines between paragraphs, other line ends as breaks.

PLAIN = st.text(
    alphabet=st.characters(exclude_characters="\r\n", exclude_categories=()), max_size=12
)
PATHS = st.text(alphabet="abcXYZ019/_-.~?=&;+%()é水", max_size=50)
NAMES = st.text(alphabet="abcXYZ_09", min_size=1, max_size=8)
HOSTS = st.sampled_from(["a.example", "münchen.example", "long-name.social.example"])
Piece = tuple[str, str, str, str]


@st.composite
def plain(draw: st.DrawFn) -> Piece:
    text = draw(
        PLAIN | st.sampled_from(["&amp;lt;", "<p>", "  ", "\t", "&copy=", "\u202e", "]]>", "--"])
    )
    return text, escape(text), "", ""


@st.composite
def link(draw: st.DrawFn) -> Piece:
    www = draw(st.sampled_from(["https://", "https://www.", "http://"]))
    rest = f"{draw(HOSTS)}/{draw(PATHS)}"
    shown, hidden = rest[:30], rest[30:]
    cut = ' class="ellipsis"' if hidden else ' class=""'
    html = (
        f'<a href="{escape(www + rest)}" target="_blank" rel="nofollow noopener noreferrer" translate="no">'
        f'<span class="invisible">{www}</span><span{cut}>{escape(shown)}</span>'
        f'<span class="invisible">{escape(hidden)}</span></a>'
    )
    return www + rest, html, "link", www + rest


@st.composite
def mention(draw: st.DrawFn) -> Piece:
    name, host = draw(NAMES), draw(HOSTS)
    html = f'<span class="h-card" translate="no"><a href="https://{host}/@{name}" class="u-url mention">@<span>{name}</span></a></span>'
    return f"@{name}", html, "mention", f"{name}@{host}"


@st.composite
def tag(draw: st.DrawFn) -> Piece:
    name = draw(NAMES)
    html = f'<a href="https://a.example/tags/{name.lower()}" class="mention hashtag" rel="tag">#<span>{name}</span></a>'
    return f"#{name}", html, "tag", name


LINES = st.lists(plain() | link() | mention() | tag(), min_size=1, max_size=5)
POSTS = st.lists(st.lists(LINES, min_size=1, max_size=3), max_size=3)


@given(POSTS)
@example([[[("&amp;lt; ", "&amp;amp;lt; ", "", "")], [(" ", " ", "", "")], [("b", "b", "", "")]]])
def test_what_mastodon_makes_of_a_post_is_that_post_again(
    paragraphs: list[list[list[Piece]]],
) -> None:
    text, html, facets = "", "", []
    for paragraph in paragraphs:
        text += "\n\n" if text else ""
        html += "<p>"
        for number, line in enumerate(paragraph):
            text += "\n" if number else ""
            html += "<br />" if number else ""
            for shown, written, kind, value in line:
                if kind in ("link", "mention", "tag"):
                    facets.append((len(text), len(text) + len(shown), kind, value))
                text, html = text + shown, html + written
        html += "</p>"
    assume(all("".join(p[0] for p in line) for paragraph in paragraphs for line in paragraph))
    assume(text == text.strip(" \t\n\f"))
    found = read(html)
    assert found.text == text
    assert [(f.start, f.end, f.kind, f.value) for f in found.facets] == facets


MARKUP = st.sampled_from(
    ["<p>", "</p>", "<br>", "<a href='https://a.example/'>", "</a>", "<ul>", "<ol start=-5>", "<li>", "</ul>", "<blockquote>",
     "</blockquote>", "<pre>", "</pre>", "<span class='quote-inline'>", "</span>", "<p class=quote-inline>", "<!--", "-->",
     "<script>", "</script>", "<template>", "</template>", "<img alt=':a:'>", "<td>", "<rt>", "<q>", "<", ">", "&", "'", '"', "\n", " "]
)  # fmt: skip


@given(st.lists(MARKUP | PLAIN, max_size=30).map("".join))
def test_anything_is_read_and_facets_are_in_order_within_the_text(html: str) -> None:
    found = read(html, "https://a.example/")
    ends = [0] + [f.end for f in found.facets]
    assert all(before <= f.start < f.end for before, f in zip(ends, found.facets, strict=False))
    assert ends[-1] <= len(found.text)
    assert all(found.text[f.start : f.end].strip() for f in found.facets)
    assert not found.text.endswith((" ", "\n"))


@given(st.text(st.characters(exclude_characters="\r\n\t\f ")))
def test_escaped_text_comes_out_as_it_was(text: str) -> None:
    assert read(escape(text)).text == text
