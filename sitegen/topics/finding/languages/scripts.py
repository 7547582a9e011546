"""Detect the language of posts that state none, or one of another script."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from sitegen.query.folding import fold
from sitegen.topics.finding.languages import word_lists
from sitegen.topics.finding.samples import Sample

_SCRIPTS = {
    "kana": "\u3041-\u30ff", "han": "\u3400-\u9fff", "hangul": "\uac00-\ud7a3",
    "cyrillic": "\u0400-\u04ff", "arabic": "\u0600-\u06ff", "hebrew": "\u0590-\u05ff",
    "greek": "\u0370-\u03ff", "devanagari": "\u0900-\u097f", "bengali": "\u0980-\u09ff",
    "tamil": "\u0b80-\u0bff", "thai": "\u0e00-\u0e7f", "latin": "A-Za-z\u00c0-\u024f",
}  # fmt: skip
_PATTERNS = {name: re.compile(f"[{chars}]") for name, chars in _SCRIPTS.items()}
_DENSE = {"kana": 3, "han": 3, "hangul": 3}  # how many letters of others a character is worth
_LANGUAGES = {
    "kana": ("ja",), "han": ("zh", "ja"), "hangul": ("ko",), "greek": ("el",),
    "cyrillic": ("ru", "uk", "bg", "mk", "sh"), "arabic": ("ar", "fa", "ur"), "hebrew": ("he",),
    "devanagari": ("hi",), "bengali": ("bn",), "tamil": ("ta",),
    "latin": ("en", "de", "es", "fr", "it", "pt", "nl", "sv", "da", "nb", "fi", "pl", "cs", "tr",
              "id", "ca", "ro", "hu"),
}  # fmt: skip
_OTHER_LATIN = ("sh", "fil", "is", "lt", "lv", "ms", "sk", "sl", "vi")  # only where they are stated
_COMMON_WORDS = 150  # by which a language is detected
_MIN_HITS = 2
_WORD = re.compile(r"[^\W\d_]+")


def languages_of(samples: Sequence[Sample]) -> list[str]:
    """Return the language of each post: stated, else detected, else that of most; "" for none."""
    scripts = [_script_of(each.text) for each in samples]
    found = [_stated(each, script) for each, script in zip(samples, scripts, strict=True)]
    for at, language in enumerate(found):
        if not language and scripts[at]:
            found[at] = _detect(samples[at].text, scripts[at])
    usual = {script: _usual(script, scripts, found) for script in set(scripts)}
    return [language or usual[script] for language, script in zip(found, scripts, strict=True)]


def _script_of(text: str) -> str:
    """Return the script that most of a text is in; "" without letters."""
    if text.isascii():
        return "latin" if any(map(str.isalpha, text)) else ""
    counts = {name: len(p.findall(text)) * _DENSE.get(name, 1) for name, p in _PATTERNS.items()}
    if counts["kana"] and counts["kana"] + counts["han"] >= counts["latin"]:
        return "kana"
    most = max(counts, key=counts.__getitem__)
    return most if counts[most] else ""


def _stated(sample: Sample, script: str) -> str:
    """Return the first stated language that has a list and is written in this script."""
    known = (*_LANGUAGES.get(script, ()), *(_OTHER_LATIN if script == "latin" else ()))
    names = map(word_lists.list_name, sample.langs)
    return next((name for name in names if name and name in known), "")


def _detect(text: str, script: str) -> str:
    """Return the language whose most frequent words a text has most of; "" if that is not clear."""
    known = [name for name in _LANGUAGES.get(script, ()) if name in word_lists.languages()]
    if len(known) <= 1 or script in ("kana", "han"):
        return known[0] if known else ""
    words = {fold(word) for word in _WORD.findall(text)}
    hits = {name: len(words & word_lists.most_frequent(name, _COMMON_WORDS)) for name in known}
    most = max(hits.values())
    likely = [name for name in known if hits[name] == most]
    return likely[0] if most >= _MIN_HITS and len(likely) == 1 else ""


def _usual(script: str, scripts: Sequence[str], found: Sequence[str]) -> str:
    """Return the language of most posts in a script."""
    counts = Counter([lang for lang, own in zip(found, scripts, strict=True) if own == script])
    del counts[""]
    return min(counts, key=lambda name: (-counts[name], name)) if counts else ""
