"""The parts of the index: lists of numbers, words with their positions, files, and names."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st
from msgspec import msgpack
from search.index_reader import ascending, file_of, numbers, of_each_post, utf16

from sitegen.model import Author
from sitegen.query.accounts import AccountNames, Statement, normalise
from sitegen.query.folding import join_fields
from sitegen.site.search import edits, segment, shards
from sitegen.site.search import numbers as lists
from sitegen.site.search.edits import EditedPost
from sitegen.site.search.names import accounts_by_name
from sitegen.site.search.records import SegmentRecord
from sitegen.site.search.searched_post import SearchedPost, account
from sitegen.site.search.segment import PARTS, SegmentPosts
from sitegen.site.search.words import positions_by_word

NUMBERS = st.one_of(st.integers(0, 200), st.integers(0, 2**53))
WORDS = st.text(st.sampled_from("ab1é東京\ue000🙂𝔘"), min_size=1, max_size=6)


@given(st.lists(NUMBERS, max_size=50))
def test_a_list_of_numbers_is_read_as_it_was_written(values: list[int]) -> None:
    text = lists.encode(values)
    assert numbers(text) == lists.decode(text) == values
    assert text.isascii()
    assert not {*text} & {*' "\\'}


@given(st.sets(NUMBERS, min_size=1, max_size=50))
def test_ascending_numbers_are_read_as_they_were_written(values: set[int]) -> None:
    text = lists.encode_ascending(sorted(values))
    assert ascending(text) == lists.decode_ascending(text) == sorted(values)


@given(st.dictionaries(NUMBERS, st.sets(NUMBERS, min_size=1, max_size=5), min_size=1, max_size=9))
def test_occurrences_say_each_post_once_and_all_its_positions(found: dict[int, set[int]]) -> None:
    pairs = sorted((post, position) for post, own in found.items() for position in own)
    posts, positions = lists.encode_occurrences(*zip(*pairs, strict=True))
    assert ascending(posts) == sorted(found)
    assert of_each_post(numbers(positions)) == [found[post] for post in sorted(found)]
    own = {post: sorted(found[post]) for post in sorted(found)}
    assert lists.decode_occurrences(posts, positions) == own


def test_a_character_without_spaces_goes_with_the_next() -> None:
    words = join_fields(["天気図 fog、図", "Fog 12 天"])
    assert positions_by_word(words) == {
        "天気": [0], "気図": [1], "図": [2, 4], "fog": [3, 6], "12": [7], "天": [8],
    }  # fmt: skip


@given(st.dictionaries(WORDS, st.text("!#$", min_size=1, max_size=9000), max_size=12))
def test_each_word_is_in_the_only_file_that_may_have_it(posts: dict[str, str]) -> None:
    dealt = [*shards.deal(posts)]
    words = [word for shard in dealt for word in shard.words]
    assert words == sorted(posts, key=utf16)
    firsts = [shard.first for shard in dealt]
    assert all(file_of(word, firsts) == at for at, s in enumerate(dealt) for word in s.words)
    read = [shards.read(shard.data) for shard in dealt]
    assert {word: own for each in read for word, own in each.items()} == posts
    sizes = [sum(len(w) + len(posts[w]) + 4 for w in shard.words) for shard in dealt]
    assert all(size <= shards.MAX_CHARACTERS or len(s.words) == 1 for size, s in zip(sizes, dealt, strict=True))  # fmt: skip


TEXTS = st.lists(st.sampled_from(["fog", "the", "東京", "天気", "🙂", "weir."]), max_size=6).map(" ".join)  # fmt: skip
KEYS = st.lists(st.sampled_from(["#a", "#b", "/x.example", '<["x","1","",""]']), unique=True)
POSTS = st.builds(
    SearchedPost,
    st.lists(TEXTS, min_size=1, max_size=2).map(join_fields),
    KEYS.map(tuple),
    st.just("2020-01-01"),
    st.just(0),
    st.just("x"),
    st.just(("en",)),
    st.just(0),
    st.sampled_from(["", '>["x","","ben",""]']),
    st.sampled_from(["", "hidden", "shown"]),
)
HIDDEN = frozenset({("x", "hidden")})


def made(posts: list[SearchedPost]) -> tuple[dict[str, bytes], SegmentRecord]:
    """Return the files of a segment that is made from the start."""
    refs = tuple((0, at) for at in range(len(posts)))
    threads = SegmentPosts(0, (msgpack.encode(posts),), refs, HIDDEN)
    words, fields = (segment.make(threads, part) for part in PARTS)
    record = SegmentRecord(b"", 0, len(posts), words.words, fields.keys, fields.accounts, (words.digests[0], *fields.digests[1:]), tuple(HIDDEN))  # fmt: skip
    return words.files | fields.files, record


@given(st.lists(st.tuples(POSTS, POSTS, st.booleans()), min_size=1, max_size=8))
def test_an_edit_has_the_result_of_a_start(cases: list[tuple[SearchedPost, SearchedPost, bool]]) -> None:  # fmt: skip
    before = [old for old, _, _ in cases]
    after = [new if changes else old for old, new, changes in cases]
    files, record = made(before)
    pairs = [EditedPost(at, *pair) for at, pair in enumerate(zip(before, after, strict=True))]
    edited = edits.edit(0, record, pairs, lambda name: files[f"{name}.js"])
    expected, wanted = made(after)
    kept = {name: data for name, data in files.items() if name in expected}
    assert kept | edited.files == expected
    assert (edited.words, edited.keys, edited.accounts) == (wanted.words, wanted.keys, wanted.accounts)  # fmt: skip


AUTHORS = st.builds(
    Author,
    st.sampled_from([None, "", "ada", "Ben", "x:1"]),
    st.sampled_from([None, "", "1", "2", "ada"]),
    st.sampled_from([None, "", "Ada", "Ben", "@cem"]),
)
STATED = st.builds(Statement, st.sampled_from(["x", "Bluesky"]), AUTHORS)
PEOPLE = st.dictionaries(
    st.sampled_from(["Ada", "The Brooks", "1"]),
    st.lists(st.sampled_from(["ada", "x:1", "bluesky:ben", "2"]), max_size=3),
)


@given(st.lists(STATED, max_size=8), st.lists(STATED, max_size=6), PEOPLE)
def test_a_name_means_the_accounts_that_a_scan_takes_it_for(
    stated: list[Statement], used: list[Statement], people: dict[str, list[str]]
) -> None:
    names = AccountNames(stated, people)
    by_name = accounts_by_name([account(*each) for each in used], names, people)
    everyone = [*stated, *used]
    asked = {n for _, a in everyone for n in (a.id, a.handle, a.name) if n}
    asked |= {f"{network}:{n}" for network, _ in everyone for n in [*asked]} | {*people}
    for name in random.Random(1).sample(sorted(asked), len(asked)):
        meant = {account(*each) for each in used if names.is_meant(name, *each)}
        assert by_name.get(normalise(name), set()) == meant


def test_an_edit_of_one_of_many_posts_has_the_result_of_a_start() -> None:
    rng = random.Random(1)
    syllables = ["ka", "lo", "mi", "tu", "ne", "東", "京", "🙂"]
    words = ["".join(rng.choices(syllables, k=rng.randint(1, 4))) for _ in range(2000)]

    def post(number: int) -> SearchedPost:
        text = join_fields([" ".join(rng.choices(words, k=20)), words[number % 50]])
        keys = (f"={number}", f"#{rng.choice(words)}", "!public")
        return SearchedPost(text, keys, "2020-01-01", 0, "x", (), 0)

    before = [post(number) for number in range(1200)]
    files, record = made(before)
    assert len(record.words) > 2
    for number in (7, 1199):
        after = [*before]
        after[number] = post(number)
        edited = [EditedPost(number, before[number], after[number])]
        result = edits.edit(0, record, edited, lambda name: files[f"{name}.js"])
        expected, wanted = made(after)
        columns = {name: data for name, data in files.items() if name.endswith(("facets.js", "likes.js"))}  # fmt: skip
        assert columns | result.files == expected
        assert (result.words, result.keys) == (wanted.words, wanted.keys)
