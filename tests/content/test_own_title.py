"""Which titles stay where posts of a thread are hidden: a person's, without any word of those."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sitegen.content.format.draft import title_of
from sitegen.content.format.own_title import may_be_published
from sitegen.content.format.stored import StoredPost
from sitegen.model import (
    Author,
    Card,
    Elsewhere,
    Media,
    Poll,
    PollOption,
    Post,
    Version,
)
from sitegen.text import words

LONG = "The boats came in at noon and stayed until the evening, when the tide turned and all left"
SHOWN = Post(
    "s", "bluesky", "Fog over the weir, and the boats stayed", author=Author("ada.example")
)
HIDDEN = Post("h", "bluesky", LONG, author=Author("ada.example"))


def stays(
    title: str,
    hidden: Post,
    shown: Post = SHOWN,
    *,
    lead: bool = True,
    handwritten: str | None = None,
) -> bool:
    """Return whether a title stays over a thread of two posts; `lead` says that the first is hidden."""
    pair = [StoredPost(hidden, handwritten, True), StoredPost(shown, None, False)]
    return may_be_published(title, pair if lead else pair[::-1])


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("The heron", "HERON"),
        ("the HERON!", "a heron."),
        ("Heron's diary", "heron"),
        ("heron", "the heron’s nest"),
        ("Heron-diary", "heron"),
        ("He\u00adron", "heron"),
        ("Her\u200bon", "heron"),
        ("Héron", "heron"),
        ("Heron", "Héron"),
        ("He\u0301ron", "H\u00e9ron"),
        ("Ｈｅｒｏｎ", "heron"),
        ("Straße", "STRASSE"),
        ("Heron Lake", "#HeronLake"),
        ("heron lake", "#heronlake"),
        ("HeronLake", "a heron at the lake"),
        ("HeronWatch", "a heron"),
        ("Heron_watch", "a heron"),
        ("My heron.example", "ask heron.example"),
        ("Heron", "see https://x.example/%48eron"),
        ("Café", "caf&eacute;"),
        ("In 2019", "2019-07-13T01:02:03Z"),
        ("The 13", "2019-07-13T01:02:03Z"),
        ("🔥 news", "🔥"),
        ("秘密の日記", "これは秘密です"),
        ("我的日记", "日记"),
        ("猫", "我的猫很可爱"),
        ("บันทึกของนก", "นกกระสา"),
        ("Ada秘密", "秘密"),
        ("संध्या", "संध्या समय"),
        ("Цапля", "ЦАПЛЯ"),
    ],
)
def test_a_title_with_a_word_of_a_hidden_post_goes(title: str, text: str) -> None:
    assert not stays(f"Mine: {title}", Post("h", "bluesky", f"So {text} it"), lead=True)
    assert not stays(f"Mine: {title}", Post("h", "bluesky", f"So {text} it"), lead=False)


HERON = Author("heron.example", None, "Heron")


@pytest.mark.parametrize(
    "fields",
    [
        {"warning": "Heron"},
        {"media": (Media("image", None, "A heron"),)},
        {"media": (Media("image", "media/heron.png"),)},
        {"media": (Media("image", None, None, "heron.png"),)},
        {"card": Card("Heron")},
        {"card": Card("", "a heron")},
        {"card": Card("", "", "https://heron.example/")},
        {"poll": Poll((PollOption("heron"),))},
        {"mentions": ("heron@social.example",)},
        {"tags": ("heron",)},
        {"links": ("https://heron.example/",)},
        {"cut_links": ("heron.example/…",)},
        {"history": (Version("A heron"),)},
        {"author": HERON},
        {"author": Author("heron")},
        {"elsewhere": (Elsewhere("q", None, HERON),)},
        {"also": (Elsewhere("q", "https://heron.example/"),)},
        {"uncertain": ("is it a heron?",)},
        {"url": "https://heron.example/"},
        {"reply_to": "heron"},
        {"id": "heron"},
        {"extra": (("mood", '{"deep": ["a heron"]}'),)},
        {"extra": (("heron", "1"),)},
        {"created_at": "the day of the heron"},
    ],
)
def test_a_word_counts_wherever_a_hidden_post_has_it(fields: dict[str, object]) -> None:
    assert stays("My heron diary", HIDDEN)
    assert not stays("My heron diary", replace(HIDDEN, **fields))


def test_a_word_of_handwritten_markdown_counts() -> None:
    assert not stays("My heron diary", HIDDEN, handwritten="<b title='heron'>So</b>")


@pytest.mark.parametrize(
    "title",
    [
        "Fog over the weir",
        "Stayed: fog, boats, weir",
        "A diary of my own",
        "Ada's notes",
        "12 herons",
        "日記",
        "An éventail",
        "🔥",
    ],
)
@pytest.mark.parametrize("lead", [True, False])
def test_a_title_of_a_persons_own_stays(title: str, *, lead: bool) -> None:
    hidden = replace(HIDDEN, text="The boats stayed")
    assert stays(title, hidden, lead=lead)


def test_an_accent_tells_a_shown_word_from_a_hidden_one() -> None:
    shown = replace(SHOWN, text="My resume")
    assert stays("The fine resume", replace(HIDDEN, text="My résumé"), shown)
    assert not stays("The fine résumé", replace(HIDDEN, text="My résumé"), shown)


@pytest.mark.parametrize("end", [len(LONG), 70, 69, 50, 30, 9])
@pytest.mark.parametrize("finish", ["", "…", "...", "!"])
@pytest.mark.parametrize("where", ["text", "history", "warning", "card", "alt"])
def test_a_title_that_begins_a_hidden_post_goes_though_its_words_are_shown(
    end: int, finish: str, where: str
) -> None:
    shapes: dict[str, dict[str, object]] = {
        "text": {"text": LONG},
        "history": {"history": (Version(LONG),), "text": "Other"},
        "warning": {"warning": LONG},
        "card": {"card": Card(LONG), "text": ""},
        "alt": {"media": (Media("image", None, LONG),), "text": ""},
    }
    fields = shapes[where]
    shown = replace(SHOWN, text=" ".join(sorted(LONG.replace(",", "").split())))
    assert not stays(LONG[:end] + finish, replace(HIDDEN, **fields), shown)
    assert stays("The evening at noon", replace(HIDDEN, **fields), shown)


def test_what_sitegen_derives_from_a_shown_lead_post_is_derived_again() -> None:
    shown = replace(SHOWN, history=(Version("Fog over the boats"),))
    assert not stays("Fog over the boats", replace(HIDDEN, text="So"), shown, lead=False)
    assert not stays(title_of(shown), replace(HIDDEN, text="So"), shown, lead=False)


@pytest.mark.parametrize("title", ["", "…", "!?", " ", "\u200b"])
def test_a_title_without_words_is_none(title: str) -> None:
    assert not stays(title, replace(HIDDEN, text="…"))


TEXT = st.text(max_size=30) | st.lists(
    st.sampled_from(["heron", "Héron", "夜の鷺", "นก", "#HeronLake", "🔥", "a-b", "\ud800", "ﬁn"])
).map(" ".join)


@given(TEXT, TEXT)
def test_no_title_has_a_word_of_a_hidden_post_alone(title: str, text: str) -> None:
    if stays(title, replace(HIDDEN, text=text)):
        alone = {*words.words(text)} - {*words.words(SHOWN.text)}
        assert alone.isdisjoint(words.words(title))


@given(TEXT, st.text(max_size=5))
def test_no_derived_title_of_a_hidden_post_stays(text: str, warning: str) -> None:
    hidden = replace(HIDDEN, text=text, warning=warning)
    shown = replace(SHOWN, text=f"all {text} {warning}")
    assert not stays(title_of(hidden), hidden, shown)
