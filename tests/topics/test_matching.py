"""Matching posts against topics: the same as searching their folded words, however it is done."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from sitegen import timestamps
from sitegen.model import Media, Post
from sitegen.query.facts import ThreadFacts
from sitegen.query.folding import join_fields, split_words
from sitegen.selection.topics import TopicMatcher
from sitegen.topics.matching import WordMatcher
from sitegen.topics.quick_matching import QuickMatcher
from sitegen.topics.site_topics import Topics
from sitegen.topics.topic import Topic

WORDS = (
    "fog",
    "économie",
    "economic index",
    "東京",
    "東京 tower",
    "ガス",
    "한글",
    "🔭",
    "straße",
    "ﾊﾝ",
    "🇩🇪 x",
)
PIECES = st.sampled_from(
    [*WORDS, "Économie", "Economic", "index", "東", "京", "カ゚ス", "ｶﾞｽ", "strasse", "STRASSE", "tower", "е", " ", "\n",
     "\u3000", "，", "…", "’", "-", "\u200d", "\ufe0f", "\u0301", "ⅷ", "㌔", "ｔｏｗｅｒ", "x", "é", "的", "🇩🇪", "\x85"]
)  # fmt: skip
texts = st.lists(st.one_of(PIECES, st.characters()), max_size=14).map("".join)


def plainly(text: str) -> set[int]:
    words = join_fields([text])
    return {at for at, word in enumerate(WORDS) if split_words(word) in words}


MATCHER = WordMatcher([Topic(word, (word,)) for word in WORDS])


@given(st.lists(texts, max_size=8))
@example(["東京", "x 東京 tower", "東\ufe0f京", "fog’s"])
def test_quick_matching_gives_the_same_as_folding_or_nothing(listed: list[str]) -> None:
    quick = QuickMatcher({split_words(word): {at} for at, word in enumerate(WORDS)})
    for text in listed:
        assert MATCHER.with_words(join_fields([text])) == plainly(text)
        found = quick.matches(text)
        assert found is None or found == plainly(text)


def test_most_texts_need_no_folding() -> None:
    quick = QuickMatcher({split_words(word): {at} for at, word in enumerate(WORDS)})
    assert quick.matches("Où est la mer ?") == set()
    assert quick.matches("ガスは高い，今日もガス") == {5}
    assert quick.matches("Économie") is None


def test_addresses_and_names_of_accounts_are_no_words_of_a_topic() -> None:
    posts = [
        Post("1", "x", "See https://fog.example/fog and @fog.example"),
        Post("2", "x", "fog at https://sea.example"),
        Post("3", "x", "Look", media=(Media("image", alt="A hill in fog"),)),
        Post("4", "x", "Nothing", tags=("Fog",)),
        Post("5", "x", "Nothing", tags=("fogs",)),
    ]
    topics = Topics((Topic("fog", ("fog",), ("fog",)), Topic("looks", query="look has:image")))
    matcher = TopicMatcher(topics)
    thread = ThreadFacts(posts, timestamps.parse, topics_of=matcher.names_of)
    assert matcher.matches(thread) == ((1, "fog"), (2, "fog"), (2, "looks"), (3, "fog"))
    assert [sorted(post.topics) for post in thread] == [[], ["fog"], ["fog", "looks"], ["fog"], []]
