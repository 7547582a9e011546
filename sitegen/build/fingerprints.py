"""The fingerprint of a page: a digest of all that its bytes follow from.

That is the page's own value, its template with all that it extends, includes and imports,
what every page may know of the site, and sitegen's own version.
"""

from __future__ import annotations

import hashlib
from typing import Any

import sitegen
from sitegen.build.plan import Plan
from sitegen.build.theme import Theme
from sitegen.build.values import Document, Entry, Opening, Page, Whole
from sitegen.config import Config


def fingerprinted(plan: Plan, config: Config, theme: Theme) -> dict[str, bytes]:
    """Return the fingerprint of every page of a plan, by its address."""
    base = repr((sitegen.__version__, plan.site, config.build)).encode()
    templates = {
        name: hashlib.blake2b(base + theme.digest(name).encode(), digest_size=16).digest()
        for name in {page.template for page in plan.pages}
    }
    return {page.path: _of(page, templates[page.template]) for page in plan.pages}


def _of(page: Page, template: bytes) -> bytes:
    told = (page.title, page.description, page.feeds, page.image, page.date, page.indexed)
    tokens = [repr((page.path, page.template, page.base, *told))]
    for name, value in page.context.items():
        tokens.append(name)
        _tokens(value, tokens)
    text = "\0".join(tokens).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(template + text, digest_size=16).digest()


def _tokens(value: Any, tokens: list[str]) -> None:
    """Write a value down so that two that differ are written differently.

    Threads and documents are known by the digest of the file that they came from.
    """
    kind = type(value)
    if kind is Entry or kind is Document:
        tokens.append(value.digest)
    elif kind is Whole:
        tokens.append(value.entry.digest)
        for identity, quoted in value.quoted:
            tokens += (identity, quoted.digest)
        tokens += value.missing
    elif kind is Opening:
        _tokens(value.whole, tokens)
    elif kind is tuple:
        tokens.append(f"({len(value)}")
        for item in value:
            _tokens(item, tokens)
    else:
        tokens.append(repr(value))
