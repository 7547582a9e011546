"""Markdown to HTML: one kind of HTML out, and nothing in it that could do harm."""

from __future__ import annotations

import re
import time
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import html5lib
import pytest
from english import ENGLISH
from hypothesis import example, given
from hypothesis import strategies as st
from markdown import Markdown
from posts import PostText, posts

from sitegen.config import markdown_extensions
from sitegen.config import settings as configs
from sitegen.config.markdown_extensions import PREFIX
from sitegen.languages import catalog, site_language
from sitegen.model import Facet
from sitegen.site.markup import markdown, python_markdown
from sitegen.site.markup.complexity import is_too_complex
from sitegen.site.markup.markdown import below_title, document_html, post_html
from sitegen.site.markup.sanitise import ADMONITIONS, TAGS
from sitegen.site.markup.words import DEFAULT, MarkdownWords, words_of
from sitegen.text.richtext import to_markdown

PROJECT = Path(__file__).parent.parent
PROJECT = Path(__file__).parent.parent
GOLDENS = Path(__file__).parent / "handwritten"
URL = "https://example.org/a?b=1&c=2"


def handwritten_html(body: str) -> str:
    """Return the HTML of a post that a person wrote."""
    return markdown.handwritten_html(body, "post-1")


def nowhere(facet: Facet) -> None:
    """Give mentions and tags no address."""


@given(posts())
@example(("a\r\n\n", ()))
def test_a_post_has_the_same_html_as_its_markdown(post: PostText) -> None:
    text, facets = post
    assert post_html(text, facets, nowhere) == handwritten_html(to_markdown(text, facets))


@given(posts())
def test_a_post_is_well_formed_as_xml(post: PostText) -> None:
    html = post_html(*post, nowhere).replace("&nbsp;", " ").replace("<br>", "<br/>")
    ElementTree.fromstring(f"<body>{html}</body>")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        ("one\ntwo\n\nthree", "<p>one<br>\ntwo</p>\n<p>three</p>"),
        ("\na\n\n\nb\n", "<p>\na</p>\n<p>\nb\n</p>"),
        (" a  b ", "<p> a  b </p>"),
        ("<b> & \"c\" 'd' \xa0", "<p>&lt;b&gt; &amp; \"c\" 'd' &nbsp;</p>"),
        ("a\x00b\x0bc\ud800d\x85e\ufffef\rg", "<p>a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf\ng</p>"),
    ],
)
def test_a_post_becomes_paragraphs(text: str, html: str) -> None:
    assert post_html(text, (), nowhere) == html


def test_facets_become_links_where_they_lead_somewhere() -> None:
    text = "@ann #one #two x y z"
    facets = (
        Facet(0, 4, "mention", "ann"), Facet(5, 9, "tag", "one"), Facet(10, 14, "tag", "two"),
        Facet(15, 16, "link", URL), Facet(17, 18, "link", "javascript:x"),
        Facet(19, 20, "link", "https://1.2.3.999/"), Facet(19, 99, "link", URL),
    )  # fmt: skip
    addresses = {"ann": 'https://example.org/@ann?"', "one": "../tag/one.html?a&b"}
    assert post_html(text, facets, lambda facet: addresses.get(facet.value)) == (
        '<p><a class="mention" href="https://example.org/@ann?&quot;">@ann</a> '
        '<a class="hashtag" href="../tag/one.html?a&amp;b">#one</a> #two '
        '<a href="https://example.org/a?b=1&amp;c=2">x</a> y z</p>'
    )


@pytest.mark.parametrize(
    ("words", "url", "is_marked"),
    [
        ("https://example.org/a", "https://example.org/a", True),
        ("example.org/a/", "https://www.example.org/a", True),
        ("HTTP://www.example.org?a&b", "http://example.org?a&b", True),
        ("example.org/a", "https://example.org/b", False),
        ("example.org/long…", "https://example.org/longer", False),
        ("a@example.org", "mailto:a@example.org", False),
    ],
)
def test_a_link_whose_words_are_its_address_is_marked(
    words: str, url: str, is_marked: bool
) -> None:
    mark = ' class="address"' if is_marked else ""
    href, shown = url.replace("&", "&amp;"), words.replace("&", "&amp;")
    html = f'<p><a{mark} href="{href}">{shown}</a></p>'
    assert post_html(words, (Facet(0, len(words), "link", url),), nowhere) == html
    assert handwritten_html(f"[{words}]({url})") == html
    in_italics = html.replace(f">{shown}<", f"><em>{shown}</em><")
    assert handwritten_html(f"[*{words}*]({url})") == in_italics


@pytest.mark.parametrize("href", ["javascript:x", "//example.org", "data:text/html,x"])
def test_an_address_that_is_not_safe_is_no_link(href: str) -> None:
    assert post_html("#a", (Facet(0, 2, "tag", "a"),), lambda facet: href) == "<p>#a</p>"


def test_a_post_by_hand_keeps_lines_and_a_document_does_not() -> None:
    body = (
        "# One\n\na *b*\nc [d](../e.html#f)\n\n- x\n- y\n\n|k|v|\n|-|-:|\n|1|2|\n\n~~~ py\nz<\n~~~"
    )
    html = below_title(document_html(body), "")
    assert html == (
        '<h2>One</h2>\n<p>a <em>b</em>\nc <a href="../e.html#f">d</a></p>\n'
        "<ul>\n<li>x</li>\n<li>y</li>\n</ul>\n<table>\n<thead>\n<tr>\n<th>k</th>\n<th>v</th>\n"
        "</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table>\n"
        '<pre class="highlight" tabindex="0"><code><span class="n">z</span>'
        '<span class="o">&lt;</span>\n</code></pre>'
    )
    html = html.replace("</em>\n", "</em><br>\n").replace("h2>", "h3>")
    assert handwritten_html(body) == html


@pytest.mark.parametrize("name", ["document", "post"])
def test_a_handwritten_page_is_rendered_with_all_extensions(
    name: str, request: pytest.FixtureRequest
) -> None:
    body = (GOLDENS / "page.md").read_text("utf-8")
    words = words_of(ENGLISH)
    rendered = {
        "document": below_title(document_html(body, (), words), ""),
        "post": markdown.handwritten_html(body, "post-1", (), words),
    }
    html = rendered[name]
    inspect(html)
    golden = GOLDENS / f"{name}.html"
    if request.config.getoption("--refresh"):
        golden.write_text(html + "\n", "utf-8")
    assert html + "\n" == golden.read_text("utf-8")


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("a\n- b\nc", "<p>a</p>\n<ul>\n<li>b\nc</li>\n</ul>"),
        ("a\n1. b", "<p>a</p>\n<ol>\n<li>b</li>\n</ol>"),
        ("Born in\n1984. A year.", "<p>Born in\n1984. A year.</p>"),
        ("a\n-b\n\\- c\n    - d", "<p>a\n-b\n- c\n    - d</p>"),
        ("> a\n- b", "<blockquote>\n<p>a</p>\n</blockquote>\n<ul>\n<li>b</li>\n</ul>"),
        ("> a\n> - b", "<blockquote>\n<p>a</p>\n<ul>\n<li>b</li>\n</ul>\n</blockquote>"),
        ("- a\n1. b\n- c", "<ul>\n<li>a</li>\n</ul>\n<ol>\n<li>b</li>\n</ol>\n<ul>\n<li>c</li>\n</ul>"),
        ("1. a\n   - b\n2. c", "<ol>\n<li>a<ul>\n<li>b</li>\n</ul>\n</li>\n<li>c</li>\n</ol>"),
        ("- a\n\n    b\n    - c", "<ul>\n<li>\n<p>a</p>\n<p>b</p>\n<ul>\n<li>c</li>\n</ul>\n</li>\n</ul>"),
        ("```\na\n- b\n```", '<pre tabindex="0"><code>a\n- b\n</code></pre>'),
        ("a\n:   b\n- c", "<dl>\n<dt>a</dt>\n<dd>b<ul>\n<li>c</li>\n</ul>\n</dd>\n</dl>"),
    ],
)  # fmt: skip
def test_a_list_may_start_right_under_a_paragraph(body: str, html: str) -> None:
    assert document_html(body) == html


def test_footnotes_of_several_posts_have_ids_of_their_own() -> None:
    body = "a[^Fog] b[^Fog]\n\n[^Fog]: c"
    for owner in ("thread-x-1", "thread-y-1"):
        html = markdown.handwritten_html(body, owner)
        ids = {f"fn-{owner}-1", f"fnref-{owner}-1", f"fnref2-{owner}-1"}
        assert set(re.findall(r' id="([^"]*)"', html)) == ids
        assert set(re.findall(r' href="#([^"]*)"', html)) == ids


def test_what_only_looks_like_a_footnotes_id_stays() -> None:
    body = 'id="fn-1" `<li id="fn-1">` <a href="#fn-x" title=\'<li id="fn-1"\'>#fn-1</a>'
    assert handwritten_html(body) == (
        '<p>id="fn-1" <code>&lt;li id="fn-1"&gt;</code> '
        '<a href="#fn-x" title="&lt;li id=&quot;fn-1&quot;">#fn-1</a></p>'
    )


@pytest.mark.parametrize("nested", ["[^1]: b\n    > [^2]: c", "[^1]: b\n    > [^2]: c\n\n[^3]: d"])
def test_no_footnote_is_lost_within_another(nested: str) -> None:
    html = document_html(f"a[^1]\n\n{nested}")
    assert "[^2]: c" in html


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("![a](media/x.png)", '<p><img alt="a" src="media/x.png"></p>'),
        ("![a&b](https://example.org/x.png)",
         '<p><a href="https://example.org/x.png">a&amp;b</a></p>'),
        ("![](http://example.org/x)", '<p><a class="address" href="http://example.org/x">http://example.org/x</a></p>'),
        ("[![a](https://example.org/x)](b.html)", '<p><a href="b.html">a</a></p>'),
        ("![a](//example.org/x) ![b](data:image/png;base64,x)", "<p>a b</p>"),
        ("[a](javascript:x) <a href='//b'>c</a> <a href='/\\b' title='\"'>d</a>", "<p>a c d</p>"),
    ],
)  # fmt: skip
def test_far_images_become_links_and_dead_links_text(body: str, html: str) -> None:
    assert handwritten_html(body) == html


PAYLOADS = [
    "<script>alert(1)</script>",
    "</script><script>x</script>",
    "<img src=x onerror=alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:x)",
    "[x](java&#10;script:x)",
    "[x](&#106;avascript:x)",
    "[x](javascript&colon;x)",
    "[x](<javascript:x>)",
    "<javascript:alert(1)>",
    "<data:text/html,x>",
    "[x](data:text/html;base64,PHN2Zz4=)",
    "[x](vbscript:x)",
    "[x](//example.org)",
    "[x](/\\example.org)",
    "<a href='\t//example.org'>x</a>",
    "<a href='/\n/example.org'>x</a>",
    "[x](https://example.org \"' onmouseover=alert(1) x='\")",
    '[x](https://example.org/"onclick="alert(1))',
    '![x" onerror="alert(1)](y.png)',
    "![x](y.png \"a' onload='b\")",
    '```" onclick="x\ncode\n```',
    "# <b onclick=x>y</b> {: onclick=x}",
    "<style>*{display:none}</style>",
    "<p style='position:fixed'>x</p>",
    "<div class=masthead id=search>x</div>",
    "<iframe src=https://example.org></iframe>",
    "<svg onload=x><script>y</script></svg>",
    "<math><mtext></p><style><img src onerror=x></style>",
    "<base href=//example.org>",
    "<meta http-equiv=refresh>",
    "<form action=https://example.org><input name=x><button>y</button></form>",
    "<object data=x></object>",
    "<link rel=stylesheet href=x>",
    "<!-- --!><img src=x onerror=y> -->",
    "<![CDATA[<img src=x onerror=y>]]>",
    "<noscript><p title='</noscript><img src=x onerror=y>'>",
    "<b><p title='</b><script>x</script>'>",
    "&lt;script&gt;x&lt;/script&gt;",
    "&#60;script&#62;",
    "<a href='https://example.org' target=_top ping=x>x</a>",
    "<table background=//example.org><td style=x>y",
    "<details ontoggle=x open><summary>y",
    "<video src=x autoplay>",
    "<video src=https://example.org/a><video src=//x><source src=https://example.org/b></video>",
    "<a href=x><audio src=https://example.org/a></a><video poster=https://example.org/a src=x>",
    "<source src=https://example.org/a><video onerror=x controls></video></video>",
    "<video title=' src=&quot;x' src='https://example.org/a'><a></video><img src=https://e.org/b>",
    '<https://example.org/"onclick=x>',
    "[a]: javascript:x\n\n[a]",
    "[a]: //example.org 'b'\n\n[a]",
    "*".join(["<b onclick=x>"] * 3),
    "<ol start='\" onclick=x'>",
    '<td align="x" align=javascript:y>',
    "\x00<script>",
    "<scr\x00ipt>",
    "<a href='java\x00script:x'>y</a>",
    "<img src='https://example.org/x.png'>",
    "<a href='mailto:a@b.org?subject=\"'>x</a>",
    "<a href='feed:javascript:x'>y</a>",
    "|a|\n|-|\n|<img src=//x>|",
    "<li id=search>x</li><sup id=fn-x>y</sup><p id=fn-1>z</p>",
    "x[^<b onclick=x>]\n\n[^<b onclick=x>]: <script>y</script> [z](javascript:x)",
    "x\n:   <script>y</script>\n:   [z](javascript:x)",
]

_ATTRIBUTES = {"a": {"class", "href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"},
               "li": {"id"}, "sup": {"id"},
               "td": {"align", "colspan", "rowspan"}, "th": {"align", "colspan", "rowspan"},
               "video": {"src", "poster", "controls", "width"}, "audio": {"src"}, "source": {"src"},
               "abbr": {"title"}, "pre": {"class", "tabindex"}, "span": {"class"}}  # fmt: skip


class Inspector(HTMLParser):
    """Fails on any tag, attribute or address that is not allowed."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Hold a tag and its attributes against the allow-list."""
        assert tag in TAGS
        for name, value in attrs:
            assert name == "lang" or name in _ATTRIBUTES.get(tag, set())
            assert value is not None
            if name in (
                "class",
                "tabindex",
            ):  # of highlighted code and of addresses: no text chooses a class
                assert value in ("highlight", "address", "0") or re.fullmatch(
                    r"[a-z]{1,3}\d?", value
                )
            assert name != "id" or re.fullmatch(r"fn(ref\d*)?-(post-1-)?\d+", value)
            if name in ("href", "src", "poster"):
                plain = re.sub(r"[\x00-\x20]", "", value).lower().replace("\\", "/")
                scheme = re.match(r"[a-z][a-z0-9+.-]*:", plain)
                assert not plain.startswith("//")
                assert scheme is None or scheme[0] in ("http:", "https:", "mailto:")
                assert name == "href" or scheme is None

    def handle_comment(self, data: str) -> None:
        """Fail: no comment comes out."""
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        """Fail: no declaration comes out."""
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        """Fail: no processing instruction comes out."""
        raise AssertionError(data)


def inspect(html: str) -> None:
    inspector = Inspector()
    inspector.feed(html)
    inspector.close()


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_harmful_comes_out(payload: str) -> None:
    inspect(handwritten_html(payload))
    inspect(document_html(f"- {payload}\n\n> x {payload}\n"))
    shown = post_html(payload, (Facet(0, len(payload), "link", payload),), lambda facet: payload)
    inspect(shown)
    assert "<" not in re.sub(r"</?p>|<br>", "", shown)
    assert shown == handwritten_html(to_markdown(payload, ()))


@given(
    st.lists(st.sampled_from([*PAYLOADS, *"<>\"'`=/ \n[]()!*_#&", "x"]), max_size=6).map("".join)
)
def test_nothing_harmful_comes_out_of_mixtures(body: str) -> None:
    inspect(handwritten_html(body))
    inspect(document_html(body))


HOSTILE = [
    "[",
    "![",
    "[[",
    "[x](",
    "[a](<",
    "*",
    "**a",
    "_",
    "_a ",
    "`",
    "`a``",
    "``a ",
    "<",
    "<a ",
    "<!--",
    "<![CDATA[",
    "<http://",
    "<b>",
    "&",
    "&#",
    "&a;",
    "> ",
    ">",
    "- ",
    "1. ",
    "  - ",
    "\n- ",
    "# ",
    "a\n# ",
    "a\n=\n",
    "=\n",
    "\\",
    "\\[",
    "|",
    "|a\n|-\n",
    "~~~\n",
    "~~~a\n",
    "[a]: b\n",
    "[a][b]",
    "a\n\n",
    "<div>\n",
    "\n\n    - x",
    "\n> a\n>> b",
    "\t",
    "!",
    "***",
    "a*",
    "[^",
    "[^1]",
    "[^1]: a\n",
    "[^1]: a\nb\n",
    "[^1] a\n\n[^1]: b\n\n",
    "///Footnotes Go Here///\n\n",
    ": ",
    ": a\n",
    "a\n: b\n",
    "a\n\n    : b\n\n",
    "a\n- b\n\n",
    "- a\n1. b\n",
    "- a\n\n    b\n\n",
]


NESTED = {
    "nested lists": "".join(f"{'    ' * depth}- x\n" for depth in range(150)),
    "nested definitions": "a\n" + "".join(f"{'    ' * depth}:   x\n" for depth in range(150)),
    "many references": "[^1]" * 1_900 + "\n\n[^1]: x\n",
    "many footnotes": "".join(f"[^{n}]" for n in range(900))
    + "".join(f"\n\n[^{n}]: x" for n in range(900)),
}


@pytest.mark.parametrize(
    ("length", "seconds"), [(10_000, 0.8), pytest.param(50_000, 4, marks=pytest.mark.slow)]
)
@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_markdown_takes_little_longer_than_prose(
    piece: str, length: int, seconds: float
) -> None:
    body = (piece * length)[:length]
    start = time.process_time()
    inspect(handwritten_html(body))
    assert time.process_time() - start < seconds


@pytest.mark.parametrize("name", NESTED)
def test_nested_markdown_takes_little_longer_than_prose(name: str) -> None:
    start = time.process_time()
    inspect(handwritten_html(NESTED[name]))
    assert time.process_time() - start < 4


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("[" * 70 + "<b>*x*", f"<p>{'[' * 70}&lt;b&gt;*x*</p>"),
        ("> " * 30 + "x\n\n<y>", f"<p>{'&gt; ' * 30}x</p>\n<p>&lt;y&gt;</p>"),
    ],
)
def test_what_is_too_complex_is_shown_as_it_is(body: str, html: str) -> None:
    assert is_too_complex(body)
    assert handwritten_html(body) == document_html(body) == html


LONG = [
    "[x] ",
    "*a* ",
    "\\* ",
    "`a` ",
    "&amp; ",
    "[a](b) ",
    "<b>a</b> ",
    "a\n\n",
    "~~~\n",
    "- a\n\n",
]


@pytest.mark.parametrize(
    "piece", [*LONG[:3], *(pytest.param(p, marks=pytest.mark.slow) for p in LONG[3:])]
)
def test_what_would_be_copied_too_often_is_shown_as_it_is(piece: str) -> None:
    long = piece * (500_000 // len(piece))
    assert is_too_complex(long)
    assert not is_too_complex(long[:30_000])
    start = time.process_time()
    handwritten_html(f"{long}\n\n[x]: https://a.example\n")
    assert time.process_time() - start < 4


def test_a_long_text_in_paragraphs_is_no_such_text() -> None:
    paragraph = "A *heron* on [the weir](https://a.example), at `dawn` &amp; dusk. " * 10
    assert not is_too_complex(f"{paragraph}\n\n" * 2_000)
    assert not is_too_complex("Fog and rain.\n\n" * 40_000)
    assert not is_too_complex("```\nfog()\n```\n\n" * 3_000)


def test_code_that_never_ends_is_looked_for_a_few_times_only() -> None:
    assert not is_too_complex("~~~a\n\n" * 60)
    assert is_too_complex("~~~a\n\n" * 70)
    assert is_too_complex("~~~\n" * 100 + "~~~a\n\n" * 70)


@pytest.mark.parametrize(
    "opened",
    [
        "".join(f'<b title="{n}">' for n in range(400)) + "<p>x</p>\n" * 400,
        "".join(f'<p><em title="{n}">x\n\n' for n in range(400)),
        "".join(f"<x{n}>" for n in range(400)) + "<p>x</p>\n" * 400,
        "<div>" * 400 + "x" + "</div>" * 400,
        "<DIV\nid=a>" * 400,
    ],
)
def test_elements_that_are_not_closed_are_not_opened_again_in_each_paragraph(opened: str) -> None:
    assert is_too_complex(opened)
    assert len(handwritten_html(opened)) < 10 * len(opened)


@pytest.mark.parametrize(
    "usual",
    [
        "<div class='a'>x</div>\n\n" * 500,
        "<p>x\n<br>\n<img src='a.png'>\n" * 500,
        "<ul>\n" + "<li>x\n" * 500 + "</ul>\n",
        "<table>" + "<tr><td>x<td>y" * 500 + "</table>",
        "Write `<div>` and ``<b>``.\n\n" * 500,
        "Code:\n\n" + "    <div>\n" * 500 + "\n```\n" + "<div>\n" * 500 + "```\n",
        "<https://a.example/> \\<b> 1 < 2\n\n" * 500,
        "<div>" * 50 + "x" + "</div>" * 50,
    ],
)
def test_html_as_people_write_it_is_not_too_complex(usual: str) -> None:
    assert not is_too_complex(usual)


def test_long_lists_tables_and_code_are_not_too_complex() -> None:
    links = "".join(f"- [link {n}](https://example.org/{n}) (*note* {n})\n" for n in range(500))
    rows = "|a|b|\n|-|-|\n" + "".join(f"|[{n}]({n}.html)|x < y > z|\n" for n in range(200))
    fences = "~~~ a\nb\n~~~\n\n```\n~~~\n```\n" * 100
    code = "~~~\n" + "x = [a[0] for (a, b) in c if d < e]\n" * 300 + "~~~\n"
    quotes = "> a\n>> b\n>>> c\n" * 100
    for body in (links, rows, fences, code, quotes, "1. a\n    1. b\n        1. c\n"):
        assert not is_too_complex(body)


LINES = [
    "", "# ", "> ", "- ", "2. ", "1. ", "    - ", "---", "===", "```", "~~~ py", "|-|-", ":   ", ": ",
    "[^a]: ", "[b]: ", "<div>", "    ", "\t", "* * *", "  - ", ">", "    : ", "#a", "* ",
]  # fmt: skip
WORDS = [
    "a", " ", "*", "**", "_", "`", "\\", "|", "[^a]", "[b]", "[a](b)", "![a](b)", "<b>", "</b>", "<a@example.org>",
    "<https://example.org/>", "&amp;", "&", "<!-- a -->", ":", "  ", "\x02", "\x85", "é", "[", "]", "!", "-", "+", ".", "1.",
]  # fmt: skip
HANDWRITTEN = st.lists(
    st.tuples(
        st.sampled_from(LINES),
        st.lists(st.sampled_from(WORDS), max_size=5).map("".join),
        st.sampled_from(["\n", "\n\n", "  \n", "\r\n"]),
    ).map("".join),
    max_size=7,
).map("".join)


@given(HANDWRITTEN, st.sampled_from([(), ("nl2br",)]))
def test_steps_that_are_left_out_had_nothing_to_do(body: str, extensions: tuple[str, ...]) -> None:
    try:
        html = python_markdown.raw_html(body, extensions)
    except RuntimeError:
        return
    assert html == whole(extensions).reset().convert(body)


@cache
def whole(extensions: tuple[str, ...]) -> Markdown:
    """Return the library with all its steps."""
    found: Markdown = python_markdown._Converter(extensions, DEFAULT).markdown
    return found


def test_a_recursion_error_leaves_no_trace_in_what_follows() -> None:
    before = handwritten_html("- a\n- b")
    deep = "".join("  " * depth + "- x\n" for depth in range(48))
    handwritten_html(deep)
    assert handwritten_html("- a\n- b") == before


TAGS_AND_WORDS = st.sampled_from(
    [f"{opening}{tag}>" for tag in ("p", "div", "b", "a href='x'", "marquee", "button", "object",
     "applet", "center", "table", "tr", "td", "li", "ul", "h1", "select", "svg", "template",
     "details", "summary", "blockquote", "nobr", "form", "dd", "q", "img", "br")
     for opening in ("<", "</")]
    + ["\n\n", "words", " ", "* ", "> ", "    "]
)  # fmt: skip


@given(st.lists(TAGS_AND_WORDS, max_size=12).map("".join))
@example("<marquee>\n\nFog\n\n</marquee>")
@example("<p><button><p>Fog</p></button></p>")
def test_whatever_tags_a_person_writes_a_page_has_no_parse_error(body: str) -> None:
    for written in (handwritten_html(body), document_html(body)):
        parser = html5lib.HTMLParser(strict=False)
        parser.parse(f"<!doctype html><title>Fog</title><div>\n{written}\n</div>")
        assert not parser.errors, written


EXTENDED = {
    "abbr": ("*[HTML]: Hyper\n\nHTML", '<p><abbr title="Hyper">HTML</abbr></p>'),
    "admonition": (
        '!!! warning "Hm"\n    Say',
        '<div class="admonition admonition-warning">\n<p class="admonition-title">Hm</p>\n<p>Say</p>\n</div>',
    ),
    "attr_list": ("## A {: #b .c}\n\nx\n{: #d .e}", '<h2 id="b">A</h2>\n<p>x</p>'),
    "legacy_em": ("_a_b_", "<p><em>a</em>b_</p>"),
    "md_in_html": ('<div markdown="1">\n*x*\n</div>', "<div>\n<p><em>x</em></p>\n</div>"),
    "nl2br": ("a\nb", "<p>a<br>\nb</p>"),
    "smarty": ("\"a\" -- 'b'...", "<p>“a” – ‘b’…</p>"),
    "toc": ("# Größe\n\n# post-1\n\n# main", '<h1 id="größe">Größe</h1>\n<h1>post-1</h1>\n<h1>main</h1>'),
}  # fmt: skip


@pytest.mark.parametrize("name", EXTENDED)
def test_an_extension_adds_what_the_docs_say(name: str) -> None:
    body, html = EXTENDED[name]
    assert document_html(body, (name,)) == html
    assert document_html(body, markdown_extensions.names((PREFIX + name, name, "tables"))) == html
    assert name == "nl2br" or document_html(body) != html
    docs = (PROJECT / "docs/editing.md").read_text("utf-8")
    assert f"| `{name}` |" in docs


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("!!! note", "Remarque"),
        ("!!!  WARNING", None),
        ("!!! Warning", "Prenez garde"),
        ("!!! note warning", "Remarque"),
        ('!!! note "Note"', "Note"),
        ('!!! note ""', ""),
        ("!!! seealso", "Seealso"),
    ],
)
def test_an_admonition_has_a_title_in_the_words_of_the_site_or_its_own(
    head: str, title: str | None
) -> None:
    words = MarkdownWords("", (("note", "Remarque"), ("warning", "Prenez garde")))
    html = document_html(f"Words\n\n{head}\n    Say", ("admonition", "toc"), words)
    of_post = markdown.handwritten_html(f"Words\n\n{head}\n    Say", "x", ("admonition",), words)
    assert of_post.replace("<br>", "") == html
    shown = re.findall(r'<p class="admonition-title">(.*)</p>', html)
    assert shown == ([title] if title else [])
    assert ("!!!" in html) == (title is None)


@pytest.mark.parametrize("tag", catalog.bundled_languages())
def test_every_kind_of_admonition_has_a_title_in_every_language(tag: str, tmp_path: Path) -> None:
    (tmp_path / "sitegen.toml").write_text(f'[site]\nlanguage = "{tag}"\n', "utf-8")
    words = words_of(site_language.load(configs.load(tmp_path / "sitegen.toml")))
    assert [kind for kind, _ in words.admonitions] == [*ADMONITIONS]
    titles = [title for _, title in words.admonitions]
    assert len(set(titles)) == len(ADMONITIONS)
    body = "\n\n".join([f"!!! {kind}\n    Say" for kind in ADMONITIONS])
    html = document_html(body, ("admonition",), words)
    assert re.findall(r'<p class="admonition-title">(.*)</p>', html) == titles
    if tag == "en":
        assert html == document_html(body, ("admonition",))


def test_every_extension_that_may_be_named_is_documented_and_loads() -> None:
    assert {*markdown_extensions.MORE} == {*EXTENDED, "extra"}
    every = markdown_extensions.names((*markdown_extensions.MORE, *markdown_extensions.ALWAYS))
    assert every == tuple(sorted(set(EXTENDED), key=every.index))
    page = (GOLDENS / "page.md").read_text("utf-8")
    assert "<table>" in document_html(page, every)


@pytest.mark.parametrize("name", [*EXTENDED])
def test_nothing_harmful_comes_out_of_an_extension(name: str) -> None:
    for payload in PAYLOADS:
        inspect(markdown.handwritten_html(payload, "post-1", (name,)))


def test_headings_of_posts_have_no_ids() -> None:
    body = "# One\n\n<h2 id='two' lang='de'>Two</h2>"
    assert document_html(body, ("toc",)).count(" id=") == 2
    assert " id=" not in markdown.handwritten_html(body, "post-1", ("toc",))
