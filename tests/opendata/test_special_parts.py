"""Addresses, mentions, tags and long numbers are found in texts of any script, however written."""

from __future__ import annotations

from typing import Literal
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opendata.test_anonymous import short, texts_of

from sitegen.opendata.anonymity.special_parts import has_address

ZEROS = st.sampled_from("0０٠०⓪")
SIGNS = " \t\u00a0\u2002\u2007\u202f\u3000-‐‑–—－〜.．/／()（）·・:：_+＋ー−"
UNSEEN = st.sampled_from(["", "\u200b", "\u200e", "\u2066", "\ufe0f\u20e3", "\u0332"])
GAPS = st.builds("".join, st.tuples(UNSEEN, st.text(SIGNS, max_size=3), UNSEEN))


def of_zero(zero: str, digit: int) -> str:
    """Return a digit of the script that a zero is of."""
    return chr(ord("①") + digit - 1) if zero == "⓪" and digit else chr(ord(zero) + digit)


@given(
    st.lists(st.tuples(st.integers(0, 9), GAPS), min_size=7, max_size=16),
    ZEROS,
    st.sampled_from(["", "+", "＋", "(", "（", "+\u200e"]),
    st.sampled_from(["It is {}, ask.", "番号は{}です"]),
)
def test_a_long_number_has_one_pseudonym_however_it_is_written(
    pieces: list[tuple[int, str]], zero: str, prefix: str, form: str
) -> None:
    # 6 begins neither a date, a time of day nor a year, and 77 ends none.
    digits = [6, 7, 7, *(digit for digit, _ in pieces), 7, 7]
    gaps = ["", "", *(gap for _, gap in pieces), "", "", ""]
    number = "".join(of_zero(zero, digit) + gap for digit, gap in zip(digits, gaps, strict=True))
    found = texts_of().scrub(form.format(prefix + number), "net")
    plain = texts_of().scrub(form.format("".join(map(str, digits))), "net")
    assert found == plain
    assert short(found) != found
    assert has_address(prefix + number)


@pytest.mark.parametrize(
    "text",
    [
        "2024-05-06 10:00:00", "2024-05-06T10:00:00.000Z", "2024-05-06T10:00:00+02:00", "10:00:00+02:00 2024-05-06",
        "Open 10:00-12:00, 14:00–18:00 19:30-20:15", "1:23:45 / 2:34:56", "On 01.05.2024 10:00", "10:00 01.05.2024",
        "２０２４－０５－０６", "２０２４／０５／０６　１０：００〜１２：００", "2019〜2021", "2019・2020・2021", "2024_05_06", "2024-05-06–2024-05-07", "2024-05-06_10:00:00.000", "２０１９　２０２０",
    ],
)  # fmt: skip
def test_dates_and_times_stay(text: str) -> None:
    assert texts_of().scrub(text, "net") == text


@pytest.mark.parametrize(
    "text", ["06:12:34:56:78", "20:15 0612345678", "0612 34:56", "06_12_34_56_78", "+++5551234567"]
)
def test_what_is_longer_than_a_date_or_a_time_is_a_number(text: str) -> None:
    assert short(texts_of().scrub(text, "net")).lstrip("+") == "<number>"


@pytest.mark.parametrize(
    "text",
    ["口座DE89370400440532013000です", "DE89\u30003704\u30000044\u30000532\u30000130\u300000"],
)
def test_account_numbers_are_found_in_any_script(text: str) -> None:
    assert "DE" not in texts_of().scrub(text, "net")


# What may be beside a word in its sentence, in several scripts.
BEFORE = st.sampled_from(["", "詳しくは", "是", "к ", "مع ", "(", "„", "see "])
BEHIND = st.sampled_from(["", "をご覧ください", "的网站", "です", " тут", " هنا", ").", "!", "…"])
HOSTS = st.sampled_from(
    ["takahashi-naoko.example", "петрова.рф", "霍尔泽.中国", "holzer.xn--p1ai", "xn--bcher-kva.example", "mu\u0308ller.example",
     "μαρία.ελ", "أحمد.السعودية", "मारिया.भारत", "holz\u00ader.example", "a.takahashi.example", "did:plc:takahashi"]
)  # fmt: skip


@given(BEFORE, HOSTS, BEHIND)
def test_a_host_leaves_nothing_behind(before: str, host: str, behind: str) -> None:
    found = short(texts_of().scrub(before + host + behind, "net"))
    assert "https://link.invalid/<link>" in found
    left = found.replace("https://link.invalid/<link>", "")
    # Without spaces, a host may go on into the words beside it, but no part of it stays.
    assert set(normalize("NFD", left)) <= set(normalize("NFD", before + behind))
    assert len(left) <= len(before + behind)


@pytest.mark.parametrize(
    "text",
    [
        "г.Москва",
        "т.е. так",
        "1.苹果 2.香蕉",
        "１.はじめに",
        "จ.เชียงใหม่",
        "3.5 миллиона",
        "end. Start",
    ],
)
def test_abbreviations_and_numbered_lists_are_no_hosts(text: str) -> None:
    assert texts_of().scrub(text, "net") == text


LOCAL_PARTS = st.sampled_from(
    ["renée.dupont", "o'brien", "saitohanako", "मारिया", "x+y", "ann_lee", "a!b#c", "محمد\u200cرضا", "ann=lee/x", "斎藤"]
)  # fmt: skip
DOMAINS = st.sampled_from(["mail.example", "пошта.example", "मेल.example", "xn--bcher-kva.example"])
Form = Literal["NFC", "NFD"]
FORMS = st.sampled_from(["NFC", "NFD"])


@given(
    st.sampled_from(["", "'", "**", "(", "“", "x ", "é.x@mail.example+"]), LOCAL_PARTS,
    st.sampled_from("@＠﹫"), DOMAINS, FORMS, st.sampled_from(["", "'", ")", ".", " x"]),
)  # fmt: skip
def test_an_email_address_leaves_nothing_behind(
    before: str, local: str, at: str, domain: str, form: Form, behind: str
) -> None:
    plain = texts_of().scrub(f"{local}@{domain}", "net")
    assert short(plain) == "<email>"
    found = texts_of().scrub(before + normalize(form, local + at + domain) + behind, "net")
    assert found == texts_of().scrub(before, "net") + plain + behind


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(
    "word", ["renée", "मारिया_शर्मा", "മരിയ", "မေ", "می\u200cرود", "محمَّد", "Ánna"]
)
def test_tags_and_mentions_are_whole_words(word: str, form: Form) -> None:
    text = normalize(form, f"@{word}! #{word}, ＃{word} ＠{word}")
    assert short(texts_of().scrub(text, "net")) == "@<account>! [tag], [tag] @<account>"
