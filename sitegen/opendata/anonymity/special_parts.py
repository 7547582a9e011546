"""Recognise the parts of a text that may name anybody: mentions, tags, addresses, long numbers."""

from __future__ import annotations

import regex

from sitegen.opendata.anonymity.long_numbers import DATE, LONG_NUMBER

SPECIAL = regex.compile(
    rf"""
    (?P<link> (?<![a-z0-9+.-]) (?: [a-z][a-z0-9+.-]*:// | mailto: | www\. )
        [^\s<>"“”「」『』（）、。|`]+ )
    | (?P<did> \bdid:[a-z0-9]+:[\w.:%-]+ )
    | (?P<email> (?<![\w.+-]) [\w.+-]+ @ [\w-]+ (?:\.[\w-]+)+ )
    | [@＠](?P<mention> \w (?:[\w.@:-]*\w)? )
    | [\#＃](?P<tag> \w+ )
    | (?P<host> (?<![\w.-]) (?:[\w-]+\.)+ (?:[a-z]{{2,63}}|xn--[a-z0-9-]+) (?!\.?\w)
        (?: [:/?\#][^\s<>"“”「」『』（）、。|`]* )? )
    | (?P<date> {DATE} )
    | (?P<number> {LONG_NUMBER} )
    """,
    regex.VERBOSE | regex.IGNORECASE,
)
_KEPT = ("tag", "date")  # which name nobody, or are looked at in another way


def has_address(text: str) -> bool:
    """Return whether a text has an address, a mention or a number that is replaced in posts."""
    return any(match.lastgroup not in _KEPT for match in SPECIAL.finditer(text))
