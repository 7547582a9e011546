"""The grammar of queries: what is understood, what is refused and why, and that any text is safe."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import TEXTS, TYPED

from sitegen.errors import QueryError
from sitegen.query import folding
from sitegen.query.parser import MAX_CHARACTERS, MAX_TERMS, parse, parse_leniently
from sitegen.query.values import (
    ALL_QUOTES,
    CHOICES,
    DATES,
    KEYS,
    SORTS,
    SPACES,
    Account,
    Condition,
    Field,
    Query,
    Term,
    Words,
)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", []),
        (" \t\u3000\n ", []),
        ("fog", [Words("fog")]),
        ("fog lake", [Words("fog"), Words("lake")]),
        ("fog\u3000lake", [Words("fog"), Words("lake")]),
        ("-fog", [Term(Words("fog"), True)]),
        ("sea-fog --x", [Words("sea-fog"), Term(Words("-x"), True)]),
        ('"heavy  fog"', [Words("heavy fog")]),
        ("“heavy fog” 「濃い霧」 „a“ 『b』", [Words("heavy fog"), Words("濃い霧"), Words("a"), Words("b")]),
        ('"heavy fog', [Words("heavy fog")]),
        ('-"heavy fog"', [Term(Words("heavy fog"), True)]),
        ("fo* 東*", [Words("fo", True), Words("東", True)]),
        ("#fog", [Field("tag", ("fog",))]),
        ("tag:fog,#mist", [Field("tag", ("fog", "mist"))]),
        ('tag:"sea fog",mist', [Field("tag", ("sea fog", "mist"))]),
        ("#a,b", [Field("tag", ("a,b",))]),
        ("@ada.example -@bo", [Account("ada.example"), Term(Account("bo"), True)]),
        ('From:@ada.example TO:"Bo Lowe"', [Field("from", ("ada.example",)), Field("to", ("Bo Lowe",))]),
        ("from:mastodon:ada@social.example", [Field("from", ("mastodon:ada@social.example",))]),
        ("is:Reply,quote has:alt", [Field("is", ("reply", "quote")), Field("has", ("alt",))]),
        ("on:2019 on:2019-02 since:2020-02-29", [Field("on", ("2019",)), Field("on", ("2019-02",)), Field("since", ("2020-02-29",))]),
        ("year:２０１９ min_likes:007", [Field("year", ("2019",)), Field("min_likes", ("7",))]),
        ("id:https://x.example/1?a:b", [Field("id", ("https://x.example/1?a:b",))]),
        ('"12:30" :-)o', [Words("12:30"), Words(":-)o")]),
        ("sort:old fog", [Words("fog")]),
    ],
)  # fmt: skip
def test_what_is_understood(text: str, terms: list[Condition | Term]) -> None:
    wanted = tuple([t if isinstance(t, Term) else Term(t) for t in terms])
    assert parse(text).terms == wanted
    assert parse_leniently(text) == (parse(text), ())


@pytest.mark.parametrize("sort", SORTS)
def test_the_order(sort: str) -> None:
    assert parse(f"fog sort:{sort.upper()}") == Query((Term(Words("fog")),), sort)  # type: ignore[arg-type]


def test_positions_are_those_of_the_terms() -> None:
    assert [term.position for term in parse(' a -"b c"  from:d').terms] == [1, 3, 11]


UNKNOWN = f"use quotes for words with a colon; keys are {', '.join(KEYS)}."


@pytest.mark.parametrize(
    ("text", "message", "hint", "meant"),
    [
        ("a fron:x", "unknown key 'fron', at character 3", "did you mean from:? for words with a colon, use quotes.", 'a "fron:x"'),
        ("Min-Like:3", "unknown key 'Min-Like', at character 1", "did you mean min_likes:? for words with a colon, use quotes.", '"Min-Like:3"'),
        ("12:30", "unknown key '12', at character 1", UNKNOWN, '"12:30"'),
        ("https://a.example/", "unknown key 'https', at character 1", UNKNOWN, '"https://a.example/"'),
        ("is:replys", "is: cannot be 'replys', at character 1", "did you mean reply?", '"is replys"'),
        ("-has:fun", "has: cannot be 'fun', at character 2", "write one of image, video, audio, link, poll, warning, alt.", '-"has fun"'),
        ("on:2019-02-29", "on: cannot be '2019-02-29', at character 1", "write it like on:2019-05-31.", '"on 2019-02-29"'),
        ("year:2019-05", "year: cannot be '2019-05', at character 1", "write it like year:2019.", '"year 2019-05"'),
        ("min_likes:-1", "min_likes: cannot be '-1', at character 1", "write it like min_likes:10.", '"min_likes -1"'),
        ("from:", "from: has no value, at character 1", "write it like from:ada.example.", ""),
        ("tag:a,,b", "tag: has an empty value, at character 7", "remove the comma.", "tag:a,b"),
        ("a*", "'a*' is the beginning of too many words, at character 1", "write 2 characters or more before the *.", "a"),
        ("f*g", "'f*g' has a * that is not its last character, at character 1", "remove it.", '"f*g"'),
        ('fog"lake"', "there is no space around quotes, at character 4", "write one.", "fog lake"),
        ('"fog"lake', "there is no space around quotes, at character 6", "write one.", "fog lake"),
        ('"well"-known', "there is no space around quotes, at character 7", "write one.", 'well "-known"'),
        ("「霧」-東京", "there is no space around quotes, at character 4", "write one.", '霧 "-東京"'),
        ("fog -", "there is nothing to search for in '-', at character 5", "remove it.", "fog"),
        ("#!", "there is nothing to search for in '#!', at character 1", "remove it.", ""),
        ("@", "there is nothing to search for in '@', at character 1", "remove it.", ""),
        ("sort:likes,new", "sort: names one order, at character 1", "write one of new, old, likes, best.", "sort:likes"),
        ("sort:bes", "sort: names one order, at character 1", "did you mean best?", ""),
        ("sort:new sort:old", "sort: is there twice, at character 10", "remove one of them.", "sort:old"),
        ("b " * 33, "a query has at most 32 terms, this one has 33, at character 65", "leave some terms out.", " ".join("b" * 32)),
        ("b" * 501, "a query has at most 500 characters, this one has 501, at character 501", "leave some terms out.", "b" * 500),
    ],
)  # fmt: skip
def test_what_is_refused_and_what_a_search_makes_of_it(
    text: str, message: str, hint: str, meant: str
) -> None:
    with pytest.raises(QueryError) as error:
        parse(text)
    assert (error.value.message, error.value.hint) == (message, hint)
    query, problems = parse_leniently(text)
    assert str(query) == meant
    assert [problem.error.message for problem in problems] == [message]


@given(TYPED)
def test_any_text_is_a_query_for_a_search_and_prints_as_one(text: str) -> None:
    query, problems = parse_leniently(text)
    assert len(query.terms) <= MAX_TERMS
    assume(len(str(query)) <= MAX_CHARACTERS)
    assert parse(str(query)) == query
    assert str(parse(str(query))) == str(query)
    if not problems:
        assert parse(text) == query
    for problem in problems:
        assert 0 <= problem.position <= len(text)


NEAR_QUOTES = st.lists(
    st.sampled_from(["-", "-fog", "-#fog", " ", "\u3000", '"fog"', "「霧」", 'from:"a b"']),
    min_size=4,
).map("".join)


@given(NEAR_QUOTES)
def test_a_minus_negates_only_at_the_start_and_after_a_space(text: str) -> None:
    for term in parse_leniently(text).query.terms:
        before, sign = text[: term.position], text[term.position]
        follows_space = not before or before[-1] in SPACES
        is_last = text[term.position + 1 : term.position + 2] in (*SPACES, "")
        assert term.is_negated == (follows_space and sign == "-" and not is_last)


def is_name(text: str) -> bool:
    return folding.has_words(text) and not set(text) & set(ALL_QUOTES)


NAMES: st.SearchStrategy[str] = TEXTS.map(lambda text: " ".join(text.split())).filter(is_name)
DAYS = st.dates().map(str)
VALUES = {
    **{key: NAMES.filter(lambda name: name[0] not in "#@ \u3000") for key in KEYS},
    **{key: st.sampled_from(values) for key, values in CHOICES.items()},
    **{key: DAYS | DAYS.map(lambda day: day[:7]) for key in DATES},
    "year": DAYS.map(lambda day: day[:4]),
    "min_likes": st.integers(0, 10**6).map(str),
}
FIELDS = st.sampled_from(KEYS).flatmap(
    lambda key: st.lists(VALUES[key], min_size=1, max_size=3).map(lambda v: Field(key, tuple(v)))
)
TERMS = st.builds(Term, FIELDS | NAMES.map(Words), st.booleans())
QUERIES = st.builds(
    Query, st.lists(TERMS, max_size=4).map(tuple), st.none() | st.sampled_from(SORTS)
)


@given(QUERIES)
def test_a_query_prints_as_itself(query: Query) -> None:
    assume(len(str(query)) <= MAX_CHARACTERS)
    assert parse(str(query)) == query


@pytest.mark.parametrize("text", ["tag:@ada", "tag:#ada", 'tag:"#a b"', "#ada", "-tag:@ada,fog"])
def test_a_tag_is_written_so_that_it_means_the_same(text: str) -> None:
    assert parse(str(parse(text))) == parse(text)
