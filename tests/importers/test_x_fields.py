"""One wrong field of an X archive costs that field, and is counted; old and new shapes agree."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from laws import long_law

from importers.x_archives import archive, imported, posts_of, tweet
from sitegen.model import Card, Post
from sitegen.sources import Imported

FULL = tweet(
    "5",
    "@mira_reed Ducks https://t.co/a1 and #reed https://t.co/m1",
    entities={
        "urls": [
            {"url": "https://t.co/a1", "expanded_url": "https://one.example/", "indices": ["17", "32"]},
        ],
        "user_mentions": [
            {"screen_name": "mira_reed", "name": "Mira", "id_str": "8", "indices": ["0", "10"]}
        ],
        "hashtags": [{"text": "reed", "indices": ["37", "42"]}],
    },
    extended_entities={
        "media": [
            {
                "type": "video",
                "url": "https://t.co/m1",
                "expanded_url": "https://x.com/orla/status/5/video/1",
                "media_url_https": "https://pbs.example/a.jpg",
                "ext_alt_text": "Ducks",
                "indices": ["43", "58"],
                "video_info": {
                    "variants": [
                        {"url": "https://v.example/a.mp4", "content_type": "video/mp4", "bitrate": "9"}
                    ]
                },
            },
            {"type": "photo", "media_url_https": "https://pbs.example/b.jpg"},
        ]
    },
    lang="en",
    source="Reed",
    in_reply_to_status_id_str="4",
    in_reply_to_user_id_str="8",
    in_reply_to_screen_name="mira_reed",
    favorite_count="3",
    retweet_count="2",
    possibly_sensitive=False,
    community_id_str="6",
    edit_info={"edit": {"initialTweetId": "5", "editControlInitial": {"editTweetIds": ["5"]}}},
    retweeted_status=None,
    quoted_status_id_str=None,
    extended_tweet=None,
    user=None,
    card={"name": "summary", "binding_values": {"title": {"string_value": "Ducks"}}},
    coordinates=None,
    geo=None,
    place=None,
)  # fmt: skip
ACCOUNT = [{"account": {"username": "orla", "accountId": "7"}}]
# What the post is without the field; of all else in it nothing may change.
COSTS: dict[str, set[str]] = {
    "created_at": {"created_at"},
    "lang": {"langs"},
    "source": {"extra"},
    "entities": {"text", "facets", "links", "mentions", "tags", "elsewhere"},
    "extended_entities": {"media", "text", "facets"},
    "in_reply_to_status_id_str": {"reply_to", "elsewhere"},
    "in_reply_to_user_id_str": {"elsewhere"},
    "in_reply_to_screen_name": {"elsewhere"},
    "favorite_count": {"counts"},
    "retweet_count": {"counts"},
    "possibly_sensitive": {"sensitive"},
    "community_id_str": {"extra"},
    "edit_info": {"edited_at"},
    "retweeted_status": set(),
    "quoted_status_id_str": {"quote_of", "elsewhere"},
    "extended_tweet": set(),
    "user": set(),
    "card": {"card", "poll"},
    "coordinates": set(),
    "geo": set(),
    "place": set(),
}
FREE = {"coordinates", "geo", "place"}  # any value is as good: they are left out
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=5)
    | st.sampled_from(["1", "-1", "1,234", "1e999", "null", "https://t.co/a"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip
SCALARS = JSON.filter(lambda v: not isinstance(v, dict))


def read(path: Path, record: dict[str, Any]) -> tuple[Imported, Post]:
    found = imported(archive(path, tweets=[record], account=ACCOUNT, protected_history=[]))
    return found, posts_of(found)["5"]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Post:
    return read(tmp_path_factory.mktemp("x"), FULL)[1]


@long_law
@pytest.mark.parametrize("field", COSTS)
@given(value=SCALARS)
def test_a_wrong_field_costs_that_field_only(
    field: str, value: Any, whole: Post, tmp_path_factory: pytest.TempPathFactory
) -> None:
    record = copy.deepcopy(FULL)
    record["tweet"][field] = value
    _, post = read(tmp_path_factory.mktemp("x"), record)
    differing = {n for n in Post.__struct_fields__ if getattr(post, n) != getattr(whole, n)}
    assert differing <= COSTS[field]


WRONG = {
    "created_at": 7, "lang": [], "source": {}, "entities": "none", "extended_entities": [1],
    "in_reply_to_status_id_str": 1.5, "in_reply_to_user_id_str": {}, "in_reply_to_screen_name": 7,
    "favorite_count": "1,234", "retweet_count": {"n": 1}, "possibly_sensitive": "perhaps",
    "community_id_str": [], "edit_info": "no", "retweeted_status": "no", "card": "summary",
    "quoted_status_id_str": {}, "extended_tweet": "x", "user": "orla",
}  # fmt: skip


@pytest.mark.parametrize("field", WRONG)
def test_a_wrong_field_is_counted(field: str, tmp_path: Path) -> None:
    record = copy.deepcopy(FULL)
    record["tweet"][field] = WRONG[field]
    found, _ = read(tmp_path, record)
    assert f'unreadable "{field}" left out' in [oddity.what for oddity in found.oddities]


@pytest.mark.parametrize("number", ["-1", -7, 10**17, "99999999999999999999"])
def test_a_number_that_counts_nothing_is_counted(number: Any, tmp_path: Path) -> None:
    record = copy.deepcopy(FULL)
    record["tweet"]["favorite_count"] = number
    found, post = read(tmp_path, record)
    assert (post.counts.likes, post.counts.reposts) == (None, 2)
    assert 'unreadable "favorite_count" left out' in [oddity.what for oddity in found.oddities]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Go through all places of a value, but the whole."""
    items = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, inner in items:
        yield (*path, key)
        yield from places(inner, (*path, key))


INNER = [
    (name, *path)
    for name in ("entities", "extended_entities", "edit_info", "card")
    for path in places(FULL["tweet"][name])
]


@given(place=st.sampled_from(INNER), value=SCALARS)
@example(place=("entities", "urls", 0, "url"), value="")  # not the address of a card without one
def test_what_is_wrong_within_a_field_costs_no_other(
    place: tuple[Any, ...], value: Any, whole: Post, tmp_path_factory: pytest.TempPathFactory
) -> None:
    record = copy.deepcopy(FULL)
    inner = record["tweet"]
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    _, post = read(tmp_path_factory.mktemp("x"), record)
    differing = {n for n in Post.__struct_fields__ if getattr(post, n) != getattr(whole, n)}
    assert differing <= COSTS[place[0]]
    if place[:3] == ("extended_entities", "media", 1):
        assert post.media[0] == whole.media[0]
    if place[:2] == ("entities", "hashtags"):
        assert (post.links, post.mentions) == (whole.links, whole.mentions)


@given(fields=st.dictionaries(st.sampled_from(sorted(COSTS)), JSON, max_size=4))
def test_whatever_the_optional_fields_hold_the_post_is_there(
    fields: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    record = {"tweet": FULL["tweet"] | fields}
    path = archive(tmp_path_factory.mktemp("x"), tweets=[record], account=ACCOUNT)
    found = imported(archive(path, protected_history=[]), None, "followers", "unknown")
    reasons = {e.reason for e in found.exclusions} - {"not a post", "not of this account"}
    assert not reasons


@given(
    value=JSON, name=st.sampled_from(["username", "accountDisplayName", "createdAt", "accountId"])
)
def test_a_wrong_field_of_the_account_costs_that_field_only(
    value: Any, name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    said = {
        "username": "orla",
        "accountDisplayName": "Orla",
        "accountId": "7",
        "createdAt": "2012-01-01T00:00:00Z",
    }
    path = archive(
        tmp_path_factory.mktemp("x"), tweets=[FULL], account=[{"account": said | {name: value}}]
    )
    found = imported(path)
    (profile,) = found.profiles
    assert name == "username" or profile.handle == "orla"
    assert name == "accountDisplayName" or profile.name == "Orla"
    assert name == "accountId" or profile.id == "7"
    assert name == "createdAt" or ("Joined", "2012-01-01") in profile.details


def test_a_value_deeper_than_any_stack_is_accounted_for(tmp_path: Path) -> None:
    deep = "[" * 200_000 + "]" * 200_000
    first, second = '{"id_str": "1", "full_text": "a"}', '{"id_str": "2", "full_text": "b", "geo": '
    (tmp_path / "tweets.js").write_text(f"[{first}, {second}{deep}}}]")
    found = imported(tmp_path / "tweets.js")
    assert set(posts_of(found)) == {"1"}
    assert [exclusion.reason for exclusion in found.exclusions] == ["damaged"]


# Both shapes

MOMENTS = st.integers(1_200_000_000, 1_480_000_000).map(lambda n: datetime.fromtimestamp(n, UTC))
PIECES = st.lists(
    st.sampled_from(["Ducks", "mud & rain", "<3", "a > b", "Ø", "🪶", "#reed", "@mira_reed", "http://t.co/a1"]),
    min_size=1,
    max_size=6,
)  # fmt: skip


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def entities_of(text: str) -> dict[str, list[dict[str, Any]]]:
    """Return what a text holds, at the places where it does."""
    found: dict[str, list[dict[str, Any]]] = {"urls": [], "user_mentions": [], "hashtags": []}
    kinds = {
        "http://t.co/a1": (
            "urls",
            {"url": "http://t.co/a1", "expanded_url": "http://one.example/"},
        ),
        "@mira_reed": (
            "user_mentions",
            {"screen_name": "mira_reed", "id_str": "8", "name": "Mira"},
        ),
        "#reed": ("hashtags", {"text": "reed"}),
    }
    for shown, (kind, entity) in kinds.items():
        at = text.find(shown)
        while at >= 0:
            found[kind].append({**entity, "indices": [at, at + len(shown)]})
            at = text.find(shown, at + len(shown))
    return found


@given(pieces=PIECES, moment=MOMENTS, is_reply=st.booleans(), is_escaped=st.booleans())
def test_posts_are_the_same_from_old_and_new_archives(
    pieces: list[str],
    moment: datetime,
    is_reply: bool,
    is_escaped: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    text = " ".join(pieces)
    reply = {
        "in_reply_to_status_id": 80,
        "in_reply_to_user_id": 8,
        "in_reply_to_screen_name": "mira_reed",
    }
    user = {"screen_name": "orla", "name": "Orla", "id_str": "7", "id": 7, "protected": False}
    old_text = escaped(text) if is_escaped else text
    old = {
        "id": 5, "id_str": "5", "text": old_text, "entities": entities_of(old_text), "source": "web",
        "created_at": moment.strftime("%Y-%m-%d %H:%M:%S +0000"), "geo": {}, "user": user,
    } | (reply if is_reply else {})  # fmt: skip
    new = tweet(
        "5", escaped(text), entities=json.loads(json.dumps(entities_of(escaped(text))), parse_int=str),
        source="web", **({f"{k}_str" if k.endswith("id") else k: str(v) for k, v in reply.items()} if is_reply else {}),
    )  # fmt: skip
    new["tweet"]["created_at"] = moment.strftime("%a %b %d %H:%M:%S +0000 %Y")
    before, after = tmp_path_factory.mktemp("old"), tmp_path_factory.mktemp("new")
    (before / "2012_05.js").write_text(f"Grailbird.data.tweets_2012_05 = {json.dumps([old])}")
    account = [{"account": {"username": "orla", "accountId": "7", "accountDisplayName": "Orla"}}]
    archive(after, tweets=[new], account=account, protected_history=[])
    assert posts_of(imported(before)) == posts_of(imported(after))


def test_a_card_leads_where_the_tweet_says_that_its_short_link_does(tmp_path: Path) -> None:
    record = copy.deepcopy(FULL)
    values = {"title": {"string_value": "Ducks"}, "card_url": {"string_value": "https://t.co/d"}}
    record["tweet"]["card"] = {"name": "summary", "binding_values": values}
    assert read(tmp_path / "unknown", record)[1].card == Card("Ducks", "", "https://t.co/d")
    link = {"url": "https://t.co/d", "expanded_url": "https://ducks.example/pond"}
    record["tweet"]["entities"] = {"urls": [link]}
    assert read(tmp_path / "known", record)[1].card == Card(
        "Ducks", "", "https://ducks.example/pond"
    )
