"""The inside of a paragraph: text, emphasis, code and links, as the reference would show them.

What is written here needs no sanitising. What the reference reads in a way that takes more than
this to say raises `UnusualError`, and is left to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from sitegen.site.render.escaping import escaped, link_opening
from sitegen.site.render.sanitise import REL

_RELATIVE = re.compile(r"(?:/|(?:\.\.?/)*)[A-Za-z0-9_][\w./~-]*(?:#[\w.-]*)?|#[\w.-]+", re.ASCII)
_ENTITY = r"(?:\#[0-9A-Za-z]+|[0-9A-Za-z]+);"
# Of the tags that may reach a page, those that begin no block.
_TAGS = "b|i|u|s|em|strong|del|ins|mark|small|sub|sup|kbd|code|samp|var|cite|dfn|q"
_MARKUP = re.compile(r"[\\`\[<&]")
_TOKEN = re.compile(
    rf"""[\\`\[<&](?:
    (?<=\\)(?P<escaped>[\\`*_{{}}\[\]()>\#+\-.!|])(?!`)
    |(?<=`)(?<![`\\]`)(?P<code>(?:[^`<&]|<(?![A-Za-z/!?])|&(?!\#))++)`(?!`)
    |(?<=\[)(?<!!\[)(?P<display>(?:[^\\\[\]`<]|\\[\\*_{{}}\[\]()>\#+\-.!|](?!`)|`[^\\\[\]`<]++`(?!`))++)
        \]\((?P<address>(?:[^\s()<>\[\]"'`\\&]|&(?!\#|{_ENTITY}))++)\)
    |(?<=\[)(?<!!\[)(?P<bracket>(?=[^\\\[\]`<]*+\](?!\()))
    |(?<=<)(?P<url>https?://(?:[A-Za-z0-9._~:/?\#@!$()*+,;=%|-]|&(?!\#|{_ENTITY}))++)>
    |(?<=<)(?P<tag>{_TAGS})>(?P<element>[^\\`\[\]<>&*_\n]++)</(?P=tag)>
    |(?<=<)(?P<less>(?![A-Za-z/!?]|[^<>\ !@]*+@))
    |(?<=&)(?:\#(?P<number>[0-9]{{1,7}}|[xX][0-9A-Fa-f]{{1,6}})|(?P<name>[A-Za-z][A-Za-z0-9]*));
    |(?<=&)(?P<ampersand>(?!\#|[0-9A-Za-z]++;))
    )?""",
    re.VERBOSE,
)
# Emphasis in which no other begins; an underscore inside a word is none.
_INSIDE = r"(?=[^\s*_])(?:[^*_]|(?<=[^\W_])_(?=[^\W_]))++(?<=[^\s*_])"
_EMPHASIS = (
    ("*", re.compile(rf"(?<![*_])(\*\*?)({_INSIDE})\1(?![*_])")),
    ("_", re.compile(rf"(?<![\w*])(__?)({_INSIDE})\1(?![\w*])")),
)
_DELIMITER = re.compile(r"[*_](?:(?<!\*)|(?<![ \n]\*)|(?![ \n]))(?:(?<!_)|(?<![^\W_]_)|(?![^\W_]))")
_BETWEEN = re.compile(r"(?<=[^\s*_])[*_]+(?=[^\s*_])")
_INDENTED = re.compile(r"\n[^\S\n]")
_HELD = re.compile("\x02")


class UnusualError(Exception):
    """A text says more than is written here."""


def inline_html(text: str, line_end: str) -> str:
    """Return the HTML of a paragraph's text; `line_end` stands for its line ends.

    Neither control characters nor blank lines may be in it. Raises UnusualError.
    """
    held: list[str] = []
    if _MARKUP.search(text):
        text = _TOKEN.sub(partial(_hold, held, line_end), text)
    if ">" in text:
        text = text.replace(">", "&gt;")
    if "\n" in text:
        if _INDENTED.search(text):
            raise UnusualError
        text = text.replace("  \n", "\x03")
    if "*" in text or "_" in text:
        text = _emphasised(text)
    if "\xa0" in text:
        text = text.replace("\xa0", "&nbsp;")
    if "\n" in text:
        text = text.replace("\n", line_end)
    if "\x03" in text:
        text = text.replace("\x03", "<br>\n")
    if held:
        rest = iter(held)
        text = _HELD.sub(lambda _: next(rest), text)
    return text


def _hold(held: list[str], line_end: str, token: re.Match[str]) -> str:
    """Keep a token's HTML from what looks for emphasis, and return what stands for it."""
    kind = token.lastgroup
    if kind is None:
        raise UnusualError
    if kind in _LITERAL:
        return _LITERAL[kind]
    held.append(_WRITERS[kind](token, line_end))
    return "\x02"


def _emphasised(text: str) -> str:
    """Write emphasis, and that around it where no sign could be an end as well as a start."""
    written = _with_emphasis(text)
    if ("*" in written or "_" in written) and _DELIMITER.search(written):
        if _BETWEEN.search(text):
            raise UnusualError
        written = _with_emphasis(written)
        if _DELIMITER.search(written):
            raise UnusualError
    return written


def _with_emphasis(text: str) -> str:
    for sign, pattern in _EMPHASIS:
        if sign in text:
            text = pattern.sub(_emphasis, text)
    return text


def _emphasis(match: re.Match[str]) -> str:
    sign, inside = match.groups()
    return f"<em>{inside}</em>" if len(sign) == 1 else f"<strong>{inside}</strong>"


def _linked(token: re.Match[str], line_end: str) -> str:
    address = token["address"]
    inside = inline_html(token["display"], line_end)
    if _RELATIVE.fullmatch(address):
        return f'<a href="{address}" rel="{REL}">{inside}</a>'
    return _link(address, inside)


def _link(url: str, inside: str) -> str:
    opening = link_opening(url)
    if opening is None:
        raise UnusualError
    return f"{opening}{inside}</a>" if opening else inside


def _element(tag: str, text: str) -> str:
    return f"<{tag}>{escaped(text)}</{tag}>"


def _numbered(token: re.Match[str], line_end: str) -> str:
    """Write a numeric entity; HTML reads C0 and C1 in its own ways, and has no surrogates."""
    digits = token["number"]
    number = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    if number < 0x20 or 0x7F <= number < 0xA0 or number > 0x10FFFF:
        raise UnusualError
    if 0xD800 <= number < 0xE000 or number in (0xFFFE, 0xFFFF):
        raise UnusualError
    return escaped(chr(number))


def _named(token: re.Match[str], line_end: str) -> str:
    from html.entities import html5

    characters = html5.get(token["name"] + ";")
    if characters is None or characters < " ":
        raise UnusualError
    return escaped(characters)


_LITERAL = {"bracket": "[", "less": "&lt;", "ampersand": "&amp;"}
_WRITERS: dict[str, Callable[[re.Match[str], str], str]] = {
    "escaped": lambda token, line_end: escaped(token["escaped"]),
    "code": lambda token, line_end: f"<code>{escaped(token['code'].strip())}</code>",
    "address": _linked,
    "url": lambda token, line_end: _link(token["url"], escaped(token["url"])),
    "element": lambda token, line_end: _element(token["tag"], token["element"]),
    "number": _numbered,
    "name": _named,
}
