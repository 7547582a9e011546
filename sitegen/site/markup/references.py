"""The addresses in sanitised HTML that may lead to files of content/: list them, replace them.

These are relative addresses of links, images, video and sound. Addresses with a scheme or a host,
from the top of the host (`/a`) and within the page (`#a`) are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from html import unescape

from msgspec import Struct

from sitegen.site.markup.escaping import escape_attribute
from sitegen.site.markup.sanitise import unlink

_OTHER = r"[\x00-\x20]*(?:[a-z][a-z0-9+.-]*:|[/?#]|\Z)"
_OTHER_ADDRESS = re.compile(_OTHER, re.IGNORECASE)
# What may become a relative address, by the characters with which it is found quickly.
_MAY_REFER = {
    "](": re.compile(rf"\]\([ ]*+<?+(?!{_OTHER})", re.IGNORECASE),
    "]:": re.compile(
        rf"^[ ]{{0,3}}\[(?!\^)[^\]\n]+\]:[ ]*+<?+(?!{_OTHER})", re.IGNORECASE | re.MULTILINE
    ),
    "=": re.compile(r"\b(?:href|src|poster)\s*=", re.IGNORECASE),
}
_TAG = re.compile(r'<(?P<tag>a|img|video|audio|source)(?P<attributes>(?: [a-z]+="[^"]*")*)>')
_ATTRIBUTE = re.compile(r' (?P<name>href|src|poster)="(?P<value>[^"]*)"')
_ALT = re.compile(r' alt="([^"]+)"')


class Reference(Struct, frozen=True, array_like=True):
    """A relative address in a handwritten text or in a page's own fields, and its line in the file.

    `at` is the position of the post in its thread; `is_picture` says that an image shows the file.
    """

    address: str
    line: int
    is_picture: bool
    at: int = 0
    is_field: bool = False


class Target(Struct, frozen=True, array_like=True):
    """Where an address leads: a site path, and an encoded suffix such as "#a"; nowhere if None."""

    address: str
    path: str | None
    suffix: str = ""


def is_relative(address: str) -> bool:
    """Tell whether an address may lead to a file of content/."""
    return not _OTHER_ADDRESS.match(address)


def may_refer(body: str) -> bool:
    """Tell whether the HTML of a Markdown text may have relative addresses."""
    return any(start in body and pattern.search(body) for start, pattern in _MAY_REFER.items())


def addresses(html: str) -> Iterator[tuple[str, bool]]:
    """Yield the relative addresses in sanitised HTML, and whether an image shows the file."""
    for tag in _TAG.finditer(html):
        for attribute in _ATTRIBUTE.finditer(tag["attributes"]):
            address = unescape(attribute["value"])
            if is_relative(address):
                yield address, tag["tag"] == "img"


def lead(
    html: str, targets: Iterable[Target], resolve: Callable[[str], str], undescribed: str
) -> str:
    """Replace the addresses in sanitised HTML by those of their targets.

    `resolve` makes a site path into an address. A link that leads nowhere becomes text, and an
    image its description, or the words `undescribed`.
    """
    by_address = {target.address: target for target in targets}
    if not by_address:
        return html

    def replace_attribute(attribute: re.Match[str]) -> str:
        target = by_address.get(unescape(attribute["value"]))
        if target is None:
            return attribute[0]
        if target.path is None:
            return ""
        address = resolve(target.path) + target.suffix
        return f' {attribute["name"]}="{escape_attribute(address)}"'

    def replace_tag(tag: re.Match[str]) -> str:
        attributes = _ATTRIBUTE.sub(replace_attribute, tag["attributes"])
        if tag["tag"] == "img" and " src=" in tag["attributes"] and " src=" not in attributes:
            alt = _ALT.search(attributes)
            return f"[{alt[1] if alt else escape_attribute(undescribed)}]"
        return f"<{tag['tag']}{attributes}>"

    return unlink(_TAG.sub(replace_tag, html))
