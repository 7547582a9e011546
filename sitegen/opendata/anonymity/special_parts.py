"""Recognise the parts of a text that may name anybody: mentions, tags, addresses, long numbers.

`re` has no accents and vowel signs among the characters of words, so these are patterns of `regex`.
"""

from __future__ import annotations

import regex

from sitegen.opendata.anonymity.long_numbers import DATE, LONG_NUMBER

# Of words: letters, digits, marks, and invisible characters that do not end a word.
_WORD = r"\w\p{M}\u00ad\u200c\u200d\u2060\ufeff"
_PATH = r"[^\s<>\"“”「」『』（）、。|`]"
EMAIL_SIGNS = "!#$%&'*+/=?^`{|}~.-"  # beside letters and digits (RFC 5322, section 3.2.3)
_LOCAL = rf"[{_WORD}{regex.escape(EMAIL_SIGNS)}]"
_AT = "[@＠﹫]"
# In Latin script, letters behind it are of the same word; in others, it may be another word.
_LATIN_END = r"(?! \.?[\p{Latin}\p{M}\p{N}_] )"
# One letter or a number before the dot is an abbreviation, or counts: "г.Москва", "1.苹果".
_OTHER_END = rf"(?<= [{_WORD}-]{{2}}\. ) (?<! (?<![{_WORD}.-]) \d+\. )"

SPECIAL = regex.compile(
    rf"""
    (?P<link> (?<![a-z0-9+.-]) (?: [a-z][a-z0-9+.-]*+:// | mailto: | www\. ) {_PATH}+ )
    | (?P<did> (?<![a-z0-9]) did:[a-z0-9]+:[a-z0-9._:%-]+ )
    | (?P<email> (?: \G | (?<!{_LOCAL}) ) {_LOCAL}++ {_AT} [{_WORD}-]+ (?:\.[{_WORD}-]+)+ )
    | {_AT}(?P<mention> \w (?: [{_WORD}.@＠:-]* [{_WORD}] )? )
    | [\#＃](?P<tag> [{_WORD}]+ )
    | (?P<host> (?<![{_WORD}.-]) (?:[{_WORD}-]+\.)+
        (?: xn--[a-z0-9-]+ | [a-z]{{2,63}} {_LATIN_END}
          | {_OTHER_END} (?: (?!\p{{Latin}}) [\p{{L}}\p{{M}}] ){{2,20}} )
        (?: [:/?\#]{_PATH}* )? )
    | (?P<date> {DATE} )
    | (?P<number> {LONG_NUMBER} )
    """,
    regex.VERBOSE | regex.IGNORECASE,
)
_KEPT = ("tag", "date")  # which name nobody, or are looked at in another way


def has_address(text: str) -> bool:
    """Return whether a text has an address, a mention or a number that is replaced in posts."""
    return any(match.lastgroup not in _KEPT for match in SPECIAL.finditer(text))
