"""Repairs: exact where every byte survived, lawful where not, and never on whole text."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sitegen.text.charset_repair import Mark, charset_names, damage, repair

NAMES = charset_names()
LOSSLESS = tuple(name for name in NAMES if " with" not in name)
LOSSY = tuple(name for name in NAMES if " with" in name)
PROSE = {
    "english": "The gauge didn’t move — we’ve waited “long enough”… It’s €5, don’t you think? • tea™",
    "french": "« L’été était déjà là », écrivait l’élève ; où est la forêt, à Besançon ? Ça ira, Noël.",
    "german": "„Die Straße ist größer als früher“, sagt Jürgen – und schüttelt den Kopf. Übung, Öl.",
    "spanish": "¿Dónde está el niño? ¡Mañana cumple años el señor Núñez! Pingüino, corazón.",
    "polish": "Zażółć gęślą jaźń, mówi łódź do śniegu.",
    "russian": "Сегодня чай и сон — шаг вперёд. Уровень 5 дБ, ёлка, объявление.",
    "greek": "Καλημέρα κόσμε, ο λόγος είναι καλός. Ωραία μέρα, ψυχή μου· τι κάνεις;",
    "arabic": "مرحبا بالعالم، هذا نص عربي. كيف الحال؟",
    "hebrew": "שלום עולם, זה טקסט קצר בעברית.",
    "chinese": "今天天气很好，我们去公园散步。图书馆开门了。",
    "japanese": "古い地図を見つけました。カタカナもあります。",
    "korean": "오늘은 날씨가 좋습니다. 도서관에 갑시다.",
    "emoji": "👍 🔁 💬 📌 🧵 🌱 ❤️ 👩‍💻 👍🏽 🇫🇷 1️⃣ ≠ → ✨",
    "ascii": "plain words, 12% of them (quoted) - nothing else.",
}
WORDS = sorted({word for text in PROSE.values() for word in text.split()})
STATISTICS = "15.09.2025 13:24 — 👍 2 🔁 0 💬 12 📌 0"


def prose(languages: tuple[str, ...] = tuple(PROSE)) -> st.SearchStrategy[str]:
    """Make lines of words of one to three languages."""
    chosen = st.lists(st.sampled_from(languages), min_size=1, max_size=3)
    return chosen.flatmap(_lines)


def _lines(languages: list[str]) -> st.SearchStrategy[str]:
    words = [word for language in languages for word in PROSE[language].split()]
    line = st.lists(st.sampled_from(words), min_size=1, max_size=9).map(" ".join)
    return st.lists(line, min_size=1, max_size=4).map("\n".join)


def pages() -> st.SearchStrategy[str]:
    """Make prose with statistics lines between."""
    return st.lists(prose(), min_size=1, max_size=3).map(
        lambda parts: "".join(f"{part}\n{STATISTICS}\n" for part in parts) + parts[0]
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("β", "iso-8859-15"),
        ("—", "mac-roman"),
        ("é", "cp437"),
        ("и", "cp1251"),
        ("ο", "mac-roman"),
    ],
)
def test_one_character_is_undone_where_it_can_have_been_nothing_else(text: str, name: str) -> None:
    assert repair(damage(text, name)).text == text


@given(text=prose(), name=st.sampled_from(LOSSLESS))
def test_damage_without_loss_is_undone_exactly(text: str, name: str) -> None:
    """A word or two can have been several things; a few different characters decide."""
    assume(len({c for c in text if not c.isascii()}) >= 5)
    repaired = repair(damage(text, name))
    assert repaired.text == text
    assert repaired.marks == ()


@given(text=pages(), name=st.sampled_from(LOSSLESS))
def test_a_damaged_page_is_undone_exactly(text: str, name: str) -> None:
    assert repair(damage(text, name)).text == text


@given(text=pages(), name=st.sampled_from(LOSSY))
def test_damage_with_loss_keeps_the_law_and_the_statistics(text: str, name: str) -> None:
    damaged = damage(text, name)
    repaired = repair(damaged)
    assert repaired.charset is not None
    assert repaired.damaged() == damaged
    assert repaired.text.count(STATISTICS) == text.count(STATISTICS)
    again = damage(without_marks(repaired.text, repaired.marks), repaired.charsets[0])
    assert again == damage(without_marks(repaired.text, repaired.marks), repaired.charset)
    assert len(repaired.text.split("\n")) == len(text.split("\n"))


def without_marks(text: str, marks: tuple[Mark, ...]) -> str:
    """Leave out the places that stay unknown."""
    at = {mark.position for mark in marks}
    return "".join(c for position, c in enumerate(text) if position not in at)


@given(text=prose() | pages())
def test_whole_text_comes_through(text: str) -> None:
    repaired = repair(text)
    assert repaired.text == text
    assert repaired.charset is None


@pytest.mark.parametrize("word", WORDS)
def test_whole_words_come_through(word: str) -> None:
    assert repair(word).text == word


@pytest.mark.parametrize(
    "text",
    [
        "β-carotene, π and TGF-β: the β of a stock is β, not π.",
        "donnât, menât, le mât et l’appât",
        "le mât et l'appât qu'il parlât",
        "jusqu’à demain, «élan",
        "A “quoted” word — and 5 € … ™ •",
        "Level: 5 дБ, 20 мА, 3 кВ",
        "чай",
        "ČESKÁ REPUBLIKA, ŽLUŤOUČKÝ KŮŇ",
        "TÜRKÇE İĞNE ŞİŞ",
        "Καλός ρόλος του κράτους",
        "naïve café, Zoë, São Paulo, Ærø, Łódź",
        "ΑΒΓΔ π ≈ 3,14",
        "© 2024 – all rights ® reserved ™",
        "x² + y² = z², 20 °C, ½ ¼, µm, ±3 %",
        "ㅋㅋㅋ 한국어 テスト ไทย हिन्दी",
        "\ud800 lone, \u0000 nul, \ufffd mark, \u0085 next line",
        "",
    ],
)
def test_odd_but_whole_texts_come_through(text: str) -> None:
    assert repair(text).text == text


@given(text=st.text(max_size=60), name=st.sampled_from(NAMES))
def test_the_law_holds_for_any_text(text: str, name: str) -> None:
    damaged = damage(f"{text}\n{STATISTICS}\n{text}", name)
    assert repair(damaged).damaged() == damaged
    assert repair(text).damaged() == text


@given(text=pages(), first=st.sampled_from(LOSSLESS[:8]), second=st.sampled_from(LOSSLESS[:8]))
def test_damage_that_happened_twice_is_undone(text: str, first: str, second: str) -> None:
    damaged = damage(damage(text, first), second)
    repaired = repair(damaged)
    assert repaired.damaged() == damaged
    assert repaired.text == text


def lossy(text: str, name: str = "iso-8859-7 without C1") -> str:
    """Damage a page with one line of text, repair it, and return the line."""
    page = damage(f"{text}\n{STATISTICS}", name)
    repaired = repair(page)
    assert repaired.damaged() == page
    return repaired.text.split("\n")[0]


@pytest.mark.parametrize(
    "name", ["iso-8859-7 without C1", "iso-8859-1 without C1", "iso-8859-5 without C1"]
)
@pytest.mark.parametrize(
    "text",
    [
        "We’re sure it isn’t; they’ll say I’m rep’d nat’l, y’all",
        "The authors’ rights and the editor’s chair",
        "a “quoted thing,” he said",
        "“Whole line in marks.”",
        "“Outer ‘inner’ words,” she wrote",
        "spaced — dash, and tight—dash",
        "1990–2010 and the ’90s",
        "Reposts ≠ endorsements",
        "wait for it…",
        "tea • cake • 5 € • Brand™",
        "l’été, c’est l’heure ; qu’il vienne d’abord",
        "O’Hara met D’Souza at six o’clock",
        "déjà vu à la carte — voilà",
        "größere Straßen, muß, Fuß",
        "„Der Hund ist nicht da“, sagt die Frau und geht",
        "Die Feuerwehr ist da und „der Hund ist weg“",
        "love ❤️ it, thread 🧵",
    ],
)
def test_context_decides_what_was_lost(text: str, name: str) -> None:
    assert lossy(text, name) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("6/6🎉", "6/6\ufffd"),
        ("🌻 nothing tells which flower", "\ufffd nothing tells which flower"),
        ("→ a sign at the start", "\ufffd a sign at the start"),
        ("Übung", "\ufffdbung"),
        ("日", "\ufffd"),
    ],
)
def test_what_cannot_be_known_stays_marked(text: str, shown: str) -> None:
    assert lossy(text) == shown


@pytest.mark.parametrize(
    ("bio", "shown"),
    [
        ("📍 Lisbon", "📍 Lisbon"),
        ("📍 Oakland, CA", "📍 Oakland, CA"),
        ("🌻 gardener", "\ufffd gardener"),
        ("🎓 Somewhere", "\ufffd Somewhere"),
    ],
)
def test_a_pin_is_read_only_before_a_known_place(bio: str, shown: str) -> None:
    repaired = repair(damage(f"Text.\n{STATISTICS}\nSomeone\n{bio}", "iso-8859-7 without C1"))
    assert repaired.text.endswith(f"\n{shown}")
    assert len(repaired.guesses) == shown.startswith("📍")


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("It wouldnβt work, theyβre late", "It wouldn’t work, they’re late"),
        ("I donât know, itâs late", "I don’t know, it’s late"),
        ("It isnâ€™t â€œfineâ€", "It isn’t “fine”"),
        ("ServiГ§o jГЎ", "Serviço já"),
        ("naГЇve cafГ©", "naïve café"),
    ],
)
def test_damage_is_found_without_a_statistics_line(text: str, whole: str) -> None:
    assert repair(text).text == whole


def test_characters_from_elsewhere_are_left_alone() -> None:
    page = damage(f"wouldn’t\n{STATISTICS}\n", "cp1252") + "written later: it’s “fine” …"
    repaired = repair(page)
    assert repaired.text == f"wouldn’t\n{STATISTICS}\nwritten later: it’s “fine” …"
    assert [mark.candidates for mark in repaired.marks] == [0, 0, 0, 0]
    assert repaired.damaged() == page


def test_a_text_put_together_of_damaged_and_whole_parts() -> None:
    whole = f"déjà vu, it’s “so” — 🌱\n{STATISTICS}\n"
    page = whole + damage(whole, "iso-8859-1 without C1") + whole + damage(whole, "cp1252") + "é"
    repaired = repair(page)
    assert repaired.text == whole + whole.replace("🌱", "\ufffd") + whole + whole + "é"
    assert repaired.damaged() == page
    assert [repaired.text[mark.position] for mark in repaired.marks] == ["\ufffd", "é"]
    assert repaired.charset == "iso-8859-1 without C1 and elsewhere cp1252"


def test_unknown_charsets_are_an_error() -> None:
    with pytest.raises(KeyError):
        damage("text", "no such charset")


@pytest.mark.slow
def test_repairing_takes_time_in_proportion() -> None:
    """Guard against time that grows with the square: half a megabyte of one line."""
    line = "we’ve “said” it — twice " * 20_000
    damaged = damage(f"{line}\n{STATISTICS}", "iso-8859-7 without C1")
    assert repair(damaged).text == f"{line}\n{STATISTICS}"
