"""Long posts of X: the note completes the record of the tweet, and takes nothing from it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.x_archives import archive, imported, one, posts_of, tweet
from sitegen.model import Post

QUOTED = "https://twitter.com/mira_reed/status/90"


def note(text: str, **core: Any) -> dict[str, Any]:
    return {
        "noteTweet": {
            "noteTweetId": "77",
            "createdAt": "2018-10-10T20:19:24.000Z",
            "core": {"text": text, **core},
        }
    }


def url(short: str, address: str) -> dict[str, str]:
    return {"url": f"https://t.co/{short}", "expanded_url": address}


LONG = "The tide came over the dam in the night, and nobody heard it before the geese did"
CUT = "The tide came over the dam in the night, and… https://t.co/q1"


def test_a_long_post_keeps_its_quote(tmp_path: Path) -> None:
    record = tweet("1", CUT, entities={"urls": [url("q1", QUOTED)]})
    post = one(tmp_path, record, note_tweet=[note(LONG)])
    assert (post.text, post.quote_of, post.links) == (LONG, "90", ())
    assert post.elsewhere[0].author.handle == "mira_reed"


def test_a_quote_that_neither_text_shows_is_kept(tmp_path: Path) -> None:
    record = tweet("1", CUT.partition(" https")[0], entities={"urls": [url("q1", QUOTED)]})
    assert one(tmp_path, record, note_tweet=[note(LONG)]).quote_of == "90"


def test_a_status_within_a_long_text_is_a_link(tmp_path: Path) -> None:
    core = {"urls": [{"shortUrl": "https://t.co/n1", "expandedUrl": QUOTED}]}
    text = "See https://t.co/n1 and what else the geese heard"
    record = tweet("1", "See https://t.co/q1 and…", entities={"urls": [url("q1", QUOTED)]})
    post = one(tmp_path, record, note_tweet=[note(text, **core)])
    assert (post.quote_of, post.links) == (None, (QUOTED,))
    assert post.text == f"See {QUOTED} and what else the geese heard"


def test_a_long_text_that_ends_in_its_quote_is_without_its_address(tmp_path: Path) -> None:
    core = {"urls": [{"shortUrl": "https://t.co/n1", "expandedUrl": QUOTED}]}
    record = tweet("1", CUT, entities={"urls": [url("q1", QUOTED)]})
    post = one(tmp_path, record, note_tweet=[note(f"{LONG} https://t.co/n1", **core)])
    assert (post.text, post.quote_of, post.links) == (LONG, "90", ())


def test_another_status_at_the_end_of_a_long_text_is_a_link(tmp_path: Path) -> None:
    other = "https://x.com/mira_reed/status/91"
    core = {"urls": [{"shortUrl": "https://t.co/n1", "expandedUrl": other}]}
    record = tweet("1", CUT, entities={"urls": [url("q1", QUOTED)]})
    post = one(tmp_path, record, note_tweet=[note(f"{LONG} https://t.co/n1", **core)])
    assert (post.text, post.quote_of, post.links) == (f"{LONG} {other}", "90", (other,))


def test_links_mentions_tags_and_media_of_both_are_there(tmp_path: Path) -> None:
    media = [
        {"url": "https://t.co/m1", "expanded_url": "https://x.com/orla/status/1/photo/1",
         "media_url_https": "https://pbs.example/a.jpg", "type": "photo"},
    ]  # fmt: skip
    record = tweet(
        "1",
        "@mira_reed The #tide came… https://t.co/s1 https://t.co/m1",
        entities={
            "urls": [url("s1", "https://short.example/")],
            "user_mentions": [{"screen_name": "mira_reed", "indices": ["0", "10"]}],
            "hashtags": [{"text": "tide", "indices": ["15", "20"]}],
        },
        extended_entities={"media": media},
        in_reply_to_status_id_str="80",
        favorite_count="4",
        retweet_count="2",
        lang="en",
    )
    core = {
        "urls": [{"shortUrl": "https://t.co/n1", "expandedUrl": "https://long.example/"}],
        "mentions": [{"screenName": "old_goose"}],
        "hashtags": [{"text": "geese"}],
    }
    text = "The #tide came over the dam, see https://t.co/n1, says @old_goose &amp; the #geese"
    post = one(tmp_path, record, note_tweet=[note(text, **core)])
    assert post.text == (
        "@mira_reed The #tide came over the dam, see https://long.example/, says @old_goose & "
        "the #geese"
    )
    assert post.links == ("https://long.example/", "https://short.example/")
    assert post.mentions == ("mira_reed", "old_goose")
    assert post.tags == ("tide", "geese")
    assert [m.origin for m in post.media] == ["https://pbs.example/a.jpg"]
    assert (post.reply_to, post.langs) == ("80", ("en",))
    assert (post.counts.likes, post.counts.reposts) == (4, 2)
    assert [(post.text[f.start : f.end], f.kind, f.value) for f in post.facets] == [
        ("@mira_reed", "mention", "mira_reed"),
        ("#tide", "tag", "tide"),
        ("https://long.example/", "link", "https://long.example/"),
        ("@old_goose", "mention", "old_goose"),
        ("#geese", "tag", "geese"),
    ]


def test_what_is_wrong_in_a_note_costs_no_text(tmp_path: Path) -> None:
    record = tweet("1", CUT, entities={"urls": [url("q1", QUOTED)]})
    core = {"urls": "none", "mentions": [7, {"screenName": "a"}], "hashtags": {"text": "x"}}
    found = imported(archive(tmp_path, tweets=[record], note_tweet=[note(LONG, **core)]))
    post = posts_of(found)["1"]
    assert (post.text, post.quote_of, post.mentions) == (LONG, "90", ("a",))
    assert {o.what: o.count for o in found.oddities if "unreadable" in o.what} == {
        'unreadable "core.urls" left out': 1,
        'unreadable "core.mentions" left out': 1,
        'unreadable "core.hashtags" left out': 1,
    }


def test_a_tweet_does_not_link_to_itself(tmp_path: Path) -> None:
    own = url("me", "https://twitter.com/i/web/status/1")
    post = one(tmp_path, tweet("1", "Long… https://t.co/me", entities={"urls": [own]}))
    assert (post.text, post.links, post.quote_of) == ("Long…", (), None)


LONGER = "All about the tide, in order. " * 12


@pytest.mark.parametrize("wrong", ["tweet", "note", "both"])
def test_a_long_beginning_tells_where_a_time_is_wrong(wrong: str, tmp_path: Path) -> None:
    record, longer = tweet("1", f"{LONGER[:270]}…"), note(LONGER)
    other = tweet("2", "All about…")
    if wrong != "note":
        record["tweet"]["created_at"] = other["tweet"]["created_at"] = 7
    if wrong != "tweet":
        longer["noteTweet"]["createdAt"] = "soon"
    found = posts_of(imported(archive(tmp_path, tweets=[other, record], note_tweet=[longer])))
    assert (found["1"].text, found["2"].text) == (LONGER, "All about…")


# The law

WORDS = st.lists(st.sampled_from(["geese", "tide", "dam", "&amp;", "Ø", "🪶", "#reed"]), max_size=6)
ADDRESSES = ("https://one.example/", "https://two.example/", QUOTED, "https://x.com/a/status/5",
             "https://twitter.com/i/web/status/1")  # fmt: skip
URLS = st.lists(
    st.tuples(st.sampled_from(["u1", "u2", "u3"]), st.sampled_from(ADDRESSES)),
    max_size=3,
    unique_by=lambda pair: pair[0],
)
NAMES = st.lists(st.sampled_from(["mira", "old_goose", "orla"]), max_size=2, unique=True)
TAGS = st.lists(st.sampled_from(["reed", "mud"]), max_size=2, unique=True)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a tweet that is cut, and the note that it is the beginning of."""
    begin = " ".join(["Begin", *draw(WORDS)])
    urls, names, tags = draw(URLS), draw(NAMES), draw(TAGS)
    tail = "".join(f" https://t.co/{short}" for short, _ in urls if draw(st.booleans()))
    media = [{"url": "https://t.co/m9", "media_url": "https://pbs.example/a.jpg"}]
    more = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "in_reply_to_status_id_str": st.just("80"),
                "favorite_count": st.sampled_from(["0", "7"]),
                "retweet_count": st.just("3"),
                "lang": st.sampled_from(["en", "und"]),
                "extended_entities": st.just({"media": media}),
                "possibly_sensitive": st.booleans(),
                "community_id_str": st.just("6"),
            },
        )
    )
    entities = {
        "urls": [url(*pair) for pair in urls],
        "user_mentions": [{"screen_name": name} for name in names],
        "hashtags": [{"text": tag} for tag in tags],
    }
    long_urls = draw(URLS)
    middle = "".join(f" https://t.co/n{short}" for short, _ in long_urls)
    end = draw(st.sampled_from(["", " and on", " #mud", " @mira &lt;3"]))
    core = {
        "urls": [{"shortUrl": f"https://t.co/n{s}", "expandedUrl": a} for s, a in long_urls],
        "mentions": [{"screenName": name} for name in draw(NAMES)],
        "hashtags": [{"text": tag} for tag in draw(TAGS)],
    }
    return tweet("1", f"{begin}…{tail}", entities=entities, **more), note(
        begin + middle + end, **core
    )


def facts_of(post: Post) -> dict[str, Any]:
    names = ("quote_of", "reply_to", "repost_of", "media", "counts", "langs", "created_at", "url",
             "author", "warning", "extra", "visibility", "card", "poll")  # fmt: skip
    return {name: getattr(post, name) for name in names}


@given(pair=pairs())
def test_a_note_takes_nothing_from_its_tweet(
    pair: tuple[dict[str, Any], dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    record, longer = pair
    short = one(tmp_path_factory.mktemp("x"), record)
    whole = one(tmp_path_factory.mktemp("x"), record, note_tweet=[longer])
    assert whole.text != short.text
    facts, known = facts_of(whole), facts_of(short)
    if short.quote_of is None:
        assert facts.pop("quote_of") is None or whole.elsewhere
        del known["quote_of"]
    assert facts == known
    gone = {e.url for e in whole.elsewhere}  # a link may turn out to be the quote
    assert set(short.links) <= set(whole.links) | gone
    assert set(short.mentions) <= set(whole.mentions)
    assert set(short.tags) <= set(whole.tags)
    assert {e.id for e in short.elsewhere} <= {e.id for e in whole.elsewhere}
    assert all(0 <= f.start < f.end <= len(whole.text) for f in whole.facets)
