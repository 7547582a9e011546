"""Folding and splitting: by one table, the same with and without caches, and once is enough."""

from __future__ import annotations

import re
import sys
import unicodedata

import characters
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import TEXTS

from sitegen.query import folding
from sitegen.query.characters import NAME, character_class, read_table

# What people mix in one text: letters with and without marks, runs without spaces, emoji, flags.
MIXED = st.text(alphabet=st.sampled_from("aZ9 -'_ßςΣıİéе\u0301йَم\u0640ガｶﾞ東・京ไทย가👩\u200d🔬❤\ufe0f🇩🇪1\u20e3\xadﬁ½—"), max_size=30)  # fmt: skip
ANY = st.one_of(TEXTS, MIXED, st.text(max_size=20))
ASSIGNED = ANY.filter(lambda text: all(unicodedata.category(char) != "Cn" for char in text))


same_unicode = pytest.mark.skipif(
    unicodedata.unidata_version != read_table().unicode,
    reason="this Python knows another version of Unicode than the table",
)


@pytest.mark.slow
@same_unicode
def test_the_table_is_what_unicodedata_says() -> None:
    assert characters.TABLE.name == NAME
    assert characters.TABLE.read_text("utf-8") == characters.serialise(characters.generate())


@same_unicode
@pytest.mark.parametrize("name", ["ignored", "symbols", "unspaced", "words"])
def test_the_table_has_each_assigned_character_in_its_class(name: str) -> None:
    members = character_class(name)
    for code in range(0, sys.maxunicode, 7):
        char = chr(code)
        if unicodedata.category(char) not in ("Cn", "Co", "Cs"):
            assert (code in members) == (characters.class_of(char) == name), hex(code)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Heron LAKE", "heron lake"),
        ("Zoë, naïve", "zoe, naive"),
        ("Straße", "strasse"),
        ("ΣΊΣΥΦΟΣ", "σισυφοσ"),
        ("İstanbul Isparta ılık", "istanbul isparta ilik"),
        ("ЁЛКА й", "елка и"),
        ("שָׁלוֹם", "שלום"),
        ("مَرْحَبًا", "مرحبا"),
        ("ﬁsh ²½ ＡＢ", "fish 21⁄2 ab"),
        ("ｶﾞ ガ が", "ガ ガ が"),  # the marks of kana are letters of their own to readers
        ("हिन्दी", "हिन्दी"),
        ("ไทย น้ำ", "ไทย น้ํา"),
        ("\ud800", "\ud800"),
        # What Unicode 14 does not know is the same for ever: letters of Garay, outlined capitals,
        # a Latin letter with a mark, vowels that become one.
        ("É\U00010d50\U0001ccd6É", "e\U00010d50\U0001ccd6e"),
        ("Á\ua7cb\u0301Á", "a\ua7cb\u0301a"),
        ("\U00016d67\U00016d67", "\U00016d67\U00016d67"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert folding.fold(text) == folded


def test_accents_without_a_letter_are_spaces() -> None:
    """Unicode says which they are: what decomposes into a space and marks, for ever."""
    for code in range(sys.maxunicode):
        decomposed = unicodedata.normalize("NFKD", chr(code))
        first, marks = decomposed[0], decomposed[1:]
        is_accent = first == " " and marks and all(map(unicodedata.combining, marks))
        if is_accent:
            assert folding.fold(chr(code)) == " ", hex(code)
        elif folding.fold(chr(code)) == " ":
            assert first == " ", hex(code)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        (" — … ", ""),
        ("Don’t go; don't!", "don t go don t"),
        ("l´été don´t ´hello´ ΄Ελληνας", "l ete don t hello ελληνασ"),
        ("a‗b c¸d ﹶe", "a b c d e"),
        ("ㅋㅋㅋㅠㅠ 한글", "ㅋ ㅋ ㅋ ㅠ ㅠ | 한 글"),
        ("a ◾ ⤴\ufe0f b", "a ◾ ⤴ b"),
        ("foo_bar C++ 3.14", "foo bar c 3 14"),
        ("co\xadoperate naïve", "cooperate naive"),
        ("می‌خواهم", "میخواهم"),
        ("東京・大阪", "東 京 | 大 阪"),
        ("東京2020年x", "東 京 2020 年 x"),
        ("学校에서 하늘", "学 校 에 서 | 하 늘"),
        ("ไทย ลาว", "ไ ท ย | ล า ว"),
        ("👍🏽👩\u200d🔬❤\ufe0f", "👍 🏽 👩 🔬 ❤"),
        ("🇩🇪🇫🇷 🇩", "🇩🇪 🇫🇷 🇩"),
        ("a🇩🇪b", "a 🇩🇪 b"),
        ("1\ufe0f\u20e3 ok🙂ok", "1 ok 🙂 ok"),
    ],
)
def test_splitting(text: str, words: str) -> None:
    assert folding.split_words(text) == f" {words} "


@given(ANY)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folding.fold(folding.fold(text)) == folding.fold(text)


@given(ANY)
def test_pieces_are_folded_as_the_whole_is(text: str) -> None:
    assert folding.fold(text) == folding.fold_whole(text)


def slowly_split(text: str) -> list[str]:
    """Return the words of a text, by a regular expression for each character."""
    tokens: list[str] = []
    was_run = False
    kept = "".join([c for c in folding.fold(text) if characters.class_of(c) != "ignored"])
    signs = {"words": "w", "unspaced": "u", "symbols": "s", "": " "}
    kinds = ["f" if "🇦" <= c <= "🇿" else signs[characters.class_of(c)] for c in kept]
    for match in re.finditer("w+|u+|ff?|s", "".join(kinds)):
        found = kept[match.start() : match.end()]
        is_run = match[0][0] == "u"
        tokens += [folding.BREAK] if is_run and was_run else []
        tokens += found if is_run else [found]
        was_run = is_run
    return tokens


@given(ASSIGNED)
def test_splitting_is_that_of_its_definition(text: str) -> None:
    assert folding.split_words(text).split(" ") == ["", *(slowly_split(text) or [""]), ""]
