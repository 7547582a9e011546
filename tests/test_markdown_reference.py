"""Python-Markdown is the measure: what is written without all of it has its bytes."""

from __future__ import annotations

import functools

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from markdown import Markdown

from sitegen.site.render.blocks import usual_html
from sitegen.site.render.hostile import is_hostile
from sitegen.site.render.markdown import document_html, handwritten_html
from sitegen.site.render.python_markdown import raw_html
from sitegen.site.render.sanitise import clean

DOCUMENT = ("fenced_code", "tables", "sane_lists")
HANDWRITTEN = ("nl2br", *DOCUMENT)

ORDINARY = [
    "a", "b c", " ", "\n", "*", "**", "_", "*a*", "**b**", "_c_", "__d__", "a_b", "3 * 4", "`x`",
    "[a](b)", "[a *b*](c)", "[`c`](https://example.org/x_y?a=1&b=2)", "<https://example.org/a_b>",
    "<b>a</b>", "&", "&lt;", "&mdash;", "\\*", "é", ".", "\xa0", "  \n", "(", ")", "!", "[", "]", "< ", ">",
    "-", "1.", "#", "|",
]  # fmt: skip
AWKWARD = [
    "`", "``", "`<b>`", "`&#1`", "\\", "\\\\", "\\`", "\\|", "***", "](", "![", "[a][b]", "[b]",
    "[a](<b> 'c')", '[a](b "c")', "[a](javascript:b)", "[](b)", "<https://example.org/?a&b>",
    "<a@example.org>", "<3", "<b>", "</b>", "<code>a b</code>", "<i></i>", "<br/>", "<div>", "</div>", "<!-- a -->", "<?a?>",
    "&#65;", "&#x41;", "&#0;", "&#128;", "&foo;", "&copy", "&#12", "R&D", '"', "'", "\u3000",
    "\u2028", ":", "=", "+", "{", "}", "\t", "\r\n", "\r", "\x00", "\x02", "\x03", "\x0b", "\x1c",
    "\x85", "\ud800", "\ufeff", "\uffff", "مرحبا", "١", "日本", "🦇", "~~", ";", "@", "/", "    ",
]  # fmt: skip
STARTS = ["", "", "", "# ", "> ", "- ", "- ", "* ", "1. ", "2. ", "    - ", "    1. ", "---", "```"]
AWKWARD_STARTS = [
    "#", "####### ", ">", ">> ", "> > ", "> - ", "> # ", "+ ", "-", "3. ", "1) ", "١. ", "- # ",
    "- > ", "- - ", "- ---", "  - ", "        - ", "  ", "    ", "\t", "***", "* * *", "===", "=",
    "--", "|", "|-|-", "```py", "~~~", "~~~ {.py}", "[b]: c", "[b]:\nc 'd'", "<div>", "    > ",
    "    # ", "\\# ", ": ",
]  # fmt: skip
ENDS = ["\n", "\n", "\n\n", "\n\n", "\n\n\n"]
AWKWARD_ENDS = ["  \n", "\n \n", "\r\n", "\r", "\\\n", "\t\n", " \n"]


def markdown(starts: list[str], pieces: list[str], ends: list[str]) -> st.SearchStrategy[str]:
    """Draw Markdown whose lines are made of these."""
    inside = st.lists(st.sampled_from(pieces), max_size=6).map("".join)
    line = st.tuples(st.sampled_from(starts), inside, st.sampled_from(ends)).map("".join)
    return st.lists(line, max_size=7).map("".join)


bodies = st.one_of(
    markdown(STARTS, ORDINARY, ENDS),
    markdown(STARTS + AWKWARD_STARTS, ORDINARY + AWKWARD, ENDS + AWKWARD_ENDS),
    st.lists(st.sampled_from([*"ab  *_\n.é\\", "**", "__", "[a*](b)", "`c`"])).map("".join),
)


@functools.cache
def whole(extensions: tuple[str, ...]) -> Markdown:
    """Return the library with all that it has."""
    return Markdown(extensions=list(extensions), output_format="html")


@given(bodies)
def test_pages_have_the_librarys_bytes(body: str) -> None:
    assume(not is_hostile(body))
    assert handwritten_html(body) == clean(whole(HANDWRITTEN).reset().convert(body))
    assert document_html(body) == clean(whole(DOCUMENT).reset().convert(body))


TRAPS = [
    "[a]: b\n\n[a]", "![a](b)", "!\\[a](b)", "[ `]` a](b)", "[a][b](c)", "[a [b](c) d](e)", "[a](b 'c')",
    "[<b>](c)", "[a]\n(b)", "[a](b(c))", "[a](//b)", "[a](/\\b)", "[a](b&amp;c)", "[a](&#106;avascript:b)",
    "- \n1. ", "- \n- a", "- \xa0", "- \xa0\n- a", "-\n- a", "- # a", "- > a", "- a\n> b", "- a\n    # b",
    "- a\n    - b\n    # c", "- a\n    > b", "- - a", "- 1. a", "- ---", "- a\n---", "- a\n\n    b",
    "- a\n\n        b", "- a\n\n1. b\n\n- c", "- a\n    - b\n\n- c", "- a\n\n    - b", "- a\n  *b*", "- a\n  b",
    "1. a\n- b", "1. a\n١. b", "١. a", "1) a", "01. a", "- a\n     - b\n      - c", "- a\n        - b",
    "####### a", "# a\\#", "# a\\\nb", "# a # b ##", "#", "###", "a\n# b", "# a|b\n-|-", "#a\n===",
    "a\n---", "a\n***", "a\n- - -", "a\n=", "a\n==-", "---\n---", "-- -", "a|b\n-|-", "|a\n|-\n|b", "a\n -|-",
    "> a\n---", "> a|b\n> -|-", ">", "> a\n>", "> a\n>\n", ">\n> a", "> a\n\n>b\nc", "a\n > b", "> - a\n\n> - b",
    "> a\n> ===", ">     a", "> ~~~\n> a\n> ~~~", "```{.py}\na\n```\nb\n```\nc\n```", "~~~ {a\n~~~\n\nb\n\n~~~\n~~~",
    "~~~~\n~~~\n~~~~", "    a", "   a", "\ta", "a\n\n\tb", " \na", "a\n \n b", "a \n", "a\n\n \n", "a\n *b*",
    "a\n\u2028*b*", "a  \n  b", "a   \n*b*", "*a\nb*", "*a  \nb*", "a*  \nb*", "a\r\nb\rc", "a\x02\nb", "\x0ca",
    "*b**b**b*a*b*", "*a **b* c**", "**a *b** c*", "*a **b** c*", "**a _b_ c**", "***a***", "**a***", "*a*_b_",
    "*a*b*c*", "_a_b_", "__a_b__", "_a__b_", "* a*", "*a *", "*a\xa0*", "\xa0*a*", "3 * 4 *a*", "*a 3 * 4*", "a_*b*",
    "*`a`*", "`a`_b_", "_`a`_", "\\**a*", "*a\\**", "*[a*](b)", "*[a](b)*", "**<b>a</b>**", "<b>*a*</b>", "*a<b>b*</b>",
    "`a``b`", "``a`` `b`", "`a\\`", "\\`a`", "\\\\`a`", "`a\\` b`", "` `", "`a\nb`", "`<b>`", "`<div>`", "`&#1x`", "`&lt;`",
    "`a\n\nb`", "<b></b>", "<b>a</i>", "<b>a\nb</b>", "<B>a</B>", "<p>a</p>", "<1@b>", "<a@b>", "<3 a@b>", "<3", "< a>",
    "<!-- a -->", "<https://example.org/&lt;>", "<https://a>", "<https://1.2.3.999/>", "<HTTPS://example.org>",
    "&#1x", "&#1;", "&#128;", "&#160;*a*", "&#xD800;", "&#65534;", "&Tab;a", "&NewLine;", "&foo;", "&lt", "&amp;lt;",
    "<div>a</div> b  <div>c</div>", "<div>\n\n    a", "a <div> b", "\\|", "\\a", "a\\", "\x85", "\x7f", "\ufeffa", "\ud800",
]  # fmt: skip


@pytest.mark.parametrize("body", TRAPS)
def test_what_looks_usual_and_is_not_has_the_librarys_bytes(body: str) -> None:
    assert handwritten_html(body) == clean(whole(HANDWRITTEN).reset().convert(body))
    assert document_html(body) == clean(whole(DOCUMENT).reset().convert(body))
    for extensions in (HANDWRITTEN, DOCUMENT):
        assert raw_html(body, extensions) == whole(extensions).reset().convert(body)


@given(bodies)
def test_processors_that_stay_away_had_nothing_to_do(body: str) -> None:
    assume(not is_hostile(body))
    for extensions in (HANDWRITTEN, DOCUMENT):
        assert raw_html(body, extensions) == whole(extensions).reset().convert(body)


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("\n\n \t\n", ""),
        ("a *b* **c** _d_ __e__ f_g 3 * 4\r\nh  \ni", "<p>a <em>b</em> <strong>c</strong> <em>d</em> <strong>e</strong> f_g 3 * 4<br>\nh<br>\ni</p>"),
        ("*a **b** c* \\*d\\* `e*` `f & <`", "<p><em>a <strong>b</strong> c</em> *d* <code>e*</code> <code>f &amp; &lt;</code></p>"),
        ("[a *b*](../c.html#d), [`e`](https://example.org/?f&g_h_) [sic]",
         '<p><a href="../c.html#d" rel="noopener">a <em>b</em></a>, <a href="https://example.org/?f&amp;g_h_" rel="noopener"><code>e</code></a> [sic]</p>'),
        ("<https://example.org/a_b_> R&D &mdash; &#x1F987; 1 < 2 > 1 *<sub>3</sub>*",
         '<p><a href="https://example.org/a_b_" rel="noopener">https://example.org/a_b_</a> R&amp;D — 🦇 1 &lt; 2 &gt; 1 <em><sub>3</sub></em></p>'),
        ("# a\\* #\nb\n## c\n\nd\n=\n\ne\n---\n\n* * *\n\nf", "<h1>a*</h1>\n<p>b</p>\n<h2>c</h2>\n<h1>d</h1>\n<h2>e</h2>\n<hr>\n<p>f</p>"),
        ("- a\n- b\n    1. c\n    2. d\nlazy\n\n3. e", '<ul>\n<li>a</li>\n<li>b<ol>\n<li>c</li>\n<li>d<br>\nlazy</li>\n</ol>\n</li>\n</ul>\n<ol start="3">\n<li>e</li>\n</ol>'),
        ("- a\n- b\n\n- c\n- d", "<ul>\n<li>a</li>\n<li>\n<p>b</p>\n</li>\n<li>\n<p>c</p>\n</li>\n<li>d</li>\n</ul>"),
        ("a\n> b\nc\n>\n> - d\n\n> e", "<p>a</p>\n<blockquote>\n<p>b<br>\nc</p>\n<ul>\n<li>d</li>\n</ul>\n<p>e</p>\n</blockquote>"),
        ("a\n```py\n<b>\n\n- c\n```\nd\n\n~~~\n~~~", "<p>a</p>\n<pre><code>&lt;b&gt;\n\n- c\n</code></pre>\n<p>d</p>\n<pre><code></code></pre>"),
        ("سلام *دنیا*\n\n日本 **語**", "<p>سلام <em>دنیا</em></p>\n<p>日本 <strong>語</strong></p>"),
    ],
)  # fmt: skip
def test_usual_markdown_needs_no_library(body: str, html: str) -> None:
    assert usual_html(body, "<br>\n") == html
    assert clean(whole(HANDWRITTEN).reset().convert(body)) == html


@given(bodies, st.sampled_from(["[", "](", "<", "`", "~", "*", "- ", "> ", "1. ", "\t", "    "]))
def test_signs_elsewhere_do_not_make_a_body_hostile(body: str, sign: str) -> None:
    for times in (20, 23, 24, 25, 63, 64, 65):
        heavy = sign * times + body + "\n\n\n"
        sparse = "".join(f"{letter}. [x](y) <b>*c*</b> `d`\n\n" for letter in "abcdefgh" * 10)
        assert is_hostile(heavy) == is_hostile(heavy + sparse)
