"""Matching posts against topics: the same as searching their folded words for each phrase."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from sitegen import timestamps
from sitegen.model import Author, Media, Post
from sitegen.query.facts import ThreadFacts
from sitegen.query.folding import join_fields, split_words
from sitegen.selection.topics import TopicMatch, TopicMatcher
from sitegen.topics.matching import WordMatcher
from sitegen.topics.site_topics import Topics
from sitegen.topics.topic import Topic
from topics import archives

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


@given(texts)
@example("x 東京 tower")
@example("東\ufe0f京")
@example("fog’s")
def test_matching_gives_the_same_as_looking_for_each_phrase(text: str) -> None:
    assert MATCHER.with_words(join_fields([text])) == plainly(text)


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
    found = [(match.position, match.slug) for match in matcher.matches(thread)]
    assert found == [(1, "fog"), (2, "fog"), (2, "looks"), (3, "fog")]
    assert [sorted(post.topics) for post in thread] == [[], ["fog"], ["fog", "looks"], ["fog"], []]


def test_a_match_has_the_kind_and_the_day_of_its_post_where_they_are_not_the_first_ones() -> None:
    ben = Author("ben.example", "did:ben", "Ben Moor")
    posts = [
        Post("1", "x", "Fog", "2012-05-01T10:00:00Z", archives.ADA),
        Post("2", "x", "Fog", "2012-05-01T11:00:00Z", archives.ADA, reply_to="1"),
        Post("3", "x", "Fog", "2020-01-02T10:00:00Z", archives.ADA, reply_to="2"),
        Post("4", "x", "Fog?", "2020-01-02T11:00:00Z", ben, reply_to="1"),
        Post("5", "x", "Fog!", None, ben, reply_to="4"),
    ]
    matcher = TopicMatcher(Topics((Topic("fog", ("fog",)),)))
    assert matcher.matches(ThreadFacts(posts, timestamps.parse)) == (
        TopicMatch(0, "fog"),
        TopicMatch(1, "fog"),
        TopicMatch(2, "fog", day="2020-01-02"),
        TopicMatch(3, "fog", "reply", "2020-01-02"),
        TopicMatch(4, "fog", "reply", ""),
    )
