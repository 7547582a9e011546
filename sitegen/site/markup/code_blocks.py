"""Highlight blocks of code whose language a person names, with the classes of Pygments.

The input is sanitised HTML. Blocks without a language, with an unknown one, or of extreme length
stay as they are: nothing is guessed. Every block can be scrolled with the keyboard.
"""

from __future__ import annotations

import functools
import re
from html import unescape

MAX_CHARACTERS = 100_000  # of a block: some lexers are slow, and nobody reads that much in colour

_BLOCK = re.compile(r'<pre><code class="language-(?P<language>[^"]+)">(?P<code>[^<]*)</code></pre>')
_LANGUAGE = re.compile(r'<code class="[^"]*">')
_PRE = re.compile(r"<pre(?P<attributes>(?: [a-z]+=\"[^\"]*\")*)>")
_NAMED_LANGUAGE = re.compile(
    r"""^[ ]*(?:`{3,}|~{3,})[ ]*(?:[\w#+-]|\.\w|\{[ ]*\.)|class=["']?language-""", re.MULTILINE
)


def names_language(body: str) -> bool:
    """Tell whether Markdown may have a block of code with the name of its language."""
    return ("`" in body or "~" in body or "<" in body) and bool(_NAMED_LANGUAGE.search(body))


def highlight(html: str) -> str:
    """Highlight the blocks of code in sanitised HTML, and make all of them focusable."""
    if "<code class" in html:
        html = _LANGUAGE.sub("<code>", _BLOCK.sub(_highlight_block, html))
    return _PRE.sub(r'<pre\g<attributes> tabindex="0">', html) if "<pre" in html else html


def _highlight_block(block: re.Match[str]) -> str:
    """Return a block with the tokens of its language as spans, unchanged without a lexer."""
    from pygments import lex
    from pygments.lexers import get_lexer_by_name
    from pygments.token import Text, Whitespace

    code, language = unescape(block["code"]), unescape(block["language"]).lower()
    if language not in _known_languages() or len(code) > MAX_CHARACTERS:
        return block[0]
    lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    tokens = [(Text if kind is Whitespace else kind, text) for kind, text in lex(code, lexer)]
    if "".join([text for _, text in tokens]) != code:  # some lexers normalise what they read
        return block[0]
    from pygments import format as to_html
    from pygments.formatters.html import HtmlFormatter

    spans = to_html(tokens, HtmlFormatter(nowrap=True)).removesuffix("\n")
    spans = spans.replace("&quot;", '"').replace("&#39;", "'")  # as later versions leave them
    ending = "\n" if code.endswith("\n") else ""
    return f'<pre class="highlight"><code>{spans}{ending}</code></pre>'


@functools.cache
def _known_languages() -> frozenset[str]:
    """Return the names of languages; those of installed plug-ins would differ between machines."""
    from pygments.lexers import get_all_lexers

    return frozenset(
        [alias for _, aliases, _, _ in get_all_lexers(plugins=False) for alias in aliases]
    )
