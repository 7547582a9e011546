"""Finding topics: whole results in four languages, and laws that hold for any posts."""

from __future__ import annotations

import random
from itertools import islice
from pathlib import Path

import pytest
import wordfreq
from hypothesis import given
from hypothesis import strategies as st

from sitegen.topics import found_file
from sitegen.topics.finding.find import MAX_TOPICS, Found, find
from sitegen.topics.finding.groups import MAX_GROUPS, MAX_SHARE, group
from sitegen.topics.finding.languages import word_lists
from sitegen.topics.finding.samples import Sample, sample
from sitegen.topics.found_file import Recorded
from sitegen.topics.topic import Topic
from topics import archives

NOBODY: frozenset[str] = frozenset()


def names(found: Found) -> list[str]:
    return [each.name for each in found.topics]


def test_english_words_and_phrases_are_topics_and_a_name_is_none() -> None:
    found = find(archives.samples(archives.ENGLISH), NOBODY, min_posts=5)
    assert found.topics == (
        Topic("harbour ferry", ("harbour ferry",)),
        Topic("seaweed", ("seaweed",)),
        Topic("telescope", ("telescope", "telescopes")),
    )
    assert found.names == ("Maria Holzer",)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (archives.GERMAN, [("Fernrohr", ("fernrohr",)), ("Hafenfähre", ("hafenfahre", "hafenfahren"))]),
        (archives.JAPANESE, [("テレスコープ", ("テレスコープ",)), ("連絡船", ("連絡船",))]),
        (archives.ARABIC, [("عبارة الميناء", ("عبارة الميناء",)), ("التلسكوب", ("التلسكوب",))]),
    ],
    ids=["German", "Japanese", "Arabic"],
)  # fmt: skip
def test_other_languages_are_detected(
    texts: tuple[str, ...], expected: list[tuple[str, tuple[str, ...]]]
) -> None:
    found = find(archives.samples(texts), NOBODY, min_posts=5)
    assert sorted((each.name, each.words) for each in found.topics) == sorted(expected)
    assert found.names == ()


def test_an_account_or_a_tag_of_a_name_makes_it_a_topic() -> None:
    found = find(archives.samples(archives.ENGLISH), frozenset(("maria holzer",)), min_posts=5)
    assert "Maria Holzer" in names(found)
    tagged = [
        each._replace(tags=("MariaHolzer",)) for each in archives.samples(archives.ENGLISH[:1])
    ]
    found = find([*tagged, *archives.samples(archives.ENGLISH)[1:]], NOBODY, min_posts=5)
    assert "Maria Holzer" in names(found)


def test_a_tag_of_any_script_is_a_topic_that_is_read_again_and_no_broken_one_is(
    tmp_path: Path,
) -> None:
    persian, family = "کتاب\u200cخوانی", "👩\u200d👩\u200d👧"
    tags = (persian, family, "fog\ud800", "two\nlines", "\u200c", "bell\x07")
    posts = archives.posts(archives.ENGLISH[19:31])
    found = find([sample(post, post.id, tags) for post in posts], NOBODY, min_posts=5)
    assert {persian, family} <= {*names(found)}
    assert {*names(found)}.isdisjoint(tags[2:])
    found_file.write(tmp_path, Recorded(found.topics))
    assert sorted(found_file.read(tmp_path).topics) == sorted(found.topics)


def test_a_text_without_utf8_has_topics(tmp_path: Path) -> None:
    texts = [f"\ud800{text}\udfff" for text in archives.ENGLISH]
    found = find(archives.samples(texts), NOBODY, min_posts=5)
    assert names(found) == ["harbour ferry", "seaweed", "telescope"]
    found_file.write(tmp_path, Recorded(found.topics))
    assert sorted(found_file.read(tmp_path).topics) == sorted(found.topics)


@pytest.mark.parametrize(
    ("text", "held_back"),
    [
        ("Now Edith {}", "Edith"),  # a usual given name
        ("Old Mr Quellmer {}", "Quellmer"),  # behind a title
        ("So Edith Quellmer {}", "Edith Quellmer"),
        ("So Corvin Quellmer {}", "Corvin Quellmer"),
        ("Today the Quellmer Bridge {}", ""),  # behind a determiner
    ],
)
def test_names_of_people_are_held_back(text: str, held_back: str) -> None:
    ends = ("is old", "was by the well", "and the cat", "in the rain", "has gone", "will be late")
    texts = (*archives.ENGLISH[19:31], *[text.format(end) for end in ends])
    found = find(archives.samples(texts, "en"), NOBODY, min_posts=5)
    assert found.names == ((held_back,) if held_back else ())
    shown = " ".join(names(found))
    assert "Edith" not in shown
    assert ("Quellmer" in shown) == (not held_back)


def test_a_tag_counts_more_and_is_joined_with_the_words() -> None:
    listed = archives.samples(archives.ENGLISH)
    tagged = [e._replace(tags=("Seaweed",)) if "seaweed" in e.text else e for e in listed]
    found = find(tagged, NOBODY, min_posts=5)
    assert found.topics[0] == Topic("seaweed", ("seaweed",), ("seaweed",))


def test_nothing_private_to_few_posts_is_found() -> None:
    listed = archives.samples(archives.ENGLISH)
    assert names(find(listed, NOBODY, min_posts=7)) == ["harbour ferry"]
    assert names(find(listed, NOBODY, min_posts=8)) == []


VOCABULARY = [
    "ferry",
    "comet",
    "Ada",
    "the",
    "a",
    "in",
    "harbour",
    "見る",
    "彗星",
    "fog",
    "#tide",
    "!",
]


@st.composite
def posts_of_words(draw: st.DrawFn) -> list[Sample]:
    texts = st.lists(st.sampled_from(VOCABULARY), max_size=6).map(" ".join)
    return archives.samples(draw(st.lists(texts, max_size=30)))


@given(posts_of_words(), st.integers(2, 6), st.randoms(use_true_random=False))
def test_the_order_of_posts_does_not_matter(
    listed: list[Sample], least: int, order: random.Random
) -> None:
    shuffled = [*listed]
    order.shuffle(shuffled)
    assert find(shuffled, NOBODY, least) == find(listed, NOBODY, least)


@given(posts_of_words(), st.integers(2, 6))
def test_every_topic_is_in_enough_posts_under_one_address(listed: list[Sample], least: int) -> None:
    found = find(listed, NOBODY, least)
    for each in found.topics:
        heads = [word.split()[0] for word in each.words]
        having = [s for s in listed if any(head in s.text.lower() for head in heads)]
        assert len(having) >= least
    assert len({each.slug for each in found.topics}) == len(found.topics) <= MAX_TOPICS


@given(
    st.dictionaries(st.integers(0, 30), st.sets(st.integers(0, 59), min_size=1), max_size=25),
    st.lists(st.integers(0, 20), min_size=60, max_size=60),
)
def test_groups_are_few_and_small_and_share_no_topic(
    posts: dict[int, set[int]], in_threads: list[int]
) -> None:
    found = group(posts, in_threads, 60)
    assert len(found) <= MAX_GROUPS
    listed = [topic for each in found for topic in each]
    assert len(listed) == len(set(listed))
    for each in found:
        assert len(each) > 1
        assert len(set[int]().union(*[posts[topic] for topic in each])) <= MAX_SHARE * 60


def test_topics_of_the_same_threads_are_grouped() -> None:
    posts = {0: {0, 1, 2}, 1: {1, 2, 3}, 2: {10, 11, 12}, 3: {11, 12, 13}, 4: {30, 31, 32}}
    assert group(posts, range(60), 60) == [(0, 1), (2, 3)]


def test_the_general_list_is_folded_as_posts_are() -> None:
    general = word_lists.frequencies("de")
    written = wordfreq.get_frequency_dict("de", "small")
    assert general["fur"] == pytest.approx(written["für"] + written["fur"])
    assert "für" not in general
    assert word_lists.list_name("pt-BR") == "pt"
    assert word_lists.list_name("no") == "nb"
    assert word_lists.list_name("eo") == ""


def test_languages_are_told_by_what_posts_state_and_by_their_words() -> None:
    mixed = [*archives.samples(archives.GERMAN), *islice(archives.samples(archives.ENGLISH), 36)]
    renamed = [each._replace(identity=("x", f"{at:03}")) for at, each in enumerate(mixed)]
    found = names(find(renamed, NOBODY, min_posts=5))
    assert {"Hafenfähre", "Fernrohr", "harbour ferry", "telescope"} <= set(found)


def test_a_common_word_of_the_language_of_most_posts_is_no_topic_in_another() -> None:
    # Two common words of English and two of German do not tell the language of a post.
    short = ["ich was in die Hafen", "ich in was die Bucht", "ich was in die Werft"] * 6
    stated = [f"ich and the sea {at}" for at in range(20)]
    mixed = [
        *archives.samples(archives.GERMAN), *archives.samples(short), *archives.samples(stated, "en"),
    ]  # fmt: skip
    renamed = [each._replace(identity=("x", f"{at:03}")) for at, each in enumerate(mixed)]
    assert "ich" not in names(find(renamed, NOBODY, min_posts=5))
