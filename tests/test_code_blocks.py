"""Highlighted code: its characters stay, its colours can be read, and only sites with code pay."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from test_build import site, thread
from test_themes import sheets

from sitegen.config.schema import Config, Theme
from sitegen.site import build as builds
from sitegen.site.markup import code_blocks
from sitegen.site.markup.markdown import document_html, handwritten_html

PROJECT = Path(__file__).parent.parent
HIGHLIGHT = "static/highlight.css"
LANGUAGES = ("python", "js", "toml", "diff", "bash", "html", "C++", "PY", "no-such-language")
CODE = st.text(st.sampled_from("ab1 \n\t\"'`<>&#/*{}()=+-.:;@\\é\u2028\U0001f41f"), max_size=60)


class Text(HTMLParser):
    """The characters of HTML without its tags."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.feed(html)
        self.close()

    def handle_data(self, data: str) -> None:
        self.text += data


@given(CODE, st.sampled_from(LANGUAGES))
@example("\ufeffa", "python")  # a byte order mark, which Pygments removes
def test_highlighting_changes_no_character(code: str, language: str) -> None:
    escaped = code.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    plain = f"<pre><code>{escaped}</code></pre>"
    named = plain.replace("<code>", f'<code class="language-{language}">')
    assert Text(code_blocks.highlight(named)).text == Text(plain).text == code
    assert code_blocks.highlight(plain) == plain.replace("<pre>", '<pre tabindex="0">')


def test_a_named_language_is_highlighted_and_nothing_is_guessed() -> None:
    code = "def f():\n    return 1"
    assert document_html(f"```py\n{code}\n```") == (
        '<pre class="highlight" tabindex="0"><code><span class="k">def</span> '
        '<span class="nf">f</span><span class="p">():</span>\n    <span class="k">return</span> '
        '<span class="mi">1</span>\n</code></pre>'
    )
    plain = f'<pre tabindex="0"><code>{code}\n</code></pre>'
    for opening in ("```", "```no-such-language", "``` {.no-such-language}"):
        assert document_html(f"{opening}\n{code}\n```") == plain
        assert handwritten_html(f"{opening}\n{code}\n```", "post-1") == plain


@pytest.mark.slow
def test_a_block_of_extreme_length_is_not_highlighted() -> None:
    for count, is_plain in ((code_blocks.MAX_CHARACTERS // 2 - 1, False), (50_001, True)):
        html = document_html("```python\n" + "1\n" * count + "```")
        assert ("<span" not in html) == is_plain


def test_the_class_of_a_language_is_nowhere_else() -> None:
    html = document_html('<code class="language-py">x</code> <p class="language-py">y</p>')
    assert "class" not in html


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Return the config of a site with a page and a thread, neither with code."""
    found = site(tmp_path, thread("a", "Heron words"))
    (found.content / "about.md").write_text("# About\n\n```\nplain\n```\n", "utf-8")
    return found


def styles(config: Config) -> list[str]:
    """Build, and return the style sheets of the page; each exists."""
    builds.build(config)
    named = sheets((config.output / "about.html").read_text("utf-8"))
    assert [name for name in named if not (config.output / name).is_file()] == []
    assert (HIGHLIGHT in named) == (config.output / HIGHLIGHT).exists()
    return named


CODE_IN_A_PAGE = "# About\n\n```py\nx = 1\n```\n"


def test_the_style_sheet_comes_and_goes_with_code_in_a_page(config: Config) -> None:
    assert styles(config) == ["static/style.css"]
    (config.content / "about.md").write_text(CODE_IN_A_PAGE, "utf-8")
    assert styles(config) == ["static/style.css", HIGHLIGHT]
    (config.content / "about.md").write_text("---\nhide: true\n---\n" + CODE_IN_A_PAGE, "utf-8")
    builds.build(config)
    assert not (config.output / HIGHLIGHT).exists()


def test_the_style_sheet_comes_with_code_in_a_post(config: Config) -> None:
    assert styles(config) == ["static/style.css"]
    path = next((config.content / "threads").rglob("*.md"))
    text = path.read_text("utf-8")
    path.write_text(text.replace("\nHeron words", "\nHeron words\n\n```py\nx = 1\n```"), "utf-8")
    assert styles(config) == ["static/style.css", HIGHLIGHT]


def test_a_file_of_ones_own_with_that_name_is_copied_in_any_case(config: Config) -> None:
    config.static.mkdir()
    (config.static / "highlight.css").write_text("own", "utf-8")
    builds.build(config)
    assert (config.output / HIGHLIGHT).read_text("utf-8") == "own"
    assert sheets((config.output / "about.html").read_text("utf-8")) == ["static/style.css"]


def test_a_theme_that_extends_another_follows_its_highlighting(config: Config) -> None:
    (config.content / "about.md").write_text(CODE_IN_A_PAGE, "utf-8")
    found = styles(config._replace(theme=Theme("ink")))
    assert found == ["static/style.css", HIGHLIGHT, "static/theme.css"]


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour like #fdfcf9 (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2.2)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def colours(path: str) -> list[dict[str, str]]:
    """Return the colours of a style sheet's first two :root, light and dark."""
    roots = re.findall(r":root \{(.*?)\}", (PROJECT / "themes" / path).read_text("utf-8"), re.S)
    return [dict(re.findall(r"--(color-[a-z-]+): (#[0-9a-f]{6});", root)) for root in roots[:2]]


@pytest.mark.parametrize(
    "theme", ["default/static/style.css", "ink/static/theme.css", "gazette/static/theme.css"]
)
@pytest.mark.parametrize("scheme", [0, 1])
def test_every_colour_of_code_can_be_read(theme: str, scheme: int) -> None:
    tokens = colours("default/static/highlight.css")[scheme]
    assert len(tokens) == 7
    panel = colours(theme)[scheme]["color-panel"]
    assert {name: c for name, c in tokens.items() if contrast(c, panel) < 4.5} == {}


def test_every_rule_of_the_style_sheet_uses_a_colour_that_it_defines() -> None:
    css = (PROJECT / "themes/default/static/highlight.css").read_text("utf-8")
    light, dark = colours("default/static/highlight.css")
    assert set(re.findall(r"var\(--([a-z-]+)\)", css)) == set(light) == set(dark)
