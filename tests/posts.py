"""Posts as Hypothesis imagines them: text that Markdown would love to read, and links in it."""

from __future__ import annotations

from hypothesis import strategies as st

from sitegen.model import Facet
from sitegen.text.richtext import is_safe_url

PostText = tuple[str, tuple[Facet, ...]]

_CHARACTERS = st.one_of(
    st.characters(exclude_categories=()),
    st.sampled_from(
        "\n\n\n    \\`*_[]<>{}&#~|:=-+.!()1a;/wx@\"'\t\r\x85\u3000\ud83d\ude00\x00\x02"
    ),
    st.sampled_from(
        [
            "www.",
            "https://",
            "&lt;",
            "&#35;",
            "&#3",
            "]:",
            "~~",
            "__",
            "](",
            "<3",
            "<!--",
            "```",
            "a_b",
            "{{<",
            "{%",
            "...",
            "![",
            "1. ",
            "١. ",
            "  \n",
            "\n\n",
            "- ",
            "---\n",
            "===\n",
            "|-|-\n",
            "    ",
        ]
    ),
)
texts = st.lists(_CHARACTERS, max_size=30).map("".join)
urls = st.one_of(
    st.sampled_from(
        [
            "https://example.org/a_b",
            "mailto:ann@example.org",
            "http://example.org/(a)_*b*?x=1&amp;2[]{{'\"",
            "https://example.org/?a=1&copy=2&lt;",
            "https://example.org/caf%C3%A9",
            "https://xn--a/",
            "https://1.2.3.999/",
            "https://例え.example/é<>|^`",
        ]
    ),
    texts.map("https://example.org/".__add__),
).filter(is_safe_url)


@st.composite
def posts(draw: st.DrawFn) -> PostText:
    """Draw a text and its link facets, some of which show their whole address."""
    text = ""
    facets = []
    for _ in range(draw(st.integers(0, 4))):
        piece = draw(texts)
        kind = draw(st.sampled_from(["text", "link", "address"]))
        url = draw(urls) if kind != "text" else ""
        piece = url if kind == "address" else piece
        if kind != "text" and piece:
            facets.append(Facet(len(text), len(text) + len(piece), "link", url))
        text += piece
    return text, tuple(facets)
