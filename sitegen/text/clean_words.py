"""Texts without what is no word of a language: addresses of pages, and names of accounts."""

from __future__ import annotations

import re

# An address, an account, or the host of an address that its network cut off.
_ADDRESS = re.compile(
    r"https?://\S+|(?<![\w.])@[\w.@-]*\w|[\w.+-]+@[\w-]+\.[\w.-]+"
    r"|(?<![\w.])(?:[\w-]+\.)+[a-z]{2,}(?:/\S*)?(?![\w.]*\w)",
)
_PLAIN_ADDRESS = re.compile(r"https?://\S+|@[\w.@-]+")


def without_plain_addresses(text: str) -> str:
    """Return a text without the addresses and accounts that are easy to see; quick."""
    return _PLAIN_ADDRESS.sub(" ", text) if "@" in text or "://" in text else text


def without_addresses(text: str) -> str:
    """Return a text with a line break in place of every address and every name of an account."""
    if "@" in text or "." in text or "://" in text:
        return _ADDRESS.sub("\n", text)
    return text
