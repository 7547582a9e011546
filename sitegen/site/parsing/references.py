"""Find the relative addresses in handwritten texts and in fields of pages, with their lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from html import unescape
from urllib.parse import unquote

from sitegen.content.format.post_text import marker
from sitegen.content.format.stored import StoredPost
from sitegen.content.post_media import media_block
from sitegen.model import Json
from sitegen.site.markup import references
from sitegen.site.markup.references import Reference
from sitegen.text.code_samples import blank_out

Render = Callable[[str], str]


def references_in(
    body: str, render: Render, text: str, start: int = 0, at: int = 0
) -> tuple[Reference, ...]:
    """Return the references of a Markdown text, which is in a file's `text` after `start`.

    `render` makes sanitised HTML; it is called only for texts that may have references.
    """
    if not references.may_refer(body):
        return ()
    prose = blank_out(text)  # addresses in code samples are none
    found: dict[str, bool] = {}
    for address, is_picture in references.addresses(render(body)):
        found[address] = found.get(address, False) or is_picture
    return tuple(
        [
            Reference(address, _line_of(address, prose, start), is_picture, at)
            for address, is_picture in found.items()
        ]
    )


def references_of_posts(
    posts: Sequence[StoredPost], render: Render, decode: Callable[[], str]
) -> tuple[Reference, ...]:
    """Return the references of the posts of a thread; `decode` returns the text of its file."""
    referring = [
        (at, stored.post.id, stored.handwritten)
        for at, stored in enumerate(posts)
        if stored.handwritten and references.may_refer(stored.handwritten)
    ]
    text = decode() if referring else ""
    found: list[Reference] = []
    for at, identity, body in referring:
        start = max(0, text.find(marker(identity)))
        found += references_in(body, render, text, start, at)
    return tuple(found)


def references_in_fields(value: Json, text: str) -> tuple[Reference, ...]:
    """Return the pictures that a page's own fields name; `text` is that of its file."""
    return tuple(
        [
            Reference(address, _line_of(address, text, 0), is_picture=True, is_field=True)
            for address in dict.fromkeys(_texts(value))
            if media_block.kind_of(address, False) == "image"
            and references.is_relative(address)
            and "\n" not in address
        ]
    )


def _texts(value: Json) -> Iterator[str]:
    """Yield all texts in a value of front matter."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)


def _line_of(address: str, text: str, start: int) -> int:
    """Return the number of the first line that has an address, that at `start` if none has."""
    first = text.count("\n", 0, start) + 1
    decoded = unquote(address)
    whole = re.compile(rf"(?<![\w/.%-])(?:{re.escape(address)}|{re.escape(decoded)})(?![\w/%-])")
    for number, line in enumerate(text[start:].split("\n"), first):
        variants = (line, unescape(line), line.replace("\\", ""), unquote(line))
        if any(map(whole.search, variants)):
            return number
    return first
