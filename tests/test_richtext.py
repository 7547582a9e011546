"""Text and links into Markdown and back, character by character."""

from __future__ import annotations

import re
import time
from xml.etree.ElementTree import Element

import html5lib
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from posts import PostText, posts, texts

from sitegen.model import Facet
from sitegen.text.richtext import Parsed, from_markdown, is_safe_url, locate, plain, to_markdown

URL = "https://example.org/one_two"


def link(text: str, display: str, url: str = URL) -> Facet:
    start = text.index(display)
    return Facet(start, start + len(display), "link", url)


@given(posts())
def test_what_was_written_is_read_back_exactly(post: PostText) -> None:
    text, facets = post
    body = to_markdown(text, facets)
    body.encode()
    assert from_markdown(body) == Parsed(text, facets)


@given(texts)
def test_a_text_is_written_alike_as_a_whole_and_piece_by_piece(text: str) -> None:
    never_a_link = Facet(0, 1, "mention", "ada.example")
    assert to_markdown(text, ()) == to_markdown(text, (never_a_link,))


@given(posts())
def test_an_editor_may_trim_line_ends_and_change_them(post: PostText) -> None:
    body = to_markdown(*post)
    trimmed = re.sub(r" +\n", "\n", body)
    assert from_markdown(trimmed) == Parsed(*post)
    assert from_markdown("\n" + body.replace("\n", "\r\n") + "\r\n\r\n") == Parsed(*post)


@given(posts())
def test_a_commonmark_renderer_shows_exactly_the_characters(post: PostText) -> None:
    text, facets = post[0].replace("\r", "x"), post[1]
    html = MarkdownIt("commonmark").render(to_markdown(text, facets))
    assert _visible(html) == _representable(text)
    assert html.count("<a ") == len(facets)


def _representable(text: str) -> str:
    """Return the text as markdown-it shows what it does not take for characters."""
    controls = "[\x00-\x08\x0b\x0e-\x1f\x85\ud800-\udfff]"
    return re.sub(controls, "\ufffd", text)


def _visible(html: str) -> str:
    root = html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=False)
    assert {child.tag for child in root} <= {"p"}
    return "\n\n".join(_inner(paragraph) for paragraph in root)


def _inner(element: Element) -> str:
    text = element.text or ""
    for child in element:
        if child.tag == "br":
            tail = child.tail or ""
            assert tail.startswith("\n")
            text += tail
        else:
            assert child.tag == "a"
            text += _inner(child) + (child.tail or "")
    return text


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("", ""),
        ("Plain words - 3.5 (really!) at 5 > 3 & 2 < 4.", None),
        ("one\ntwo\n\nthree", "one  \ntwo\n\nthree"),
        ("\none\n\n\n\ntwo\n", "&#10;one\n\n&#10;&#10;two&#10;"),
        ("  in  side  ", "&#32; in  side &#32;"),
        ("\u3000ideographic\xa0", "&#12288;ideographic&#160;"),
        ("a\tb\r\x02\x85", "a&#9;b&#13;&#2;&#x110085;"),
        ("\x00\ud800", "&#0;&#xD800;"),
        ("# One #two", "\\# One #two"),
        ("- a\n-1 b\n+ c\n* d\n1. e\n2) f\n3/ g", None),
        ("> quoted\n=====\n---\n-- Ann", "\\> quoted  \n&#61;====  \n\\---  \n-- Ann"),
        ("snake_case __VA_ARGS__ 2 * 3 *how*", "snake_case \\_\\_VA_ARGS\\_\\_ 2 * 3 \\*how\\*"),
        ("[x](y) ![z] `c` \\", "\\[x\\](y) !\\[z\\] \\`c\\` \\\\"),
        ("<b> &lt; AT&T R&D &#1 <!-- x -->", None),
        ("{{< shortcode >}} {% tag %}", "\\{\\{< shortcode >}} \\{% tag %}"),
        ("~5 km, ~~no~~ H~2~O", "&#126;5 km, &#126;&#126;no&#126;&#126; H&#126;2&#126;O"),
        ("about ~5 km", "about ~5 km"),
        ("|a|b|\n|-|-|\n:-)\n: d", "&#124;a|b|  \n&#124;-|-|  \n:-)  \n&#58; d"),
        ("www.example.org/economic-ind...", "www\\.example.org/economic-ind..."),
        ("see https://example.org", "see https&#58;//example.org"),
        ("\u0661. one", "\u0661\\. one"),
        ("    four\n\tcode", "&#32;   four  \n&#9;code"),
        ("😀 שלום مرحبا 日本語 #タグ", None),
    ],
)
def test_escapes_stand_only_where_they_are_needed(text: str, body: str | None) -> None:
    if body is None:
        body = {
            "- a": "\\- a  \n-1 b  \n\\+ c  \n\\* d  \n1\\. e  \n2\\) f  \n3/ g",
            "<b>": "&lt;b> &amp;lt; AT&T R&D &amp;#1 &lt;!-- x -->",
        }.get(text[:3], text)
    assert to_markdown(text, ()) == body
    assert from_markdown(body) == Parsed(text, ())


@pytest.mark.parametrize(
    ("text", "display", "url", "body"),
    [
        (f"see {URL}.", URL, URL, f"see <{URL}>."),
        ("see here!", "here", URL, f"see [here]({URL})!"),
        ("wow!here", "here", URL, f"wow\\![here]({URL})"),
        ("a_b", "b", URL, f"a\\_[b]({URL})"),
        ("a b c", " b ", URL, f"a[&#32;b&#32;]({URL})c"),
        ("a\nb", "a\nb", URL, f"[a&#10;b]({URL})"),
        ("[x]: y", "[x]: y", URL, f"[\\[x&#93;: y]({URL})"),
        ("write", "write", "mailto:ann@example.org", "[write](mailto:ann@example.org)"),
        (
            "x",
            "x",
            "https://example.org/(a)?b&lt;",
            "[x](https://example.org/&#40;a&#41;?b&amp;lt;)",
        ),
        ("x", "x", "javascript:alert(1)", "x"),
        ("x", "x", "//example.org", "x"),
        ("x", "x", "https://example.org/\u2028", "x"),
    ],
)
def test_links_are_written_where_they_are_safe(
    text: str, display: str, url: str, body: str
) -> None:
    facets = (link(text, display, url),)
    assert to_markdown(text, facets) == body
    assert from_markdown(body) == Parsed(text, facets if is_safe_url(url) else ())


def test_mentions_and_tags_stay_text_and_overlaps_are_left_out() -> None:
    text = "@ann #tag here"
    facets = (
        Facet(0, 4, "mention", "ann"), Facet(5, 9, "tag", "tag"), link(text, "here"),
        Facet(12, 14, "link", "https://example.org/late"), Facet(11, 99, "link", URL),
    )  # fmt: skip
    assert to_markdown(text, facets) == f"@ann #tag [here]({URL})"


@pytest.mark.parametrize(
    "body",
    [
        "**bold**", "a *b* c", "_a_", "# Heading", "- item", "1. item", "> quote", "    code",
        " indented", "`code`", "```\ncode\n```", "~~gone~~", "![alt](x.png)", "[a](relative.html)",
        "[a](javascript:x)", '[a](https://example.org "title")', "[a][b]", "[a]: https://example.org",
        "<b>x</b>", "<!-- x -->", "<ann@example.org>", "&copy;", "&#150;", "&#x110000;", "a\\\nb",
        "a\\q", "a\tb", "a\x01b", "Title\n=====", "---", "|-|", "x\n: definition", "{.class}",
        "[ a ](https://example.org)", "[<https://example.org>](https://example.org)",
    ],
)  # fmt: skip
def test_real_markdown_is_left_to_the_real_renderer(body: str) -> None:
    assert from_markdown(body) is None


def test_text_that_a_person_adds_without_markup_is_text() -> None:
    body = 'AT&T: see https://example.org/a (5 * 4) #one\nnext "line"\n\n\n\nlast &quot;\\.\n'
    text = 'AT&T: see https://example.org/a (5 * 4) #one\nnext "line"\n\nlast ".'
    assert from_markdown(body) == Parsed(text, ())


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://example.org", True),
        ("HTTP://example.org:80/a?b#c", True),
        ("https://例え.jp/é", True),
        ("https://[::1]/", True),
        ("mailto:ann@example.org", True),
        ("https://ann@example.org/", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("vbscript:x", False),
        ("//example.org", False),
        ("/a", False),
        ("https:example.org", False),
        ("https:///example.org", False),
        ("https://exa mple.org", False),
        ("https://a.org/\t", False),
        ("java\nscript:x", False),
        ("\x01https://a.org", False),
        ("https://a.org/\u3000", False),
        ("https://a.org\n", False),
        ("https://\ud800/", False),
        ("https://a.org\\@b.org", False),
        ("mailto:", False),
        ("", False),
        ("ftp://example.org", False),
    ],
)
def test_only_plain_web_and_mail_addresses_are_safe(url: str, safe: bool) -> None:
    assert is_safe_url(url) is safe


@pytest.mark.parametrize(
    ("text", "links", "found"),
    [
        (f"({URL})", [URL], [URL]),
        ("at example.org/one_two, yes", [URL], ["example.org/one_two"]),
        ("at example.org!", ["https://example.org/"], ["example.org"]),
        ("example.org/one... and example.org/one…", ["https://example.org/one"], []),
        ("https://example.org/one/two", ["https://example.org/one"], []),
        ("https://example.org/one.html", ["https://example.org/one"], []),
        ("notexample.org/a me@example.org/a", ["https://example.org/a"], []),
        ("https://example.org/aを", ["https://example.org/a"], ["https://example.org/a"]),
        (f"{URL}/3 {URL}", [URL, f"{URL}/3"], [f"{URL}/3", URL]),
        ("javascript:x x", ["javascript:x", ""], ["javascript:x"]),
    ],
)
def test_links_are_found_where_they_stand_alone(
    text: str, links: list[str], found: list[str]
) -> None:
    facets = locate(text, links, (), ())
    assert [text[f.start : f.end] for f in facets] == found
    assert all(f.value in links for f in facets)


@pytest.mark.parametrize(
    ("text", "mentions", "tags", "found"),
    [
        (
            "@Ann.Example.org: hi",
            ["ann.example.org"],
            [],
            [("@Ann.Example.org", "ann.example.org")],
        ),
        (".@ann, @annie x@ann @ann@b.org", ["ann"], [], [("@ann", "ann")]),
        (
            "@ann and @ann@b.org",
            ["ann@b.org"],
            [],
            [("@ann", "ann@b.org"), ("@ann@b.org", "ann@b.org")],
        ),
        ("@annさん", ["ann"], [], [("@ann", "ann")]),
        ("@anné", ["ann"], [], []),
        (
            "#One ＃two #three #onefold x#one &#39;",
            [],
            ["one", "two", "39"],
            [("#One", "one"), ("＃two", "two")],
        ),
        ("#हिन्दी #हिन", [], ["हिन्दी", "हिन"], [("#हिन्दी", "हिन्दी"), ("#हिन", "हिन")]),
        ("#C++ #c", [], ["C", "C++"], [("#C++", "C++"), ("#c", "C")]),
        ("#1", [], [], []),
    ],
)
def test_mentions_and_tags_are_found_when_listed(
    text: str, mentions: list[str], tags: list[str], found: list[tuple[str, str]]
) -> None:
    facets = locate(text, (), mentions, tags)
    assert [(text[f.start : f.end], f.value) for f in facets] == found


@given(
    st.lists(st.sampled_from([*"abA_1-. #&/@\n", "#ab", "#Ab1"])).map("".join),
    st.lists(st.text("abA_1", min_size=1, max_size=3), min_size=1, max_size=3),
)
def test_tags_are_found_alike_whether_or_not_other_words_are_ascii(
    text: str, tags: list[str]
) -> None:
    assert locate(text, (), (), tags) == locate(f"{text} é", (), (), tags)
    assert locate(text, (), (), tags) == locate(text, (), (), [*tags, "é"])


@given(texts, st.lists(texts, max_size=3), st.lists(texts, max_size=3), st.lists(texts, max_size=3))
def test_facets_are_found_in_order_and_only_if_listed(
    text: str, links: list[str], mentions: list[str], tags: list[str]
) -> None:
    listed = {"link": links, "mention": mentions, "tag": tags}
    cursor = 0
    for facet in locate(text, links, mentions, tags):
        assert cursor <= facet.start < facet.end <= len(text)
        assert facet.value in listed[facet.kind]
        cursor = facet.end


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            "# A *title* with `code`\n\n- one\n- [two](x.html) & **three**",
            "A title with code\n\none\ntwo & three",
        ),
        (
            "> said\n> <https://example.org>\n\n![alt](a.png) <b>bold</b>",
            "said\nhttps://example.org\n\nalt bold",
        ),
        ("a <!-- hidden --> b <!-- open", "a  b <!-- open"),
        ("5 * 3 snake_case \\*x\\* &lt;", "5 * 3 snake_case *x* <"),
        ("Title\n=====\n\n```py\nx = 1\n```\n", "Title\n\nx = 1"),
    ],
)
def test_plain_text_of_what_a_person_wrote(body: str, text: str) -> None:
    assert plain(body) == text


PIECES = [
    "a",
    " ",
    "_",
    "*",
    "!",
    "~",
    "&",
    "\\",
    "#x",
    "<",
    ">",
    "<https://a.b>",
    "<http://c.d/_e?f=1&lt;>",
    "[a](https://b.c)",
    "1.",
]


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
@example("<https://a.b>")
@example("a!<https://a.b>_")
def test_a_line_says_the_same_alone_as_before_another(line: str) -> None:
    alone, followed = from_markdown(line), from_markdown(f"{line}\n\nz")
    if alone is None or not alone.text:
        assert followed is None or not line.strip(" ")
    else:
        assert followed is not None
        assert followed.text == f"{alone.text}\n\nz"
        assert followed.facets == alone.facets


@given(posts())
def test_plain_text_of_what_we_wrote_is_the_text(post: PostText) -> None:
    assert plain(to_markdown(*post)) == post[0]


HOSTILE = [
    "[",
    "![",
    "](",
    "[x](",
    "*",
    "_a",
    "`",
    "~",
    "<",
    "<!--",
    "<a ",
    "&",
    "&#",
    "> ",
    "- ",
    "\\",
    "#",
    "@",
    "@a.",
    "\t",
    " ",
    "\n",
    "\n ",
    "1",
    "|-",
    "-",
    "=",
    "\u3000",
    "a@",
    "#a",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_text_takes_linear_time(piece: str) -> None:
    text = (piece * 20_000)[:20_000]
    links = ("https://example.org/" + piece * 20, piece * 30, piece)
    start = time.process_time()
    from_markdown(to_markdown(text, ()))
    from_markdown(text)
    plain(text)
    locate(text, links, (piece, "a"), (piece, "a"))
    assert time.process_time() - start < 0.8
