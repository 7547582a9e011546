"""Which posts a query matches: a table of cases for each key, and what holds for any query."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from laws import long_law
from msgspec.structs import replace
from strategies import TYPED, archives

from sitegen import timestamps
from sitegen.errors import QueryError
from sitegen.model import (
    Author,
    Card,
    Counts,
    Elsewhere,
    Media,
    Poll,
    PollOption,
    Post,
    Thread,
    Version,
)
from sitegen.query.accounts import AccountNames, Statement
from sitegen.query.facts import Clock, ThreadFacts
from sitegen.query.matching import Matcher, compile_hiding, compile_query
from sitegen.query.parser import MAX_TERMS, parse, parse_leniently
from sitegen.query.values import Query

ADA = Author("ada.example", "did:plc:ada", "Ada Brook")
BEN, CEM = Author("ben.example", "did:plc:ben", "Ben Löwe"), Author("cem.example")


def berlin(iso: str | None) -> datetime | None:
    """Return a time in Berlin; one without a zone as it is."""
    when = timestamps.parse(iso)
    return when.astimezone(ZoneInfo("Europe/Berlin")) if when and when.tzinfo else when


def post(identity: str, text: str = "", author: Author = ADA, **fields: object) -> Post:
    return replace(Post(identity, "bluesky", text, author=author), **fields)


POSTS = (
    (post("word", "The fog lifted; Fog-bound boats, naïve gulls."),),
    (post("phrase", "A heavy fog. Bank holiday"),),
    (post("tokyo", "今日は東京都へ行った。京都ではない", langs=("ja",)),),
    (post("emoji", "Well 👍🏽 done ❤️", langs=("en-GB",)),),
    (post("warned", "…", warning="Spiders inside"),),
    (post("alt", media=(Media("image", "media/a.png", "A heron on a pole"),)),),
    (post("silent", media=(Media("video", "media/b.mp4"), Media("audio", None))),),
    (post("card", card=Card("Weir news", "About the sluice", "https://news.weir.example/a")),),
    (post("poll", "Vote", poll=Poll((PollOption("Yes, ferry", 3), PollOption("No"))), langs=("zh_hant",)),),
    (post("tagged", "#Ünder", tags=("Ünder", "Sea Fog")),),
    (post("link", links=("https://www.Deep.example.org/x",), cut_links=("short.example/ab…",)),),
    (post("old", created_at="2019-12-31T23:30:00Z", counts=Counts(likes=9)),),
    (post("floating", created_at="2019-12-31T23:30:00", counts=Counts(likes=10, reposts=99)),),
    (post("day", created_at="2020-02-29", counts=Counts(likes=0)),),
    (post("early", created_at="0912-01-02T03:04:05Z"),),
    (post("root", author=BEN, created_at="2021-05-01T10:00:00Z"), post("answer", reply_to="root", created_at="2021-05-02T10:00:00Z"), post("more", reply_to="answer"), post("more2", author=BEN, reply_to="root")),
    (post("out", reply_to="gone", elsewhere=(Elsewhere("gone", author=CEM),)),),
    (post("repost", repost_of="theirs", counts=Counts(likes=500)),),
    (post("retweet", "RT @ben: Look", network="x", mentions=("ben",), author=Author("ada_x")),),
    (post("quote", quote_of="theirs", visibility="followers"),),
    (post("hello", "Hello", mentions=("cem.example",), author=Author("ben.old", "did:plc:ben")),),
    (post("unsigned", author=Author()),),
    (post("named", author=Author(name="Ada Brook"), network="page"),),
    (post("former", also=(Elsewhere("20190101-ab"), Elsewhere("elsewhere", network="x")), network="mastodon", author=Author("ada@social.example")),),
)  # fmt: skip
ALL = {each.id for posts in POSTS for each in posts}
PEOPLE = {"The Brooks": ("ada.example", "x:ada_x"), "Léa": ("mastodon:ada@social.example",)}


def all_posts() -> AccountNames:
    stated = [Statement(each.network, each.author) for posts in POSTS for each in posts]
    return AccountNames(stated, PEOPLE)


NAMES = all_posts()


def matched(matcher: Matcher, clock: Clock = berlin, names: AccountNames = NAMES) -> set[str]:
    threads = (ThreadFacts(posts, clock) for posts in POSTS)
    return {p.post.id for thread in threads for p in thread if matcher.matches(p, names)}


# Each query with the posts that it matches.
CASES = [
    ("", "*"),
    ("fog", "word phrase"),
    ("FÖG", "word phrase"),
    ("fo", ""),
    ("fo*", "word phrase"),
    ("fogbound", ""),
    ("fog-bound", "word"),
    ('"fog bank"', "phrase"),
    ('"fog ba"', ""),
    ("fog-ba*", "phrase"),
    ("heavy fog", "phrase"),
    ("naive", "word"),
    ("-fog heavy", ""),
    ("東京", "tokyo"),
    ("京都", "tokyo"),
    ("都京", ""),
    ('"行 京"', ""),
    ('"行った 京都"', "tokyo"),
    ("京*", "tokyo"),
    ("👍", "emoji"),
    ("👍🏽", "emoji"),
    ("❤", "emoji"),
    ("spider*", "warned"),
    ("heron", "alt"),
    ("weir", "card"),
    ("sluice", "card"),
    ('"news about"', ""),  # a phrase is within one text
    ("ferry", "poll"),
    ("sea", ""),  # tags are not words
    ("#under", "tagged"),
    ("tag:ünder", "tagged"),
    ('tag:nothing,"sea fog"', "tagged"),
    ("tag:sea", ""),
    ("site:example.org", "link"),
    ("site:deep.example.org", "link"),
    ("site:eep.example.org", ""),
    ("site:https://www.short.example/zz", "link"),
    ("site:weir.example", "card"),
    ("site:EXAMPLE", "link card"),
    ("network:X", "retweet"),
    ("network:x,mastodon", "retweet former"),
    ("lang:en", "emoji"),
    ("lang:e", ""),
    ("lang:en-gb,ja", "emoji tokyo"),
    ("lang:zh", "poll"),
    ("lang:zh-Hant", "poll"),
    ("on:2019", "floating"),
    ("on:2020", "old day"),  # midnight had passed in Berlin
    ("on:2020-01", "old"),
    ("on:2020-01-01", "old"),
    ("year:2019,2020", "floating old day"),
    ("before:2020", "floating early"),
    ("before:2020-01-01", "floating early"),
    ("before:2020-02-29", "floating early old"),
    ("after:2019", "old day root answer"),
    ("after:2019-12-31", "old day root answer"),
    ("after:2020-01", "day root answer"),
    ("since:2020-01-01 before:2021-05-02", "old day root"),
    ("since:2020-02", "day root answer"),
    ("since:0001", "floating early old day root answer"),
    ("year:0912", "early"),
    ("min_likes:0", "old floating day"),
    ("min_likes:10", "floating"),
    ("-min_likes:1 since:2019-01-01", "day root answer"),
    ("is:post", "word phrase tokyo emoji warned alt silent card poll tagged link old floating day early quote hello unsigned named former"),
    ("is:thread", "root more2"),
    ("is:reply", "answer out more"),
    ("is:repost", "repost retweet"),
    ("is:quote", "quote"),
    ("is:quote,repost", "quote repost retweet"),
    ("has:image", "alt"),
    ("has:video,audio", "silent"),
    ("has:link", "link card"),
    ("has:poll", "poll"),
    ("has:warning", "warned"),
    ("has:alt", "alt"),
    ("id:day", "day"),
    ("id:Day", ""),
    ("id:bluesky:day,x:retweet", "day retweet"),
    ("id:20190101-ab", "former"),
    ("id:elsewhere", ""),
    ("visibility:followers", "quote"),
    ("-visibility:public", "quote"),
    ("from:ben.example", "root more2 hello"),
    ("from:@BEN.OLD", "root more2 hello"),
    ("from:did:plc:ben", "root more2 hello"),
    ('from:"ben lowe"', "root more2 hello"),
    ("from:cem.example", ""),
    ("from:ada@social.example", "former"),
    ("from:mastodon:ada@social.example", "former"),
    ("from:bluesky:ada@social.example", ""),
    ('from:Lea', "former"),
    ("from:ada_x", "retweet"),
    ("-from:ada.example", "root more2 retweet hello unsigned named former"),
    ("to:ben", "retweet"),
    ("to:ben.old", "answer"),
    ("to:cem.example", "out hello"),
    ("to:ada.example", ""),
    ("@cem.example", "out hello"),
    ("@ben.example", "root more2 hello answer"),
    ("-@ben.example is:reply", "out more"),
    ("from:ben.example to:cem.example", "hello"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "found"), CASES)
def test_what_a_query_matches(query: str, found: str) -> None:
    wanted = ALL if found == "*" else set(found.split())
    assert matched(compile_query(parse(query))) == wanted


def test_a_person_has_all_accounts_that_are_listed_and_all_who_call_themselves_so() -> None:
    own = matched(compile_query(parse('from:"the brooks"')))
    by_ada = {p.id for posts in POSTS for p in posts if p.author == ADA}
    assert own == by_ada | {"retweet"}
    assert matched(compile_query(parse('from:"Ada Brook"'))) == by_ada | {"named"}


def test_without_a_zone_times_count_on_their_own_clocks() -> None:
    assert matched(compile_query(parse("on:2019-12-31")), timestamps.parse) == {"old", "floating"}


def test_a_thread_and_what_belongs_to_it() -> None:
    thread = (post("1"), post("2", reply_to="1"), post("3", reply_to="2", author=BEN), post("4", reply_to="3"))  # fmt: skip
    kinds = {
        kind: [p.post.id for p in ThreadFacts(thread, berlin)
               if compile_query(parse(f"is:{kind}")).matches_locally(p)]
        for kind in ("post", "thread", "reply")
    }  # fmt: skip
    assert kinds == {"post": [], "thread": ["1", "2"], "reply": ["3", "4"]}


def test_what_a_file_says_of_its_thread_counts() -> None:
    posts = (
        post("1", created_at="2020-01-01", tags=("fog", "off")),
        post("2", reply_to="1", created_at="2020-01-01"),
    )
    tags = ("Weir", "Fog")  # the first is no post's, and "off" was taken out
    facts = ThreadFacts(posts, berlin, date="2015-06-07", tags=tags, title="The mill")
    found = {
        query: [p.post.id for p in facts if compile_hiding(parse(query)).matches_locally(p)]
        for query in ("year:2015", "year:2020", "tag:weir", "#fog", "#off", "weir", "mill")
    }
    assert found == {
        "year:2015": ["1"], "year:2020": ["2"], "tag:weir": ["1", "2"], "#fog": ["1"], "#off": ["1"], "weir": ["1", "2"], "mill": ["1"],
    }  # fmt: skip
    searched = compile_query(parse("#off"))  # only a rule that hides sees what was taken out
    assert not any(map(searched.matches_locally, facts))


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "zebra"}, {"tags": ("zebra",)}, {"mentions": ("zebra.example",)}, {"author": Author("zebra")},
        {"author": Author(name="A Zebra")}, {"links": ("https://a.example/zebra",)}, {"links": ("https://a.example/z%C3%A9bra",)}, {"cut_links": ("a.example/zebra…",)},
        {"card": Card(url="https://zebra.example")}, {"url": "https://a.example/zebra"}, {"history": (Version("zebra"),)},
        {"elsewhere": (Elsewhere("1", author=Author("zebra.example")),)}, {"also": (Elsewhere("1", "https://a.example/zebra"),)},
        {"poll": Poll((PollOption("zebra"),))}, {"warning": "zebra"}, {"media": (Media("image", None, "zebra"),)}, {"media": (Media("image", None, None, "zebra.png"),)},
    ],
)  # fmt: skip
def test_what_hides_looks_for_words_everywhere(fields: dict[str, object]) -> None:
    facts = ThreadFacts((replace(post("1"), **fields),), berlin)
    assert [compile_hiding(parse("zebra")).matches_locally(p) for p in facts] == [True]
    marked = ThreadFacts((post("1"),), berlin, markdown=("[x](https://zebra.example)",))
    assert [compile_hiding(parse("zebra")).matches_locally(p) for p in marked] == [True]


def test_a_handle_that_was_of_two_accounts_means_both_but_does_not_join_them() -> None:
    taken = [Statement("x", Author("kit", "1")), Statement("x", Author("kit", "2")), Statement("x", Author("old", "1"))]  # fmt: skip
    names = AccountNames(taken)
    authors = [
        Author("kit", "1"),
        Author("kit", "2"),
        Author("kit"),
        Author("old"),
        Author("old", "1"),
    ]
    means = {
        name: [names.is_meant(name, "x", author) for author in authors] for name in ("kit", "old")
    }
    assert means == {"kit": [True] * 5, "old": [True, False, False, True, True]}
    assert not names.is_meant("old", "bluesky", Author("kit", "1"))


def test_a_topic_is_meant_by_any_of_its_names_and_hides_nothing() -> None:
    posts = [Post("1", "x", "fog"), Post("2", "x", "tide")]
    named = {"1": frozenset(("fog and mist", "weather")), "2": frozenset[str]()}
    thread = ThreadFacts(posts, timestamps.parse, topics_of=lambda each: named[each.post.id])
    for query in ("topic:weather", 'topic:"Fog  and Mist"', "topic:tide,Weather"):
        matcher = compile_query(parse(query))
        assert [each.post.id for each in thread if matcher.matches_locally(each)] == ["1"]
    with pytest.raises(QueryError) as error:
        compile_hiding(parse("fog topic:weather"))
    assert str(error.value) == "error: topics change with the posts, at character 5. hint: name the words or tags of the topic."  # fmt: skip


# Laws, for any threads and any query.

PARTS = st.sampled_from(
    ["fog", "a", "é", '"a b"', "東京", "ab*", "#ai", "@ada.example", "from:ada.example", "to:bo@social.example",
     "site:example.org", "network:bluesky", "lang:en", "is:post,quote", "is:reply", "has:image", "has:link,alt",
     "on:2019", "before:2000-01", "after:1999", "since:2010-05-05", "min_likes:1", "id:aaaa", "visibility:public"]
)  # fmt: skip
QUERIES = st.one_of(
    st.lists(st.builds(str.__add__, st.sampled_from(["", "-"]), PARTS), max_size=4).map(" ".join),
    TYPED,
).map(lambda text: parse_leniently(text).query)


def found_in(threads: tuple[Thread, ...], query: Query) -> Iterator[tuple[str, str]]:
    """Yield network and id of the posts that a query matches."""
    names = AccountNames([Statement(p.network, p.author) for t in threads for p in t.posts])
    matcher = compile_query(query)
    for thread in threads:
        for facts in ThreadFacts(thread.posts, timestamps.parse):
            if matcher.matches(facts, names):
                yield facts.post.network, facts.post.id


@long_law
@given(archives(), QUERIES, QUERIES)
def test_terms_select_negate_and_commute(
    threads: tuple[Thread, ...], one: Query, other: Query
) -> None:
    terms = (*one.terms, *other.terms)
    assume(terms and len(terms) <= MAX_TERMS)
    assume(not any(str(term.condition).startswith("topic") for term in terms))
    everything = set(found_in(threads, Query()))
    assert len(everything) == sum(len(thread.posts) for thread in threads)
    by_term = []
    for term in terms:
        affirmed, denied = (
            set(found_in(threads, parse(f"{sign}{term.condition}"))) for sign in ("", "-")
        )
        assert affirmed ^ denied == everything
        by_term.append(denied if term.is_negated else affirmed)
    assert set(found_in(threads, Query(terms))) == everything.intersection(*by_term)
    shuffled = random.Random(1).sample(terms, len(terms))
    assert [*found_in(threads, Query(tuple(shuffled)))] == [*found_in(threads, Query(terms))]
